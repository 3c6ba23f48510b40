// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDeadlineTimer>
#include <QLocalServer>
#include <QLockFile>
#include <QObject>
#include <QString>

#include <chrono>

namespace sami::gui {

/// Ensures that one settings file has one running copy of the program, and receives messages from
/// copies started later. A lock decides which is first; the socket, open to this user only, carries
/// the messages. Main thread.
class SingleInstance : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::seconds answerLimit { 5 };
    /// How long to wait beyond the time that the first copy gives its streams.
    static constexpr std::chrono::seconds quitLimit { 15 };

    explicit SingleInstance(const QString &settingsPath, QObject *parent = nullptr);

    /// Becomes the first copy; returns false if another one runs. Removes the socket that a crash
    /// left behind.
    [[nodiscard]] bool acquire();

    enum class Answer {
        Done,
        Gone,   ///< there is no first copy any more: acquire() makes this one the first
        Silent, ///< it did not answer in time
    };
    /// Asks the first copy to come to the front. `activationToken` is the desktop's permission for
    /// that (Wayland, X11 startup id). `link` is the link of a server that it should show; empty
    /// for none. Only this user can read the socket.
    [[nodiscard]] Answer raiseFirst(const QByteArray &activationToken, const QString &link = {},
                                    std::chrono::milliseconds limit = answerLimit);

    /// Asks the first copy to end without asking its user, and waits until it has gone. Returns
    /// false if it is still there at the time limit; true at once if none runs, or if it has died.
    [[nodiscard]] bool quitFirst(std::chrono::milliseconds limit = quitLimit);

Q_SIGNALS:
    void raiseRequested(const QByteArray &activationToken);
    /// A later copy was given a link. Follows raiseRequested().
    void linkOffered(const QString &link);
    void quitRequested();

private:
    void handleConnection();
    [[nodiscard]] Answer tell(const QByteArray &line, QDeadlineTimer deadline);
    [[nodiscard]] bool isGone();

    QString m_serverName;
    QLockFile m_lock;
    QLocalServer m_server;
};

} // namespace sami::gui
