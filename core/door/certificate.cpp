// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/certificate.h"

#include "door/openssl.h"
#include "door/privatekey.h"

#include <array>
#include <ctime>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace sami::door {

using namespace Qt::StringLiterals;

namespace {

using Extension = openssl::Owned<X509_EXTENSION, X509_EXTENSION_free>;
using Number = openssl::Owned<BIGNUM, BN_free>;

// RFC 5280 §4.1.2.2: positive, at most 20 octets. 128 random bits never repeat.
constexpr int serialBits = 128;
constexpr long version3 = 2;
// The common name is for people only: clients must not match it (RFC 9525 §2).
constexpr char subject[] = "Sami LLM Proxy";

bool addExtension(X509 *certificate, int id, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.constData()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool drawSerial(X509 *certificate)
{
    const Number number(BN_new());
    // The highest bit is set, so that the number is never zero and always of the same length.
    return number && BN_rand(number.get(), serialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
        && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool setTime(ASN1_TIME *field, WallTime time)
{
    return ASN1_TIME_set(field, WallClock::to_time_t(time)) != nullptr;
}

WallTime timeOf(const ASN1_TIME *field)
{
    std::tm parts = {};
    if (ASN1_TIME_to_tm(field, &parts) != 1)
        return {};
    return WallClock::from_time_t(::timegm(&parts));
}

/// "DNS:a.example,IP:192.0.2.7". ServerName's grammar has no comma and no colon in a name.
QByteArray alternativeNames(const QList<config::ServerName> &names)
{
    QByteArray text;
    for (const config::ServerName &name : names) {
        if (!text.isEmpty())
            text += ',';
        text += (name.isAddress() ? "IP:" : "DNS:") + name.toByteArray();
    }
    return text;
}

bool fill(X509 *certificate, const PrivateKey &key, const QList<config::ServerName> &names,
          WallTime now)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, version3) == 1 && drawSerial(certificate)
        && setTime(X509_getm_notBefore(certificate), now - Certificate::backdated)
        && setTime(X509_getm_notAfter(certificate),
                   now - Certificate::backdated + Certificate::lifetime)
        && X509_set_pubkey(certificate, key.native()) == 1
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                      reinterpret_cast<const unsigned char *>(subject), -1, -1, 0)
        == 1
        && X509_set_issuer_name(certificate, name) == 1
        && addExtension(certificate, NID_basic_constraints, "critical,CA:FALSE")
        && addExtension(certificate, NID_key_usage, "critical,digitalSignature")
        && addExtension(certificate, NID_ext_key_usage, "serverAuth")
        && addExtension(certificate, NID_subject_key_identifier, "hash")
        && (names.isEmpty()
            || addExtension(certificate, NID_subject_alt_name, alternativeNames(names)))
        && X509_sign(certificate, key.native(), EVP_sha256()) > 0;
}

} // namespace

void Certificate::Free::operator()(x509_st *certificate) const
{
    X509_free(certificate);
}

Result<Certificate, QString> Certificate::sign(const PrivateKey &key,
                                               const QList<config::ServerName> &names, WallTime now)
{
    Certificate certificate(X509_new());
    if (!certificate.m_certificate || !fill(certificate.m_certificate.get(), key, names, now))
        return Unexpected(u"no certificate can be signed: %1"_s.arg(openssl::takeError()));
    return certificate;
}

Result<QList<std::shared_ptr<const Certificate>>, QString> Certificate::allOf(const QByteArray &pem)
{
    // A certificate that begins but does not end, or holds nonsense, is a file that is still being
    // written.
    const qsizetype wanted = pem.count("-----BEGIN CERTIFICATE-----")
        + pem.count("-----BEGIN TRUSTED CERTIFICATE-----")
        + pem.count("-----BEGIN X509 CERTIFICATE-----");
    if (wanted == 0)
        return Unexpected(u"has no PEM certificate (-----BEGIN CERTIFICATE-----)"_s);
    QList<std::shared_ptr<const Certificate>> found;
    const openssl::Bio octets = openssl::reading(pem);
    while (x509_st *next = PEM_read_bio_X509(octets.get(), nullptr, nullptr, nullptr))
        found.append(std::shared_ptr<const Certificate>(new Certificate(next)));
    openssl::clearErrors();
    if (found.size() != wanted)
        return Unexpected(u"has a certificate that is cut or damaged, the one in place %1"_s.arg(
            found.size() + 1));
    return found;
}

QByteArray Certificate::toPem() const
{
    const openssl::Bio octets(BIO_new(BIO_s_mem()));
    const bool isWritten = octets && PEM_write_bio_X509(octets.get(), m_certificate.get()) == 1;
    openssl::clearErrors();
    return isWritten ? openssl::content(octets.get()) : QByteArray();
}

WallTime Certificate::notBefore() const
{
    return timeOf(X509_get0_notBefore(m_certificate.get()));
}

WallTime Certificate::notAfter() const
{
    return timeOf(X509_get0_notAfter(m_certificate.get()));
}

bool Certificate::belongsTo(const PrivateKey &key) const
{
    const bool belongs = X509_check_private_key(m_certificate.get(), key.native()) == 1;
    openssl::clearErrors();
    return belongs;
}

bool Certificate::isFor(const config::ServerName &name) const
{
    const QByteArray &text = name.toByteArray();
    const int found = name.isAddress()
        ? X509_check_ip_asc(m_certificate.get(), text.constData(), 0)
        : X509_check_host(m_certificate.get(), text.constData(), static_cast<size_t>(text.size()),
                          X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr);
    return found == 1;
}

} // namespace sami::door
