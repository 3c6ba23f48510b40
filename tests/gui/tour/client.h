// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "desk.h"

#include <QProcess>

namespace sami::test {

/// A program that connects through the proxy. Waiting lets events run.
class Client
{
    Q_DISABLE_COPY_MOVE(Client)

public:
    Client(const QString &program, const QStringList &arguments)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(program, arguments);
    }

    [[nodiscard]] QByteArray output() { return m_process.peek(m_process.bytesAvailable()); }
    [[nodiscard]] bool ends()
    {
        return waitFor([this] { return m_process.state() == QProcess::NotRunning; });
    }
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    /// Whether it ends with success.
    [[nodiscard]] bool succeeds() { return ends() && m_process.exitCode() == 0; }
    /// Whether more of the stream arrives now.
    [[nodiscard]] bool hears()
    {
        const qsizetype before = output().size();
        return waitFor([&] { return output().size() > before + 100; });
    }

private:
    QProcess m_process;
};

} // namespace sami::test
