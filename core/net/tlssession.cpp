// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlssession.h"

#include "base/perthreadbuffer.h"
#include "net/bytestream.h"
#include "net/tlscontext.h"

#include <algorithm>
#include <array>
#include <climits>
#include <ctime>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <utility>

namespace sami::net {

namespace {

struct Outgoing;

/// Once this much output has collected, it is sent: enough for a relay's read with its record
/// headers.
constexpr qsizetype largestFlight = qsizetype(80) * 1024;

/// What a step reads from below at first, and after messages: some 40 key updates, or a usual
/// request.
constexpr qsizetype smallestReadQuota = 1024;
/// The largest record (RFC 8446 §5.2), with its header.
constexpr qsizetype largestReadQuota = qsizetype(17) * 1024;

QByteArray lastReason()
{
    std::array<char, 256> text {};
    ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
    // Reduces "error:0A00010B:SSL routines::wrong version number" to its last part.
    const QByteArrayView whole(text.data());
    return whole.sliced(whole.lastIndexOf(':') + 1).trimmed().toByteArray();
}

} // namespace

/// OpenSSL's callbacks for reading and writing: BIO methods are C functions with a context.
struct TlsSessionCalls
{
    static TlsSession &of(BIO *bio) { return *static_cast<TlsSession *>(BIO_get_data(bio)); }

    static int read(BIO *bio, char *buffer, size_t capacity, size_t *size)
    {
        TlsSession &session = of(bio);
        BIO_clear_retry_flags(bio);
        // OpenSSL reads on while part of a record is missing, so the quota ends the step. That does
        // not make the stream below dry: the step returns Again.
        if (session.m_quotaLeft == 0) {
            BIO_set_retry_read(bio);
            return -1;
        }
        capacity = std::min(capacity, static_cast<size_t>(session.m_quotaLeft));
        if (!session.m_fed.isEmpty()) {
            *size = session.takeFed(buffer, capacity);
            session.m_quotaLeft -= static_cast<qsizetype>(*size);
            return 1;
        }
        if (session.m_readsBelow && !session.m_isBelowEnded) {
            const ByteStream::ReadResult result =
                session.m_below.read(buffer, static_cast<qsizetype>(capacity));
            if (result.status == ByteStream::ReadResult::Status::Data) {
                *size = static_cast<size_t>(result.size);
                session.m_quotaLeft -= result.size;
                return 1;
            }
            session.m_isBelowEnded = result.status == ByteStream::ReadResult::Status::Ended;
        }
        session.m_isBelowDry = true;
        BIO_set_retry_read(bio);
        return -1;
    }

    static int write(BIO *bio, const char *octets, size_t size, size_t *written)
    {
        TlsSession &session = of(bio);
        BIO_clear_retry_flags(bio);
        if (session.m_outgoing.capacity() == 0)
            session.m_outgoing = std::exchange(perThreadBuffer<Outgoing>(), {});
        session.m_outgoing.append(octets, static_cast<qsizetype>(size));
        *written = size;
        return 1;
    }

    static void countMessage(int isOurs, int, int kind, const void *, size_t, SSL *, void *session)
    {
        if (isOurs == 0 && (kind == SSL3_RT_HANDSHAKE || kind == SSL3_RT_ALERT))
            ++static_cast<TlsSession *>(session)->m_messages;
    }

    static long control(BIO *, int command, long, void *)
    {
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }

