// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "tlspeer.h"

#include <QFile>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <utility>

namespace sami::test {

namespace {

QByteArray contentOf(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

TlsPeer::TlsPeer(const QString &identity, int version)
    : TlsPeer(net::TlsContext::server(contentOf(identity + QStringLiteral(".pem")),
                                      contentOf(identity + QStringLiteral(".key"))),
              version)
{}

TlsPeer::TlsPeer(std::shared_ptr<const net::TlsContext> context, int version)
    : TlsPeer(SSL_new(context->native()))
{
    m_context = std::move(context);
    SSL_set_accept_state(m_connection);
    SSL_set_num_tickets(m_connection, 2); // as other servers do
    if (version != 0) {
        SSL_set_min_proto_version(m_connection, version);
        SSL_set_max_proto_version(m_connection, version);
    }
    SSL_clear_options(m_connection, SSL_OP_NO_RENEGOTIATION);
}

TlsPeer::TlsPeer(ssl_st *connection) : m_connection(connection)
{
    SSL_set_bio(m_connection, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
}

void TlsPeer::useLargeTickets()
{
    const auto fill = [](SSL *connection, void *) {
        const QByteArray content(1000, 'x');
        return SSL_SESSION_set1_ticket_appdata(SSL_get_session(connection), content.constData(),
                                               static_cast<size_t>(content.size()));
    };
    SSL_CTX_set_session_ticket_cb(m_context->native(), fill, nullptr, nullptr);
    SSL_set_max_send_fragment(m_connection, 512);
}

TlsPeer::~TlsPeer()
{
    SSL_free(m_connection);
}

void TlsPeer::feed(const QByteArray &octets)
{
    if (octets.isEmpty())
        return;
    BIO_write(SSL_get_rbio(m_connection), octets.constData(), static_cast<int>(octets.size()));
    work();
}

QByteArray TlsPeer::take()
{
    BIO *output = SSL_get_wbio(m_connection);
    QByteArray octets(static_cast<qsizetype>(BIO_ctrl_pending(output)), Qt::Uninitialized);
    if (!octets.isEmpty())
        BIO_read(output, octets.data(), static_cast<int>(octets.size()));
    return octets;
}

void TlsPeer::work()
{
    ERR_clear_error();
    char block[16'384];
    for (;;) {
        size_t size = 0;
        const int done = SSL_read_ex(m_connection, block, sizeof block, &size);
        if (done == 1) {
            received.append(block, static_cast<qsizetype>(size));
            continue;
        }
        const int error = SSL_get_error(m_connection, done);
        sawCloseNotify = sawCloseNotify || error == SSL_ERROR_ZERO_RETURN;
        if (error == SSL_ERROR_SSL) {
            hasFailed = true;
            failure = ERR_reason_error_string(ERR_peek_last_error());
        }
        if (error != SSL_ERROR_WANT_READ || BIO_ctrl_pending(SSL_get_rbio(m_connection)) == 0)
            break;
    }
    ERR_clear_error();
    if (isShaken() && !m_unwritten.isEmpty())
        write(std::exchange(m_unwritten, {}));
}

void TlsPeer::write(const QByteArray &bytes)
{
    if (!isShaken()) {
        m_unwritten += bytes;
        return;
    }
    qsizetype written = 0;
    while (written < bytes.size()) {
        size_t size = 0;
        if (SSL_write_ex(m_connection, bytes.constData() + written,
                         static_cast<size_t>(bytes.size() - written), &size)
            != 1)
            break;
        written += static_cast<qsizetype>(size);
    }
    ERR_clear_error();
}

void TlsPeer::closeNotify()
{
    SSL_shutdown(m_connection);
    ERR_clear_error();
}

void TlsPeer::updateKeys(bool asks)
{
    SSL_key_update(m_connection, asks ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_do_handshake(m_connection);
}

void TlsPeer::renegotiate()
{
    SSL_renegotiate(m_connection);
    SSL_do_handshake(m_connection);
    ERR_clear_error();
}

bool TlsPeer::isShaken() const
{
    return SSL_is_init_finished(m_connection) == 1;
}

QByteArray TlsPeer::serverName() const
{
    return SSL_get_servername(m_connection, TLSEXT_NAMETYPE_host_name);
}

QByteArray TlsPeer::protocol() const
{
    const unsigned char *name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(m_connection, &name, &size);
    return QByteArray(reinterpret_cast<const char *>(name), static_cast<qsizetype>(size));
}

} // namespace sami::test
