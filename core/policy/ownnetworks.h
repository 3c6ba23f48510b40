// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "policy/addressbits.h"

#include <QList>

namespace sami::policy {

/// This machine's addresses, as the address rules ask for them. A value, made once for each change
/// of an interface.
class OwnNetworks
{
public:
    OwnNetworks() = default;
    explicit OwnNetworks(const QList<InterfaceAddress> &interfaces);

    [[nodiscard]] bool hasAddress(const AddressBits &address) const;

    friend bool operator==(const OwnNetworks &, const OwnNetworks &) = default;

private:
    QList<AddressBits> m_addresses;
};

} // namespace sami::policy
