// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

namespace sami::gui {

/// The system's termination signals, SIGTERM, SIGINT and SIGHUP, delivered in the event loop. A
/// signal that was ignored at the start (nohup, a shell's background) stays ignored. Windows has
/// none of them for a program without a console. One instance, main thread.
class TerminationSignals : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TerminationSignals)

public:
    explicit TerminationSignals(QObject *parent = nullptr);
    ~TerminationSignals() override;

Q_SIGNALS:
    /// Once for each signal.
    void requested();
};

} // namespace sami::gui
