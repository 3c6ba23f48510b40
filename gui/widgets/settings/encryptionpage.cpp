// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/encryptionpage.h"

#include "gui/control/certificatefile.h"
#include "gui/control/settingsstore.h"
#include "gui/text/coretext.h"
#include "gui/widgets/copybutton.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/settings/problemnote.h"

#include <QComboBox>
#include <QDir>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace sami::gui {

using config::TlsMode;

namespace {

/// Room beside a text that must be visible in full: the field's frame and the cursor.
constexpr int roomInCharacters = 3;

} // namespace

EncryptionPage::EncryptionPage(const SettingsStore &store, const PickFile &pickFile,
                               PickFile saveFile, QWidget *parent)
    : SettingsPage(store, parent), m_mode(new QComboBox),
      m_certificate(new FileField(tr("Certificate (PEM)"),
                                  tr("Certificates (*.pem *.crt *.cer);;All files (*)"), pickFile)),
      m_key(new FileField(tr("Key (PEM)"), tr("Keys (*.pem *.key);;All files (*)"), pickFile)),
      m_saveFile(std::move(saveFile)), m_shown(makeWideLabel(QString(), this)),
      m_pin(new QLineEdit), m_export(new QPushButton(tr("&Export certificate…"))),
      m_exported(makeWideLabel(QString(), this))
{
    m_mode->addItem(tr("if they ask for it"), int(TlsMode::Auto));
    m_mode->addItem(tr("always: nothing goes in clear text"), int(TlsMode::Require));
    m_mode->addItem(tr("never"), int(TlsMode::Off));
    addField(tr("Clients speak &TLS:"), m_mode, { "PROXY_TLS" });
    addHint(tr("Over TLS nobody on the way from a client to this proxy can read its password or "
               "the hosts that it reaches. The proxy's address in the client then begins with "
               "https://."));

    const bool hasOwn = !store.settings().state.folder.isEmpty();
    m_certificate->edit()->setPlaceholderText(hasOwn ? tr("none: the program's own")
                                                     : tr("none: no TLS"));
    addField(tr("Certi&ficate (PEM):"), m_certificate, { "PROXY_TLS_CERT_FILE" });
    m_key->edit()->setPlaceholderText(tr("none"));
    addField(tr("&Key (PEM):"), m_key, { "PROXY_TLS_KEY_FILE" });
    addHint(tr("The files may be renewed at any time: the proxy checks them every minute, and "
               "running streams go on."));
    buildShown();

    connect(m_mode, &QComboBox::currentIndexChanged, this, &EncryptionPage::touch);
    connect(m_certificate, &FileField::changed, this, &EncryptionPage::touch);
    connect(m_key, &FileField::changed, this, &EncryptionPage::touch);
}

void EncryptionPage::buildShown()
{
    form()->addRow(makeLabel(tr("Clients are shown:"), this), m_shown);
    m_pin->setReadOnly(true);
    // Spans both columns, with the button above, because it is long and must be visible in full.
    auto *pin = new QWidget;
    QLabel *caption = makeLabel(tr("&Pin:"), pin);
    caption->setBuddy(m_pin);
    auto *top = new QHBoxLayout;
    top->addWidget(caption);
    top->addWidget(new CopyButton(
        tr("Pin"), [this] { return m_pin->text(); }, Secrecy::Public, pin));
    top->addStretch(1);
    auto *pinLayout = new QVBoxLayout(pin);
    pinLayout->setContentsMargins({});
    pinLayout->addLayout(top);
    pinLayout->addWidget(m_pin);
    pin->setFocusProxy(m_pin);
    form()->addRow(pin);
    m_pin->setAccessibleName(tr("Pin"));
    setHelp(m_pin,
            tr("A client can recognise the proxy by this pin, whatever its certificate: it is "
               "the SHA-256 of the key, in the form that curl's --proxy-pinnedpubkey takes."));

    m_export->setAutoDefault(false);
    auto *file = new QWidget;
    auto *fileRow = new QVBoxLayout(file);
    fileRow->setContentsMargins({});
    fileRow->addWidget(m_export, 0, Qt::AlignLeft);
    fileRow->addWidget(m_exported);
    file->setFocusProxy(m_export);
    form()->addRow(QString(), file);
    m_exported->hide();
    m_hint = makeWideLabel(
        tr("A client that cannot check a pin has to trust the certificate (NODE_EXTRA_CA_CERTS, "
           "curl --proxy-cacert)."),
        this);
    form()->addRow(QString(), m_hint);

    connect(m_export, &QPushButton::clicked, this, &EncryptionPage::exportCertificate);
    connect(&m_identity, &DoorIdentity::refreshed, this, &EncryptionPage::refreshShown);
    connect(&m_identity, &DoorIdentity::saved, this, &EncryptionPage::handleSaved);
    refreshShown();
}

