// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

/// Typical input of an LLM proxy's parsers, in size and shape.
namespace sami::bench::samples {

/// An SDK's chat request through forwarding.
[[nodiscard]] QByteArray requestHead();
/// A provider's response through a content delivery network.
[[nodiscard]] QByteArray responseHead();
/// A chunked body: this many chunks of this size.
[[nodiscard]] QByteArray chunkedBody(int chunks, int size);

} // namespace sami::bench::samples
