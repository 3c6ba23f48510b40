// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include <utility>

namespace sami::gui {

/// A single thread for work that waits for a disk or computes hashes. All owners share it, and it
/// runs one piece of work at a time. Without work the thread ends. It is never joined: a disk that
/// hangs must not hold up the end of the program.
[[nodiscard]] QThreadPool &threadBeside();

/// Runs `work` in threadBeside(), then passes its result to `tell` in the main thread, unless
/// `owner` is gone by then. Call it in the main thread; `tell` runs from the event loop.
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
