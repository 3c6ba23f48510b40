// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/certificatefile.h"

#include "config/optionparsers.h"
#include "gui/text/coretext.h"

#include <QFile>
#include <QFileInfo>
#include <QSslCertificate>
#include <QSslSocket>

namespace sami::gui {

namespace {

/// Enough: a system's whole CA bundle has about 200 KiB.
constexpr qint64 maxRead = 1 << 20;

} // namespace

QString CertificateFile::problem(const QString &path)
{
    const QFileInfo info(path);
    // Opening a FIFO would block until it has a writer.
    if (info.exists() && !info.isFile() && !info.isDir())
        return tr("is not a file");
    const auto parsed = config::parseCaFile(path);
    QFile file(path);
    const QByteArray content =
        info.isFile() && file.open(QIODevice::ReadOnly) ? file.read(maxRead) : QByteArray();
    if (!parsed) {
        if (content.contains("PRIVATE KEY-----"))
            return tr("is a private key; choose the file with the certificates");
        if (!content.isEmpty() && !QSslCertificate(content, QSsl::Der).isNull())
            return tr("is a certificate in binary form (DER); it must be text (PEM)");
        return CoreText::localized(parsed.error().constFirst().problem);
    }
    // Without a TLS library no certificate can be parsed, and that is not the file's fault.
    if (QSslSocket::supportsSsl() && QSslCertificate::fromData(content, QSsl::Pem).isEmpty())
        return tr("none of its certificates can be read");
    return {};
}

} // namespace sami::gui
