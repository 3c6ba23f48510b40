// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

QT_BEGIN_NAMESPACE
class QThread;
QT_END_NAMESPACE

namespace sami::net {

/// Gives a thread that has not started yet the platform's best event dispatcher: EpollDispatcher on
/// Linux, Qt's own elsewhere.
void installEventDispatcher(QThread &thread);

} // namespace sami::net
