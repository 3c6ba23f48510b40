// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/systemlimits.h"

#include <QThread>

#include <algorithm>
#include <windows.h>

namespace sami {

qint64 raiseDescriptorLimit()
{
    return 1 << 30; // sockets are kernel handles, limited by memory alone
}

bool lacksDescriptors()
{
    return false;
}

qint64 memoryLimit()
{
    MEMORYSTATUSEX status {};
    status.dwLength = sizeof status;
    return GlobalMemoryStatusEx(&status) ? static_cast<qint64>(status.ullTotalPhys)
                                         : qint64(1) << 30;
}

void limitHeapsInTightSpace(int) {}

void releaseFreedMemory() {}

void releaseUnusedCode() {}

int usableCores()
{
    return std::max(1, QThread::idealThreadCount());
}

} // namespace sami
