// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "desk.h"

#include <QProcess>

namespace sami::test {

/// A program that goes its way through the proxy. Waiting lets events run.
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
    /// Ends, and was content.
    [[nodiscard]] bool succeeds() { return ends() && m_process.exitCode() == 0; }
    /// Some of the stream comes, now.
    [[nodiscard]] bool hears()
    {
        const qsizetype before = output().size();
        return waitFor([&] { return output().size() > before + 100; });
    }

private:
    QProcess m_process;
};

} // namespace sami::test
