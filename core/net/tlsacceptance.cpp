// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsacceptance.h"

namespace sami::net {

const char *toString(TlsAcceptFault fault)
{
    switch (fault) {
    case TlsAcceptFault::Untrusted:
        return "tls_untrusted";
    case TlsAcceptFault::Version:
        return "tls_version";
    case TlsAcceptFault::Cipher:
        return "tls_cipher";
    case TlsAcceptFault::Protocol:
        return "tls_alpn";
    case TlsAcceptFault::NotTls:
        return "tls_malformed";
    case TlsAcceptFault::Alert:
        return "tls_alert";
    case TlsAcceptFault::Cut:
        return "tls_cut";
    case TlsAcceptFault::Other:
        return "tls_handshake";
    }
    return "unknown";
}

TlsAcceptance::~TlsAcceptance() = default;

} // namespace sami::net
