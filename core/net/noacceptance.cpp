// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Where TLS is Qt's there is none at the door: QSslSocket owns its descriptor and has no
// half-close.
#include "net/tlsacceptance.h"

namespace sami::net {

std::unique_ptr<TlsAcceptance> makeTlsAcceptance(const TlsContext &, ByteStream &)
{
    return nullptr;
}

bool canAcceptTls()
{
    return false;
}

} // namespace sami::net
