// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/ownnetworks.h"

namespace sami::policy {

OwnNetworks::OwnNetworks(const QList<InterfaceAddress> &interfaces)
{
    for (const InterfaceAddress &entry : interfaces) {
        const AddressBits bits = AddressBits::of(entry.address);
        if (!m_addresses.contains(bits))
            m_addresses.append(bits);
    }
}

bool OwnNetworks::hasAddress(const AddressBits &address) const
{
    return m_addresses.contains(address);
}

} // namespace sami::policy
