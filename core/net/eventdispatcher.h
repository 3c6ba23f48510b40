// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

QT_BEGIN_NAMESPACE
class QThread;
QT_END_NAMESPACE

namespace sami::net {

/// Gives a thread that has not started the platform's best event dispatcher: EpollDispatcher on
/// Linux, Qt's own elsewhere.
void installEventDispatcher(QThread &thread);

/// Says that this descriptor's notifiers are disabled and the descriptor is closed next, both
/// before this thread's event loop goes on, and that no other descriptor is a duplicate of it: the
/// kernel then forgets it at the close, and does not have to be told.
void expectClose(int descriptor);

/// Whether the kernel has reported neither a hang-up nor an error of this descriptor. Known only
/// inside the slot of one of its notifiers, and of EpollDispatcher; otherwise false.
[[nodiscard]] bool isReportedSound(int descriptor);

} // namespace sami::net
