// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/addressbits.h"

#include <QHostAddress>
#include <QVarLengthArray>

namespace sami::policy {

/// The addresses where a connection to one address may end: the address itself, and each IPv4
/// address that a translator or tunnel on the way may extract from it.
using ReachableAddresses = QVarLengthArray<AddressBits, 4>;

[[nodiscard]] ReachableAddresses addressesReachedBy(const QHostAddress &address);

/// Whether that address itself is special: no server of the public internet has it.
[[nodiscard]] bool isSpecialItself(const AddressBits &address);
/// Whether every address of the range is special.
[[nodiscard]] bool isSpecialThroughout(const AddressBlock &range);
/// Whether it is an address that Clash, sing-box, Xray and the like make up for a name they tunnel
/// ("fake-IP"): 198.18.0.0/15 or fc00::/18, their defaults. All of these are special.
[[nodiscard]] bool isFakeAddress(const QHostAddress &address);

/// Whether an address, or one that is extracted from it, is special. A null address counts as
/// special.
[[nodiscard]] bool isSpecial(const QHostAddress &address);

} // namespace sami::policy
