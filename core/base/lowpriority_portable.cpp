// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/lowpriority.h"

#include <QThread>

namespace sami {

void lowerOwnPriority(LowPriority priority)
{
    QThread::currentThread()->setPriority(priority == LowPriority::Lowest ? QThread::LowestPriority
                                                                          : QThread::LowPriority);
}

} // namespace sami
