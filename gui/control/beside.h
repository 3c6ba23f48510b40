// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include <utility>

namespace sami::gui {

/// One thread for work that waits for a disk or hashes, which ends when it has nothing to do. One
/// order after the other, whoever gives them. Left behind at the end of the program, which a disk
/// that hangs is not to hold up.
[[nodiscard]] QThreadPool &threadBeside();

/// Runs `work` there, and `tell` with what it gives in the main thread while `owner` lives. Main
/// thread; the answer comes from the event loop.
template <typename Work, typename Tell> void runInBackground(QObject *owner, Work work, Tell tell)
{
    const QPointer<QObject> alive(owner);
    threadBeside().start([alive, work = std::move(work), tell = std::move(tell)] {
        auto result = work();
        if (QCoreApplication *application = QCoreApplication::instance())
            QMetaObject::invokeMethod(
                application,
                [alive, tell, result = std::move(result)] {
                    if (alive)
                        tell(result);
                },
                Qt::QueuedConnection);
    });
}

} // namespace sami::gui
