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
/// Whether an address, or what it would be unpacked to, is special. No address at all is.
[[nodiscard]] bool isSpecial(const QHostAddress &address);

} // namespace sami::policy
