// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/encryptionpage.h"

#include "gui/control/certificatefile.h"
#include "gui/control/settingsstore.h"

#include <QComboBox>
#include <QLineEdit>

namespace sami::gui {

using config::TlsMode;

EncryptionPage::EncryptionPage(const SettingsStore &store, const PickFile &pickFile,
                               QWidget *parent)
    : SettingsPage(store, parent), m_mode(new QComboBox),
      m_certificate(new FileField(tr("Certificate (PEM)"),
                                  tr("Certificates (*.pem *.crt *.cer);;All files (*)"), pickFile)),
      m_key(new FileField(tr("Key (PEM)"), tr("Keys (*.pem *.key);;All files (*)"), pickFile))
{
    m_mode->addItem(tr("if they ask for it"), int(TlsMode::Auto));
    m_mode->addItem(tr("always: nothing goes in clear text"), int(TlsMode::Require));
    m_mode->addItem(tr("never"), int(TlsMode::Off));
    addField(tr("Clients speak &TLS:"), m_mode, { "PROXY_TLS" });
    addHint(tr("Over TLS nobody on the way from a client to this proxy can read its password or "
               "the hosts that it reaches. The client has https:// in the proxy's address then."));

    m_certificate->edit()->setPlaceholderText(tr("none: no TLS"));
    addField(tr("Certi&ficate (PEM):"), m_certificate, { "PROXY_TLS_CERT_FILE" });
    m_key->edit()->setPlaceholderText(tr("none"));
    addField(tr("&Key (PEM):"), m_key, { "PROXY_TLS_KEY_FILE" });
    addHint(tr("The files may be renewed at any time: they are looked at each minute, and streams "
               "that run go on."));

    connect(m_mode, &QComboBox::currentIndexChanged, this, &EncryptionPage::touch);
    connect(m_certificate, &FileField::changed, this, &EncryptionPage::touch);
    connect(m_key, &FileField::changed, this, &EncryptionPage::touch);
}

void EncryptionPage::load(const config::Settings &settings)
{
    m_mode->setCurrentIndex(m_mode->findData(int(settings.tls.mode)));
    m_certificate->setPath(settings.tls.certificateFile);
    m_key->setPath(settings.tls.keyFile);
    touch();
}

void EncryptionPage::save(config::Settings &settings) const
{
    settings.tls.mode = TlsMode(m_mode->currentData().toInt());
    settings.tls.certificateFile = m_certificate->path();
    settings.tls.keyFile = m_key->path();
}

void EncryptionPage::validate()
{
    const QString certificate = m_certificate->path();
    const QString key = m_key->path();
    const bool lacksIdentity = certificate.isEmpty() && store().settings().state.folder.isEmpty();
    const bool isRequired = TlsMode(m_mode->currentData().toInt()) == TlsMode::Require;
    setProblem(m_mode,
               isRequired && lacksIdentity ? tr("For this the proxy needs a certificate.")
                                           : QString());
    QString problem;
    if (!certificate.isEmpty())
        problem = CertificateFile::problem(certificate);
    else if (!key.isEmpty())
        problem = tr("The key needs its certificate too.");
    setProblem(m_certificate, problem);
    setProblem(m_key,
               key.isEmpty() && !certificate.isEmpty() ? tr("The certificate needs its key too.")
                                                       : QString());
}

} // namespace sami::gui
