// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace sami::daemon {

/// Turns the process's signals into Qt signals: the handler only writes an octet to a socket pair,
/// the rest happens in the event loop. One instance, in the main thread.
class SignalWatcher : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SignalWatcher)

public:
    explicit SignalWatcher(QObject *parent = nullptr);
    ~SignalWatcher() override;

Q_SIGNALS:
    void terminateRequested(); ///< SIGTERM, SIGINT; the console's Ctrl+C
    void reloadRequested();    ///< SIGHUP

private:
    void handleOctet();

    QSocketNotifier *m_notifier = nullptr;
};

} // namespace sami::daemon
