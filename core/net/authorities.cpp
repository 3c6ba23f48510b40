// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/authorities.h"

#include <QFile>
#include <QFileInfo>

namespace sami::net {

// QSslCertificate::fromPath() will not do: it finds nothing in a Qt built without regular
// expressions, such as the container image's.
QList<QSslCertificate> certificatesOf(const QString &file)
{
    QFile opened(file);
    if (!QFileInfo(file).isFile() || !opened.open(QIODevice::ReadOnly | QIODevice::Text))
        return {};
    return QSslCertificate::fromData(opened.readAll(), QSsl::Pem);
}

} // namespace sami::net
