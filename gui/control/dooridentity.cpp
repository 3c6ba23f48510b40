// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/dooridentity.h"

#include "door/identitycommands.h"
#include "gui/control/beside.h"

#include <QFileInfo>
#include <QSaveFile>
#include <QSslCertificate>

namespace sami::gui {

namespace {

ShownIdentity shownBy(const config::Settings &settings)
{
    using Kind = ShownIdentity::Kind;
    ShownIdentity shown;
    if (settings.tls.mode == config::TlsMode::Off) {
        shown.kind = Kind::Off;
        return shown;
    }
    const bool isOwn = settings.tls.certificateFile.isEmpty();
    const QString &folder = settings.state.folder;
    if (isOwn && folder.isEmpty()) {
        shown.kind = Kind::None;
        return shown;
    }
    if (isOwn && !QFileInfo::exists(folder)) {
        shown.kind = Kind::NotYet;
        return shown;
    }
    const auto pin = door::identityPin(settings);
    const auto certificate = pin ? door::exportedCertificate(settings) : pin;
    if (!certificate) {
        shown.kind = Kind::Unusable;
        shown.problem = certificate.error().toString();
        return shown;
    }
    shown.kind = isOwn ? Kind::Own : Kind::File;
    shown.pin = pin->trimmed();
    shown.certificate = *certificate;
    const QList<QSslCertificate> chain = QSslCertificate::fromData(*certificate, QSsl::Pem);
    if (!chain.isEmpty())
        shown.end = chain.constFirst().expiryDate();
    return shown;
}

QString written(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    // Unbuffered: commit() does not report a buffered write that failed on a full disk.
    const bool isDone = file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)
        && file.write(content) == content.size() && file.commit();
    return isDone ? QString() : file.errorString();
}

} // namespace

DoorIdentity::DoorIdentity(QObject *parent) : QObject(parent) {}

void DoorIdentity::refresh(const config::Settings &settings)
{
    runInBackground(
        this, [settings] { return shownBy(settings); },
        [this, number = ++m_refreshes](const ShownIdentity &shown) {
            if (number != m_refreshes)
                return;
            m_shown = shown;
            Q_EMIT refreshed();
        });
}

void DoorIdentity::save(const QString &path)
{
    runInBackground(
        this, [path, content = m_shown.certificate] { return written(path, content); },
        [this, path](const QString &problem) { Q_EMIT saved(path, problem); });
}

} // namespace sami::gui
