// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/later.h"

#include <QThread>

#include <utility>

namespace sami::net {

namespace {

thread_local Leaving *collecting = nullptr; ///< takes what is released in this turn
thread_local bool isFreeing = false;

} // namespace

void Leaving::add(Guest guest)
{
    if (isFreeing) {
        guest.free(guest.object);
        return;
    }
    // One Leaving per loop level: the next nested loop frees what an earlier one of that level has
    // left, and must not free a guest whose call is still on the stack of the outer loop.
    const int loopLevel = QThread::currentThread()->loopLevel();
    if (!collecting || collecting->m_loopLevel != loopLevel) {
        collecting = new Leaving(loopLevel);
        collecting->deleteLater();
    }
    collecting->m_guests.append(guest);
}

Leaving::~Leaving()
{
    if (collecting == this)
        collecting = nullptr;
    const bool before = std::exchange(isFreeing, true);
    for (const Guest &guest : m_guests)
        guest.free(guest.object);
    isFreeing = before;
}

} // namespace sami::net
