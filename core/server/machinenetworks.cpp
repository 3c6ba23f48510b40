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

MachineNetworks::MachineNetworks(Reader reader, SurroundingsReader surroundingsReader)
    : m_reader(std::move(reader)), m_surroundingsReader(std::move(surroundingsReader))
{}

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

bool MachineNetworks::takeSurroundings(const QList<InterfaceAddress> &interfaces)
{
    // If the gateways cannot be read now, the last ones stay.
    if (auto surroundings = m_surroundingsReader())
        m_surroundings = std::move(surroundings).value();
    policy::PrivateClients next(interfaces, m_surroundings);
    if (next == m_privateClients)
        return false;
    m_privateClients = std::move(next);
    return true;
}

bool MachineNetworks::take(const QList<InterfaceAddress> &interfaces)
{
    const bool clientsChanged = takeSurroundings(interfaces);
    policy::OwnNetworks next(interfaces);
    if (next == m_current)
        return clientsChanged;
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
