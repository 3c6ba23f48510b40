// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// With Qt's TLS, clients cannot speak TLS to the proxy: QSslSocket owns its descriptor and cannot
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
