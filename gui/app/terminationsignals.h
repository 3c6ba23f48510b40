// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

namespace sami::gui {

/// The system's orders to end: SIGTERM, SIGINT and SIGHUP, told in the event loop. One that was
/// ignored from outside (nohup, a shell's background) stays ignored. Windows has no such orders
/// for a program without a console. One instance, main thread.
class TerminationSignals : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TerminationSignals)

public:
    explicit TerminationSignals(QObject *parent = nullptr);
    ~TerminationSignals() override;

Q_SIGNALS:
    /// Once for each order.
    void requested();
};

} // namespace sami::gui
