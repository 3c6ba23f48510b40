// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/streamhandshake.h"

#include "net/tlscontext.h"
#include "net/tlsstream.h"
#include "net/tlsverification.h"

#include <openssl/x509_vfy.h>
#include <utility>

namespace sami::net {

using Outcome = TlsSession::Outcome;

namespace {

DialError closedError()
{
    return { DialFault::ConnectionReset, "the connection was closed in the TLS handshake" };
}

} // namespace

TlsHandshakePtr makeTlsHandshake(StreamPtr stream, const QByteArray &host,
                                 const QList<QByteArray> &pins)
{
    return TlsHandshakePtr(new StreamHandshake(std::move(stream), host, pins));
}

std::shared_ptr<const TlsContext> makeTlsContext(const QList<QSslCertificate> &authorities)
{
    return TlsContext::client(authorities);
}

StreamHandshake::StreamHandshake(StreamPtr below, QByteArray host, QList<QByteArray> pins)
    : m_below(std::move(below)), m_host(std::move(host)), m_pins(std::move(pins))
{}

StreamHandshake::~StreamHandshake() = default;

void StreamHandshake::start(const TlsContext &context)
{
    m_session = TlsSession::make(context, *m_below, m_host, m_pins);
    if (!m_session) {
        // `host` is not a valid host name, so no certificate can match it.
        failLater(
            { DialFault::TlsCertificate, TlsVerification::textOf(X509_V_ERR_HOSTNAME_MISMATCH) });
        return;
    }
    m_below->setListener(this);
    m_below->setReadEnabled(true);
    // Sends the ClientHello. No answer can be there yet.
    const Outcome outcome = m_session->handshake().outcome;
    if (outcome == Outcome::Again)
        QMetaObject::invokeMethod(this, &StreamHandshake::advance, Qt::QueuedConnection);
    else if (outcome != Outcome::NeedsInput || m_session->isOutputLost())
        failLater(error());
}

void StreamHandshake::advance()
{
    for (int steps = 0; m_session && steps < stepsPerTurn; ++steps) {
        switch (m_session->handshake().outcome) {
        case Outcome::Done:
            m_below->setListener(nullptr);
            Q_EMIT succeeded();
            return;
        case Outcome::Again:
            continue;
        case Outcome::NeedsInput:
            if (m_session->isOutputLost())
                fail(closedError());
            return;
        case Outcome::Closed:
        case Outcome::BelowEnded:
            fail(closedError());
            return;
        case Outcome::Failed:
            fail(error());
            return;
        }
    }
    if (m_session)
        QMetaObject::invokeMethod(this, &StreamHandshake::advance, Qt::QueuedConnection);
}

void StreamHandshake::handleFailed(ByteStream &)
{
    if (m_session)
        fail(closedError());
}

DialError StreamHandshake::error() const
{
    const QList<QByteArray> &faults = m_session->certificateFaults();
    if (!faults.isEmpty())
        return { m_session->isWrongPin() ? DialFault::PinMismatch : DialFault::TlsCertificate,
                 faults.join("; ") };
    if (m_session->error().isEmpty())
        return closedError();
    return { DialFault::TlsProtocol, "the TLS handshake failed: " + m_session->error() };
}

void StreamHandshake::fail(DialError error)
{
    m_below.reset(); // sends the alert first
    m_session.reset();
    Q_EMIT failed(error);
}

void StreamHandshake::failLater(DialError error)
{
    m_below.reset();
    m_session.reset();
    QMetaObject::invokeMethod(
        this, [this, error = std::move(error)] { Q_EMIT failed(error); }, Qt::QueuedConnection);
}

void StreamHandshake::abort()
{
    m_below.reset();
    m_session.reset();
}

std::optional<WallTime> StreamHandshake::certificateUntil() const
{
    return m_session ? m_session->certificateUntil() : std::nullopt;
}

StreamPtr StreamHandshake::takeStream()
{
    return StreamPtr(new TlsStream(std::move(m_below), std::move(m_session)));
}

} // namespace sami::net
