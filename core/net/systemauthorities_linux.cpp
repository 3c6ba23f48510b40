// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/authorities.h"

#include <QDirIterator>
#include <QFileInfo>
#include <QSet>

#include <array>
#include <utility>

namespace sami::net {

using namespace Qt::StringLiterals;

namespace {

/// The folders where distributions keep certificates, as Qt lists them. Qt's own reader relies on
/// fromPath() and QDir's patterns, which find nothing without regular expressions.
constexpr std::array folders {
    "/etc/ssl/certs"_L1, "/usr/lib/ssl/certs"_L1, "/usr/share/ssl"_L1,
    "/usr/local/ssl"_L1, "/var/ssl/certs"_L1,     "/usr/local/ssl/certs"_L1,
    "/etc/ssl"_L1,       "/etc/openssl/certs"_L1, "/opt/openssl/certs"_L1,
};
constexpr std::array bundles {
    "/etc/pki/tls/certs/ca-bundle.crt"_L1,
    "/usr/local/share/certs/ca-root-nss.crt"_L1,
};

} // namespace

QList<QSslCertificate> systemAuthorities()
{
    // Under their real names, so that each is read once: a folder is full of links to the same
    // files.
    QSet<QString> files;
    for (const QLatin1StringView folder : folders) {
        for (QDirIterator entries(folder, QDir::Files); entries.hasNext();) {
            const QString file = entries.next();
            if (file.endsWith(".pem"_L1) || file.endsWith(".crt"_L1))
                files.insert(QFileInfo(file).canonicalFilePath());
        }
    }
    for (const QLatin1StringView bundle : bundles)
        files.insert(bundle);
    QList<QSslCertificate> authorities;
    for (const QString &file : std::as_const(files))
        authorities += certificatesOf(file);
    return authorities;
}

} // namespace sami::net