QString EncryptionPage::shownText() const
{
    const ShownIdentity &shown = m_identity.shown();
    const QString end = QLocale().toString(shown.end.toLocalTime().date(), QLocale::ShortFormat);
    const bool hasEnd = shown.end.isValid();
    switch (shown.kind) {
    case ShownIdentity::Kind::Unknown:
        break;
    case ShownIdentity::Kind::Off:
        return tr("nothing: TLS is off");
    case ShownIdentity::Kind::None:
        return tr("nothing: there is no certificate");
    case ShownIdentity::Kind::NotYet:
        return tr("a certificate that the program makes for itself when the proxy starts");
    case ShownIdentity::Kind::Own:
        return hasEnd ? tr("a certificate that the program has made for itself, good until %1 and "
                           "renewed in time; its pin stays the same")
                            .arg(end)
                      : tr("a certificate that the program has made for itself");
    case ShownIdentity::Kind::File:
        return hasEnd ? tr("the certificate in the file, good until %1").arg(end)
                      : tr("the certificate in the file");
    case ShownIdentity::Kind::Unusable:
        return tr("nothing new, because of a problem: %1").arg(CoreText::localized(shown.problem));
    }
    return {};
}

void EncryptionPage::refreshShown()
{
    const ShownIdentity &shown = m_identity.shown();
    m_shown->setText(shownText());
    m_pin->setText(QString::fromLatin1(shown.pin));
    m_pin->setCursorPosition(0);
    // Users compare it by eye with what a client shows.
    const QFontMetrics metrics = m_pin->fontMetrics();
    m_pin->setMinimumWidth(metrics.horizontalAdvance(m_pin->text())
                           + roomInCharacters * metrics.averageCharWidth());
    // Hide rows that have nothing to say.
    form()->setRowVisible(m_pin->parentWidget(), !shown.pin.isEmpty());
    m_export->setVisible(!shown.certificate.isEmpty());
    m_hint->setVisible(!shown.certificate.isEmpty());
}

void EncryptionPage::exportCertificate()
{
    m_exported->hide();
    const QString path = m_saveFile(this,
                                    { tr("Export certificate"),
                                      QDir::home().filePath(QStringLiteral("sami-llm-proxy.crt")),
                                      tr("Certificates (*.pem *.crt *.cer);;All files (*)") });
    if (!path.isEmpty())
        m_identity.save(path);
}

void EncryptionPage::handleSaved(const QString &path, const QString &problem)
{
    const QString place = QDir::toNativeSeparators(path);
    m_exported->setText(problem.isEmpty()
                            ? tr("Saved as %1").arg(place)
                            : tr("Not saved as %1: %2", "a path; why").arg(place, problem));
    m_exported->show();
}

void EncryptionPage::showEvent(QShowEvent *event)
{
    SettingsPage::showEvent(event);
    // The proxy may have made or renewed its certificate meanwhile.
    m_identity.refresh(store().settings());
}

void EncryptionPage::load(const config::Settings &settings)
{
    m_exported->hide();
    if (isVisible())
        m_identity.refresh(store().settings());
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
