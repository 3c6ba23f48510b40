// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/addressbits.h"

#include <QHostAddress>
#include <QVarLengthArray>

namespace sami::policy {

/// Where a connection to one address may end: at itself, and at the IPv4 addresses that some
/// translator or tunnel on the way would unpack from it.
using Meanings = QVarLengthArray<AddressBits, 4>;

[[nodiscard]] Meanings meaningsOf(const QHostAddress &address);

/// Whether that address is special by itself: one that no server of the public internet has.
[[nodiscard]] bool isSpecialItself(const AddressBits &address);
/// Whether every address of the range is.
[[nodiscard]] bool isSpecialThroughout(const AddressBlock &range);
/// Whether it is one that Clash, sing-box, Xray and their like make up for a name whose connections
/// they are to carry ("fake-IP"): in 198.18.0.0/15 or fc00::/18, their defaults. All of that is
/// special.
[[nodiscard]] bool isFakeAddress(const QHostAddress &address);

/// Whether an address, or what it would be unpacked to, is special. No address at all is.
[[nodiscard]] bool isSpecial(const QHostAddress &address);

} // namespace sami::policy