    /// Shared by all sessions, never freed.
    static const BIO_METHOD *method()
    {
        static BIO_METHOD *const method = [] {
            BIO_METHOD *made =
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sami::net::ByteStream");
            BIO_meth_set_read_ex(made, &TlsSessionCalls::read);
            BIO_meth_set_write_ex(made, &TlsSessionCalls::write);
            BIO_meth_set_ctrl(made, &TlsSessionCalls::control);
            return made;
        }();
        return method;
    }
};

std::unique_ptr<TlsSession> TlsSession::make(const TlsContext &context, ByteStream &below,
                                             const QByteArray &host, const QList<QByteArray> &pins)
{
    std::unique_ptr<TlsSession> session(new TlsSession(below));
    SSL *connection = session->m_connection = SSL_new(context.native());
    BIO *bio = connection ? BIO_new(TlsSessionCalls::method()) : nullptr;
    if (!bio)
        return {};
    BIO_set_data(bio, session.get());
    BIO_set_init(bio, 1);
    SSL_set_bio(connection, bio, bio); // takes ownership
    if (context.role() == TlsContext::Role::Server) {
        SSL_set_accept_state(connection);
        session->m_readsBelow = false;
        return session;
    }
    SSL_set_connect_state(connection);
    session->m_verification = std::make_unique<TlsVerification>();
    if (!session->m_verification->attach(connection, host, pins))
        return {};
    return session;
}

TlsSession::TlsSession(ByteStream &below) : m_below(below), m_readQuota(largestReadQuota) {}

TlsSession::~TlsSession()
{
    SSL_free(m_connection);
}

size_t TlsSession::takeFed(char *buffer, size_t capacity)
{
    const qsizetype size = std::min(m_fed.size(), static_cast<qsizetype>(capacity));
    std::copy_n(m_fed.constData(), size, buffer);
    if (size == m_fed.size())
        m_fed = {};
    else
        m_fed.remove(0, size);
    return static_cast<size_t>(size);
}

void TlsSession::begin()
{
    m_isBelowDry = false;
    m_quotaLeft = m_readQuota;
    m_messagesBefore = m_messages;
    // The error queue belongs to the thread: it may hold another connection's errors.
    ERR_clear_error();
}

TlsSession::Outcome TlsSession::outcomeOf(int returned)
{
    if (returned > 0)
        return Outcome::Done;
    switch (SSL_get_error(m_connection, returned)) {
    case SSL_ERROR_ZERO_RETURN:
        return Outcome::Closed;
    case SSL_ERROR_WANT_READ:
        // Not dry: OpenSSL has read something that is not for the reader (a ticket, for example),
        // or the quota was used up.
        if (!m_isBelowDry)
            return Outcome::Again;
        // Otherwise a ticket leaves a write buffer of 17 KB allocated until the next write.
        if (SSL_has_pending(m_connection) == 0)
            SSL_free_buffers(m_connection);
        return m_isBelowEnded ? Outcome::BelowEnded : Outcome::NeedsInput;
    default:
        m_error = lastReason();
        m_errorReason = ERR_GET_REASON(ERR_peek_last_error());
        m_isBroken = true;
        ERR_clear_error();
        return Outcome::Failed;
    }
}

TlsSession::Step TlsSession::handshake()
{
    begin();
    const Outcome outcome = outcomeOf(SSL_do_handshake(m_connection));
    flush(); // also sends the alert of a failure
    if (outcome == Outcome::Done && m_verification && !m_verification->hasPassed()) {
        // A resumed session shows no certificate, so its key would be unverified. We resume none;
        // this makes sure of it.
        m_error = "no certificate was shown";
        m_isBroken = true;
        return { Outcome::Failed };
    }
    if (outcome == Outcome::Done) {
        m_readsBelow = true;
        if (m_verification) {
            SSL_set_app_data(m_connection, nullptr);
            m_certificate = m_verification->certificate();
        }
        m_verification.reset();
        m_readQuota = smallestReadQuota;
        SSL_set_msg_callback(m_connection, &TlsSessionCalls::countMessage);
        SSL_set_msg_callback_arg(m_connection, this);
    }
    return { outcome };
}

TlsSession::Step TlsSession::read(char *buffer, qsizetype capacity)
{
    begin();
    size_t size = 0;
    const Outcome outcome =
        outcomeOf(SSL_read_ex(m_connection, buffer, static_cast<size_t>(capacity), &size));
    m_received += static_cast<qsizetype>(size);
    adjustReadQuota(outcome, static_cast<qsizetype>(size));
    flushAnswer();
    return { outcome, static_cast<qsizetype>(size) };
}

TlsSession::Step TlsSession::peek()
{
    begin();
    char octet = 0;
    size_t size = 0;
    const Outcome outcome = outcomeOf(SSL_peek_ex(m_connection, &octet, 1, &size));
    adjustReadQuota(outcome, 0);
    flushAnswer();
    return { outcome };
}

/// Sets how much the next step may read, from what this one has shown.
void TlsSession::adjustReadQuota(Outcome outcome, qsizetype size)
{
    if (m_messages > m_messagesBefore)
        m_readQuota = smallestReadQuota;
    else if (outcome == Outcome::Again) // part of a larger record
        m_readQuota *= 2;
    m_readQuota = std::min(m_readQuota + size, largestReadQuota);
}

void TlsSession::drain()
{
    m_readQuota = largestReadQuota;
    static_cast<void>(peek());
}

TlsSession::Step TlsSession::write(QByteArrayView bytes)
{
    Outcome outcome = Outcome::Done;
    qsizetype taken = 0;
    while (outcome == Outcome::Done && taken < bytes.size() && !m_isOutputLost) {
        begin();
        size_t size = 0;
        outcome = outcomeOf(SSL_write_ex(m_connection, bytes.data() + taken,
                                         static_cast<size_t>(bytes.size() - taken), &size));
        taken += static_cast<qsizetype>(size);
        if (m_outgoing.size() >= largestFlight)
            flush();
    }
    flush();
    return { outcome, taken };
}

bool TlsSession::closeNotify()
{
    if (m_isBroken)
        return true; // the alert has already ended it
    if (SSL_in_init(m_connection))
        return false;
    begin();
    SSL_shutdown(m_connection);
    ERR_clear_error();
    flush();
    return true;
}

void TlsSession::flush()
{
    if (m_outgoing.isEmpty())
        return;
    // Moves the buffer out first: the stream below may be a TlsStream that needs the thread's
    // buffer.
    QByteArray octets = std::exchange(m_outgoing, {});
    if (!m_isOutputLost)
        m_isOutputLost = !m_below.write(octets);
    octets.resize(0);
    QByteArray &spare = perThreadBuffer<Outgoing>();
    if (spare.capacity() < octets.capacity() && octets.capacity() <= 2 * largestFlight)
        spare = std::move(octets);
}

void TlsSession::flushAnswer()
{
    m_answered += m_outgoing.size();
    flush();
}

bool TlsSession::hasBufferedInput() const
{
    return !m_fed.isEmpty() || SSL_has_pending(m_connection) == 1;
}

std::optional<WallTime> TlsSession::certificateUntil() const
{
    std::tm fields {};
    if (!m_certificate || ASN1_TIME_to_tm(X509_get0_notAfter(m_certificate.get()), &fields) != 1)
        return std::nullopt;
    using namespace std::chrono;
    const sys_days day = year(fields.tm_year + 1900) / (fields.tm_mon + 1) / fields.tm_mday;
    return WallTime(day + hours(fields.tm_hour) + minutes(fields.tm_min) + seconds(fields.tm_sec));
}

bool TlsSession::isTls13() const
{
    return SSL_version(m_connection) == TLS1_3_VERSION;
}

bool TlsSession::isWrongPin() const
{
    return m_verification && m_verification->isWrongPin();
}

const QList<QByteArray> &TlsSession::certificateFaults() const
{
    static const QList<QByteArray> none;
    return m_verification ? m_verification->faults() : none;
}

} // namespace sami::net
