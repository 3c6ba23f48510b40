// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

/// These octets as an array. Octets that are usual in heads (a field's name, a method,
/// "keep-alive") share one array and take no heap; others are copied. Exact either way: "accept"
/// and "Accept" are two arrays. Thread-safe.
///
/// Allocating and freeing a name costs more than reading it, and nearly every name is a usual one.
[[nodiscard]] QByteArray octetsOf(QByteArrayView octets);

} // namespace sami::http
