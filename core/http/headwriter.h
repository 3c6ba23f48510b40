// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headerlist.h"
#include "http/messagehead.h"

#include <QByteArray>
#include <QByteArrayView>

/// Writes messages and chunks as octets. Everything is appended to `out`, so that a head and its
/// first data leave in one write.
namespace sami::http {

void writeRequestHead(QByteArray &out, const RequestHead &head);
void writeResponseHead(QByteArray &out, const ResponseHead &head);

/// One chunk with its framing. Writes nothing for empty data, which would end the body.
void writeChunk(QByteArray &out, QByteArrayView data);
/// The last chunk and the trailer section.
void writeLastChunk(QByteArray &out, const HeaderList &trailers);

/// IMF-fixdate of a Unix time (RFC 9110 §5.6.7), for Date.
[[nodiscard]] QByteArray imfDate(qint64 secondsSinceEpoch);

} // namespace sami::http
