// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/authorities.h"

#include <QFile>
#include <QFileInfo>

namespace sami::net {

// Not by QSslCertificate::fromPath(): a Qt without regular expressions, as the container image's
// is, finds nothing by it.
QList<QSslCertificate> certificatesOf(const QString &file)
{
    QFile opened(file);
    if (!QFileInfo(file).isFile() || !opened.open(QIODevice::ReadOnly | QIODevice::Text))
        return {};
    return QSslCertificate::fromData(opened.readAll(), QSsl::Pem);
}

} // namespace sami::net
