// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/certificatefiles.h"

#include "base/smallfile.h"
#include "config/optiontable.h"
#include "door/certificate.h"
#include "door/privatekey.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFileInfo>

#include <algorithm>
#include <memory>
#include <utility>

namespace sami::door {

using namespace Qt::StringLiterals;
using config::ConfigError;

namespace {

// A chain has a few thousand octets; a wrong path may name anything.
constexpr qint64 mostOctets = 1 << 20;
// OpenSSL's clients accept 100 KB from a server; usual chains have two to four certificates.
constexpr qsizetype mostCertificates = 10;
constexpr qsizetype mostChainOctets = 65536;
constexpr int leastRsaBits = 2048;
constexpr int quickRsaBits = 2048;

ConfigError inCertificate(const CertificateFiles &files, const QString &problem)
{
    return { QString::fromLatin1(config::certificateFileOption), files.certificate, problem };
}

ConfigError inKey(const CertificateFiles &files, const QString &problem)
{
    return { QString::fromLatin1(config::keyFileOption), files.key, problem };
}

Result<QByteArray, QString> readFile(const QString &path)
{
    return readSmallFile(path, mostOctets, u"is over 1 MiB; that is no PEM file of a certificate"_s,
                         FileRights::Any);
}

/// Why clients would reject a chain of this size; empty if they would not.
QString sizeProblem(const QList<std::shared_ptr<const Certificate>> &chain)
{
    if (chain.size() > mostCertificates) {
        return u"has %1 certificates; clients refuse long chains: leave the own one in it, and "
               u"those "
               "of the authorities that signed it, %2 in all at most"_s.arg(chain.size())
                   .arg(mostCertificates);
    }
    qsizetype octets = 0;
    for (const auto &certificate : chain)
        octets += certificate->toPem().size();
    return octets > mostChainOctets
        ? u"has certificates of more than 64 KB together, which clients refuse"_s
        : QString();
}

QString dayOf(WallTime time)
{
    return QDateTime::fromSecsSinceEpoch(WallClock::to_time_t(time), Qt::UTC)
        .toString(u"yyyy-MM-dd"_s);
}

QStringList warningsOf(const Certificate &own, const PrivateKey &key, bool isKeyPublic,
                       const CertificateFiles &files, WallTime now)
{
    QStringList warnings;
    if (own.notAfter() < now) {
        warnings.append(inCertificate(files,
                                      u"the certificate has expired on %1: clients that "
                                      "verify it refuse it"_s.arg(dayOf(own.notAfter())))
                            .toString());
    } else if (own.notBefore() > now) {
        warnings.append(inCertificate(files,
                                      u"the certificate is good from %1 only, by this "
                                      "machine's clock"_s.arg(dayOf(own.notBefore())))
                            .toString());
    }
    if (const int bits = key.rsaBits(); bits > quickRsaBits) {
        warnings.append(inKey(files,
                              u"RSA with %1 bits: each handshake holds up the streams of a "
                              "whole worker; an ECDSA key (P-256) does not"_s.arg(bits))
                            .toString());
    }
    if (isKeyPublic) {
        warnings.append(
            inKey(files, u"everybody on this machine can read the key; chmod o-r it"_s).toString());
    }
    return warnings;
}

} // namespace

Result<PairContent, ConfigError> readPair(const CertificateFiles &files)
{
    PairContent content;
    auto chain = readFile(files.certificate);
    if (!chain)
        return Unexpected(inCertificate(files, chain.error()));
    auto key = readFile(files.key);
    if (!key)
        return Unexpected(inKey(files, key.error()));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(*chain);
    hash.addData(QByteArray(1, '\0'));
    hash.addData(*key);
    content.digest = hash.result();
    content.chain = std::move(chain).value();
    content.key = SecretBytes(std::move(key).value());
    content.isKeyPublic = QFileInfo(files.key).permission(QFileDevice::ReadOther);
    return content;
}

Result<Material, ConfigError> judgePair(PairContent content, const CertificateFiles &files,
                                        WallTime now)
{
    const auto chain = Certificate::allOf(content.chain);
    if (!chain)
        return Unexpected(inCertificate(files, chain.error()));
    if (const QString problem = sizeProblem(*chain); !problem.isEmpty())
        return Unexpected(inCertificate(files, problem));
    const auto key = PrivateKey::fromPem(content.key.octets());
    if (!key)
        return Unexpected(inKey(files, key.error()));
    const Certificate &own = *chain->first();
    if (!own.belongsTo(*key)) {
        const bool isFurtherDown =
            std::any_of(chain->begin(), chain->end(),
                        [&key](const auto &other) { return other->belongsTo(*key); });
        return Unexpected(isFurtherDown
                              ? inCertificate(files,
                                              u"the own certificate has to be the first in "
                                              "it, the authorities' after it"_s)
                              : inKey(files,
                                      u"the key does not belong to the certificate in %1"_s.arg(
                                          config::printable(files.certificate))));
    }
    if (const int bits = key->rsaBits(); bits > 0 && bits < leastRsaBits) {
        return Unexpected(
            inKey(files,
                  u"RSA with %1 bits is refused by clients; take an ECDSA key (P-256), or "
                  "RSA with 2048 bits"_s.arg(bits)));
    }
    Material material;
    material.warnings = warningsOf(own, *key, content.isKeyPublic, files, now);
    material.pin = key->pin();
    material.chain = std::move(content.chain);
    material.key = std::move(content.key);
    return material;
}

} // namespace sami::door
