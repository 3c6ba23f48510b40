// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/reason.h"
#include "base/logging.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QTest>

#include <chrono>
#include <memory>
#include <mutex>

/// What the tests of the accounts and of the server compare and read with.
namespace rig {

/// An enum's word, for comparisons. Qt Test would take our toString() for one of its own, whose
/// results it frees, and would crash on the first difference instead of reporting it.
template <typename Enum> QByteArray name(Enum value)
{
    return toString(value);
}

inline QByteArray code(const sami::account::Reason &reason)
{
    return reason.code();
}

/// Captures the process's log at debug level while it lives.
class Log
{
    Q_DISABLE_COPY_MOVE(Log)

public:
    explicit Log(sami::LogFormat format = sami::LogFormat::Json)
    {
        m_writer->setFormat(format);
        sami::logging::setLevel(sami::LogLevel::Debug);
        sami::logging::install(m_writer.get());
    }
    ~Log()
    {
        sami::logging::install(nullptr);
        sami::logging::setLevel(sami::LogLevel::Info);
    }

    /// All lines logged so far, without line endings.
    [[nodiscard]] QList<QByteArray> lines()
    {
        if (!m_writer->flush(std::chrono::seconds(30)))
            qFatal("the log is stuck");
        const std::lock_guard lock(m_mutex);
        QList<QByteArray> lines = m_octets.split('\n');
        lines.removeLast();
        return lines;
    }
    [[nodiscard]] QList<QJsonObject> objects()
    {
        QList<QJsonObject> objects;
        for (const QByteArray &line : lines())
            objects.append(QJsonDocument::fromJson(line).object());
        return objects;
    }

private:
    std::mutex m_mutex;
    QByteArray m_octets;
    /// Must be destroyed before the members that its thread writes to.
    std::unique_ptr<sami::LogWriter> m_writer =
        std::make_unique<sami::LogWriter>([this](const QByteArray &lines) {
            const std::lock_guard lock(m_mutex);
            m_octets += lines;
            return lines.size();
        });
};

} // namespace rig
