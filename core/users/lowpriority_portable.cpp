// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/lowpriority.h"

#include <QThread>

namespace sami::users {

void lowerOwnPriority()
{
    QThread::currentThread()->setPriority(QThread::LowestPriority);
}

} // namespace sami::users
