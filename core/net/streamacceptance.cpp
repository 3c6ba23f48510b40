// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The server side of a handshake with OpenSSL; yields a TlsStream.
#include "net/tlsacceptance.h"
#include "net/tlscontext.h"
#include "net/tlsstream.h"

#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/tls1.h>
#include <utility>

namespace sami::net {

namespace {

/// RFC 8446 §6: the alerts by which a client rejects our certificate.
bool isAboutTrust(int alert)
{
    switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
        return true;
    default:
        return false;
    }
}

TlsAcceptFault faultOf(int reason)
{
    // OpenSSL's reason for a peer's alert is the alert's number plus this offset.
    const int alert = reason - SSL_AD_REASON_OFFSET;
    if (alert >= 0 && alert <= 255)
        return isAboutTrust(alert) ? TlsAcceptFault::Untrusted : TlsAcceptFault::Alert;
    switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_INAPPROPRIATE_FALLBACK:
        return TlsAcceptFault::Version;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_GROUPS:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
        return TlsAcceptFault::Cipher;
    case SSL_R_NO_APPLICATION_PROTOCOL:
        return TlsAcceptFault::Protocol;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_LENGTH_MISMATCH:
    case SSL_R_LENGTH_TOO_SHORT:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_EXCESSIVE_MESSAGE_SIZE:
    case SSL_R_BAD_PACKET:
    case SSL_R_BAD_LENGTH:
    case SSL_R_UNEXPECTED_RECORD:
    case SSL_R_BAD_RECORD_TYPE:
        return TlsAcceptFault::NotTls;
    default:
        return TlsAcceptFault::Other;
    }
}

class StreamAcceptance final : public TlsAcceptance
{
public:
    explicit StreamAcceptance(std::unique_ptr<TlsSession> session) : m_session(std::move(session))
    {}

    [[nodiscard]] Outcome step(QByteArrayView octets) override
    {
        using Step = TlsSession::Outcome;
        m_session->feed(octets);
        // Again: one message was processed, and the next is available.
        Step taken = Step::Again;
        while (taken == Step::Again)
            taken = m_session->handshake().outcome;
        if (m_session->isOutputLost())
            return fail(TlsAcceptFault::Cut);
        if (taken == Step::Done)
            return Outcome::Done;
        if (taken == Step::NeedsInput)
            return Outcome::NeedsInput;
        return fail(taken == Step::Failed ? faultOf(m_session->errorReason())
                                          : TlsAcceptFault::Cut);
    }
    [[nodiscard]] StreamPtr takeStream(StreamPtr below, PartWatch watch) override
    {
        return StreamPtr(new TlsStream(std::move(below), std::move(m_session), std::move(watch)));
    }
    [[nodiscard]] bool isTls13() const override { return m_session && m_session->isTls13(); }
    [[nodiscard]] TlsAcceptFault fault() const override { return m_fault; }
    [[nodiscard]] QByteArray detail() const override
    {
        return m_session ? m_session->error() : QByteArray();
    }

private:
    [[nodiscard]] Outcome fail(TlsAcceptFault fault)
    {
        m_fault = fault;
        return Outcome::Failed;
    }

    std::unique_ptr<TlsSession> m_session; ///< null once the stream owns it
    TlsAcceptFault m_fault = TlsAcceptFault::Other;
};

} // namespace

std::unique_ptr<TlsAcceptance> makeTlsAcceptance(const TlsContext &context, ByteStream &below)
{
    std::unique_ptr<TlsSession> session = TlsSession::make(context, below);
    return session ? std::make_unique<StreamAcceptance>(std::move(session)) : nullptr;
}

bool canAcceptTls()
{
    return true;
}

} // namespace sami::net
