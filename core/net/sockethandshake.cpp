// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/sockethandshake.h"

#include "net/socketstream.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QHostAddress>
#include <QSslCertificate>
#include <QSslError>
#include <QSslKey>
#include <QSslSocket>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace sami::net {

namespace {

/// Reduces OpenSSL's "error:0A00010B:SSL routines::wrong version number" to its last part.
QByteArray withoutPrefix(const QString &errorString)
{
    const QByteArray text = errorString.toUtf8();
    return text.mid(text.lastIndexOf(':') + 1).trimmed();
}

/// Whether a certificate's DNS name matches `host`. RFC 9525 §6.3: a wildcard is the whole leftmost
/// label and matches exactly one.
bool isNameOf(QStringView name, QStringView host)
{
    if (name.startsWith(u"*.")) {
        const qsizetype dot = host.indexOf(u'.');
        if (dot < 1)
            return false;
        name = name.sliced(1);
        host = host.sliced(dot);
    }
    return !name.contains(u'*') && name.compare(host, Qt::CaseInsensitive) == 0;
}

} // namespace

TlsHandshakePtr makeTlsHandshake(StreamPtr stream, const QByteArray &host,
                                 const QList<QByteArray> &pins)
{
    Budgets &budgets = stream->budgets();
    auto *below = dynamic_cast<SocketStream *>(stream.get());
    auto socket = below ? below->takeTlsSocket() : nullptr;
    return TlsHandshakePtr(new SocketHandshake(std::move(socket), host, pins, budgets));
}

std::shared_ptr<const TlsContext> makeTlsContext(const QList<QSslCertificate> &authorities)
{
    return std::make_shared<const TlsContext>(authorities);
}

TlsContext::TlsContext(const QList<QSslCertificate> &authorities)
    : m_configuration(QSslConfiguration::defaultConfiguration())
{
    // Qt then loads nothing more of the system's list by itself.
    m_configuration.setCaCertificates(authorities);
    m_configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    m_configuration.setProtocol(QSsl::TlsV1_2OrLater);
    m_configuration.setAllowedNextProtocols({ QSslConfiguration::NextProtocolHttp1_1 });
}

SocketHandshake::SocketHandshake(std::unique_ptr<QSslSocket> socket, const QByteArray &host,
                                 QList<QByteArray> pins, Budgets &budgets)
    : m_socket(std::move(socket)), m_host(QString::fromUtf8(host)), m_pins(std::move(pins)),
      m_budgets(budgets)
{
    // "example.com." is the same host, but certificates never have the dot (RFC 6066 §3 for SNI).
    if (m_host.endsWith(u'.'))
        m_host.chop(1);
}

SocketHandshake::~SocketHandshake() = default;

void SocketHandshake::start(const TlsContext &context)
{
    if (!m_socket) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                Q_EMIT failed({ DialFault::TlsProtocol,
                                "TLS inside another connection is not "
                                "available on this platform" });
            },
            Qt::QueuedConnection);
        return;
    }
    connect(m_socket.get(), &QSslSocket::encrypted, this, [this] {
        m_encrypted = true;
        concludeLater();
    });
    connect(m_socket.get(), &QSslSocket::errorOccurred, this, &SocketHandshake::concludeLater);
    connect(m_socket.get(), &QSslSocket::disconnected, this, &SocketHandshake::concludeLater);
    if (m_socket->state() != QAbstractSocket::ConnectedState || !QSslSocket::supportsSsl()) {
        concludeLater();
        return;
    }
    QSslConfiguration configuration = context.configuration();
    if (!m_pins.isEmpty())
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone); // only the pin counts
    m_socket->setSslConfiguration(configuration);
    m_socket->setPeerVerifyName(m_host);
    m_socket->startClientEncryption();
}

void SocketHandshake::abort()
{
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
}

void SocketHandshake::concludeLater()
{
    // The socket is busy while it emits: it must not be moved or released from inside.
    if (!std::exchange(m_concluding, true))
        QMetaObject::invokeMethod(this, &SocketHandshake::conclude, Qt::QueuedConnection);
}

void SocketHandshake::conclude()
{
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    if (!m_encrypted)
        Q_EMIT failed(error());
    else if (!m_pins.isEmpty() && !m_pins.contains(seenPin()))
        Q_EMIT failed({ DialFault::PinMismatch,
                        "The key is not the pinned one: it has the pin "
                            + seenPin().toBase64(QByteArray::Base64UrlEncoding
                                                 | QByteArray::OmitTrailingEquals) });
    else if (m_pins.isEmpty() && !isForTheHost())
        Q_EMIT failed({ DialFault::TlsCertificate,
                        QSslError(QSslError::HostNameMismatch).errorString().toUtf8() });
    else
        Q_EMIT succeeded();
}

/// RFC 9525 §6: only the certificate's subjectAltName entries count, addresses for a literal and
/// DNS names for a name (RFC 9110 §4.3.5). Qt has verified these, but it also accepts a common
/// name, which no CA need have checked, and a literal spelled as a DNS name.
bool SocketHandshake::isForTheHost() const
{
    const auto names = m_socket->peerCertificate().subjectAlternativeNames();
    QHostAddress literal;
    if (literal.setAddress(m_host)) {
        const QList<QString> addresses = names.values(QSsl::IpAddressEntry);
        return std::any_of(addresses.begin(), addresses.end(), [&literal](const QString &address) {
            return QHostAddress(address) == literal;
        });
    }
    const QList<QString> dnsNames = names.values(QSsl::DnsEntry);
    return std::any_of(dnsNames.begin(), dnsNames.end(),
                       [this](const QString &name) { return isNameOf(name, m_host); });
}

QByteArray SocketHandshake::seenPin() const
{
    return QCryptographicHash::hash(m_socket->peerCertificate().publicKey().toDer(),
                                    QCryptographicHash::Sha256);
}

DialError SocketHandshake::error() const
{
    const QList<QSslError> certificateErrors = m_socket->sslHandshakeErrors();
    if (!certificateErrors.isEmpty()) {
        QStringList texts;
        for (const QSslError &certificateError : certificateErrors) {
            if (!texts.contains(certificateError.errorString()))
                texts.append(certificateError.errorString());
        }
        return { DialFault::TlsCertificate, texts.join(u"; ").toUtf8() };
    }
    if (!QSslSocket::supportsSsl())
        return { DialFault::NoTlsLibrary, "there is no TLS library on this machine" };
    switch (m_socket->error()) {
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return { DialFault::TlsProtocol,
                 "the TLS handshake failed: " + withoutPrefix(m_socket->errorString()) };
    default:
        return { DialFault::ConnectionReset, "the connection was closed in the TLS handshake" };
    }
}

std::optional<WallTime> SocketHandshake::certificateUntil() const
{
    const QDateTime until = m_socket ? m_socket->peerCertificate().expiryDate() : QDateTime();
    if (!until.isValid())
        return std::nullopt;
    return WallTime(std::chrono::milliseconds(until.toMSecsSinceEpoch()));
}

StreamPtr SocketHandshake::takeStream()
{
    return StreamPtr(new SocketStream(std::move(m_socket), m_budgets));
}

} // namespace sami::net
