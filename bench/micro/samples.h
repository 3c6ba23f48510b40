// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

/// What the parsers of an LLM proxy meet all day, in size and shape.
namespace sami::bench::samples {

/// A chat request of an SDK through forwarding.
[[nodiscard]] QByteArray requestHead();
/// What a provider behind a content delivery network answers.
[[nodiscard]] QByteArray responseHead();
/// A chunked body: this many chunks of this size.
[[nodiscard]] QByteArray chunkedBody(int chunks, int size);

} // namespace sami::bench::samples
