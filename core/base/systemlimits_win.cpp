// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/systemlimits.h"

#include <QThread>

#include <algorithm>

namespace sami {

qint64 raiseDescriptorLimit()
{
    return 1 << 30; // sockets are kernel handles, bounded by memory alone
}

int usableCores()
{
    return std::max(1, QThread::idealThreadCount());
}

} // namespace sami
