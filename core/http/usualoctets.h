// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

/// These octets as an array: one that all heads share and that takes nothing of the heap where they
/// are usual in heads (a field's name, a method, "keep-alive"), otherwise a copy. Octet for octet
/// in either case: "accept" and "Accept" are two. Thread-safe.
///
/// A name costs more to allocate and to free than to read, and nearly every name is one of these.
[[nodiscard]] QByteArray octetsOf(QByteArrayView octets);

} // namespace sami::http
