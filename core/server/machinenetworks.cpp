// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/machinenetworks.h"

#include "base/logging.h"

#include <utility>

namespace sami::server {

using namespace Qt::StringLiterals;

namespace {

constexpr char unit[] = "server.machinenetworks";

} // namespace

MachineNetworks::MachineNetworks(Reader reader) : m_reader(std::move(reader)) {}

Result<void, QString> MachineNetworks::read()
{
    const auto interfaces = m_reader();
    if (!interfaces) {
        return Unexpected(u"cannot read this machine's own addresses, which nobody may reach "
                          "through the proxy: %1. It takes a free descriptor, and on Linux the "
                          "right to open a netlink socket"_s.arg(interfaces.error()));
    }
    take(*interfaces);
    return {};
}

bool MachineNetworks::refresh()
{
    const auto interfaces = m_reader();
    if (!interfaces) {
        if (!std::exchange(m_isOutdated, true)) {
            logError(unit,
                     "cannot read this machine's own addresses: those known so far stay refused",
                     { { "reason", interfaces.error().toUtf8() } });
        }
        return false;
    }
    if (std::exchange(m_isOutdated, false))
        logInfo(unit, "this machine's own addresses can be read again");
    return take(*interfaces);
}

bool MachineNetworks::take(const QList<InterfaceAddress> &interfaces)
{
    policy::OwnNetworks next(interfaces);
    if (next == m_current)
        return false;
    const QList<policy::OpenNetwork> told = m_current.openNetworks();
    m_current = std::move(next);
    for (const policy::OpenNetwork &open : m_current.openNetworks()) {
        if (told.contains(open))
            continue;
        logInfo(unit,
                "hosts of this network may be reached through the proxy: it is too wide to be this "
                "machine's own, or a point-to-point link",
                { { "network", open.network.toByteArray() }, { "device", open.device } });
    }
    return true;
}

} // namespace sami::server
