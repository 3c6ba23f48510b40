// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What the page says about the certificate that clients see, with a real one on disk.
#include "door/identitycommands.h"
#include "gui/control/dooridentity.h"
#include "settingsdialogrig.h"

#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstEncryptionPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theOwnCertificateIsShown();
    void thePinIsCopied();
    void theCertificateIsExported();
    void anExportThatFailsIsSaid();
    void aFileIsShownInItsPlace();
    void whatElseThereIs_data();
    void whatElseThereIs();
    void theNextLookSeesWhatWasMade();
    void ofSeveralLooksTheLastCounts();
    void aPageThatIsGoneHearsNothing();
};

namespace {

constexpr int encryptionPage = 2;

/// A settings file, and a state folder in which the proxy has made its key.
struct Fixture : SettingsFixture
{
    explicit Fixture(bool isMade = true)
    {
        stateFolder = folder.filePath(u"state"_s);
        if (isMade)
            make();
    }
    void make()
    {
        QDir().mkdir(stateFolder);
        QFile::setPermissions(stateFolder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        pin = door::identityPin(settings()).value().trimmed();
        certificate = door::exportedCertificate(settings()).value();
    }
    [[nodiscard]] config::Settings settings() const
    {
        config::Settings settings = SettingsStore::defaults();
        settings.state = { stateFolder, stateFolder };
        return settings;
    }
    QByteArray pin;
    QByteArray certificate;
};

QString text(const SettingsDialogRig &rig)
{
    return everyText(*rig.input("PROXY_TLS")->parentWidget()->parentWidget());
}

void open(SettingsDialogRig &rig)
{
    rig.dialog.show();
    rig.dialog.pages()->setCurrentRow(encryptionPage);
}

QLineEdit *pinOf(const SettingsDialogRig &rig)
{
    for (auto *edit : rig.dialog.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == u"Pin"_s)
            return edit;
    }
    return nullptr;
}

QPushButton *exportButton(const SettingsDialogRig &rig)
{
    for (auto *button : rig.dialog.findChildren<QPushButton *>()) {
        if (button->text().contains(u"xport certificate"_s))
            return button;
    }
    return nullptr;
}

QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void TstEncryptionPage::initTestCase()
{
#ifndef Q_OS_LINUX
    QSKIP("clients speak TLS with the proxy on Linux only");
#endif
}

void TstEncryptionPage::theOwnCertificateIsShown()
{
    const Fixture file;
    SettingsDialogRig rig(file);
    open(rig);
    QTRY_COMPARE(pinOf(rig)->text().toLatin1(), file.pin);
    QVERIFY(file.pin.startsWith("sha256//"));
    QVERIFY(pinOf(rig)->isVisible() && pinOf(rig)->isReadOnly());
    QVERIFY2(text(rig).contains(u"that the program has made for itself, good until "_s),
             qPrintable(text(rig)));
    // Valid for 397 days, starting a day early.
    const QDate end = QDate::currentDate().addDays(396);
    QVERIFY2(text(rig).contains(QLocale().toString(end, QLocale::ShortFormat)),
             qPrintable(text(rig)));
    QVERIFY2(!rig.button(QDialogButtonBox::Apply)->isEnabled(), "to look is no change");
}

void TstEncryptionPage::thePinIsCopied()
{
    const Fixture file;
    SettingsDialogRig rig(file);
    open(rig);
    QTRY_VERIFY(!pinOf(rig)->text().isEmpty());
    QGuiApplication::clipboard()->clear();
    pinOf(rig)->parentWidget()->findChild<QToolButton *>()->click();
    QCOMPARE(QGuiApplication::clipboard()->text().toLatin1(), file.pin);
}

void TstEncryptionPage::theCertificateIsExported()
{
    const Fixture file;
    SettingsDialogRig rig(file);
    open(rig);
    QTRY_VERIFY(exportButton(rig)->isVisible());
    rig.savedAs.clear();
    exportButton(rig)->click();
    QCOMPARE(rig.wishes.size(), 1);
    QVERIFY(rig.wishes.first().start.endsWith(u"/sami-llm-proxy.crt"_s));
    QVERIFY2(!text(rig).contains(u"Saved"_s), "the dialog was closed");

    rig.savedAs = file.folder.filePath(u"proxy.crt"_s);
    exportButton(rig)->click();
    QTRY_VERIFY2(text(rig).contains(u"Saved as "_s + rig.savedAs), qPrintable(text(rig)));
    QCOMPARE(content(rig.savedAs), file.certificate);
    QVERIFY(!content(rig.savedAs).contains("PRIVATE"));
}

void TstEncryptionPage::anExportThatFailsIsSaid()
{
    const Fixture file;
    SettingsDialogRig rig(file);
    open(rig);
    QTRY_VERIFY(exportButton(rig)->isVisible());
    rig.savedAs = file.folder.filePath(u"nowhere/proxy.crt"_s);
    exportButton(rig)->click();
    QTRY_VERIFY2(text(rig).contains(u"Not saved as "_s + rig.savedAs), qPrintable(text(rig)));
}

void TstEncryptionPage::aFileIsShownInItsPlace()
{
    Fixture file;
    // The files of another fixture play the operator's.
    const Fixture other;
    file.environment.insert(u"PROXY_TLS_CERT_FILE"_s, other.stateFolder + u"/identity.crt"_s);
    file.environment.insert(u"PROXY_TLS_KEY_FILE"_s, other.stateFolder + u"/identity.key"_s);
    SettingsDialogRig rig(file);
    open(rig);
    QTRY_COMPARE(pinOf(rig)->text().toLatin1(), other.pin);
    QVERIFY2(text(rig).contains(u"the certificate in the file, good until "_s),
             qPrintable(text(rig)));
}

void TstEncryptionPage::whatElseThereIs_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<bool>("hasFolder");
    QTest::addColumn<QString>("words");
    QTest::newRow("no folder, no file") << QString() << false << u"there is no certificate"_s;
    QTest::newRow("a proxy that has not been started")
        << QString() << true << u"when the proxy starts"_s;
    QTest::newRow("TLS is off") << u"tls = off\n"_s << true << u"TLS is off"_s;
}

void TstEncryptionPage::whatElseThereIs()
{
    QFETCH(const QString, setting);
    QFETCH(const bool, hasFolder);
    QFETCH(const QString, words);
    Fixture file(false);
    if (!hasFolder)
        file.stateFolder.clear();
    file.write(setting.toUtf8());
    SettingsDialogRig rig(file);
    open(rig);
    QTRY_VERIFY2(text(rig).contains(words), qPrintable(text(rig)));
    QVERIFY(!pinOf(rig)->isVisible());
    QVERIFY(!exportButton(rig)->isVisible());
    QVERIFY2(!QFile::exists(file.stateFolder), "to look makes nothing");
}

void TstEncryptionPage::theNextLookSeesWhatWasMade()
{
    Fixture file(false);
    SettingsDialogRig rig(file);
    open(rig);
    QTRY_VERIFY(text(rig).contains(u"when the proxy starts"_s));
    file.make();
    rig.dialog.pages()->setCurrentRow(0);
    rig.dialog.pages()->setCurrentRow(encryptionPage);
    QTRY_COMPARE(pinOf(rig)->text().toLatin1(), file.pin);
}

void TstEncryptionPage::ofSeveralLooksTheLastCounts()
{
    const Fixture one;
    const Fixture other;
    DoorIdentity identity;
    QSignalSpy refreshed(&identity, &DoorIdentity::refreshed);
    identity.refresh(one.settings());
    identity.refresh(other.settings());
    QVERIFY2(refreshed.isEmpty(), "never from inside a call");
    QTRY_COMPARE(identity.shown().pin, other.pin);
    QCOMPARE(refreshed.size(), 1);
}

void TstEncryptionPage::aPageThatIsGoneHearsNothing()
{
    const Fixture file;
    bool isHeard = false;
    {
        DoorIdentity identity;
        connect(&identity, &DoorIdentity::refreshed, this, [&isHeard] { isHeard = true; });
        identity.refresh(file.settings());
    }
    DoorIdentity later;
    later.refresh(file.settings());
    QTRY_COMPARE(later.shown().pin, file.pin); // done by the same thread, after the first
    QVERIFY(!isHeard);
}

QTEST_MAIN(TstEncryptionPage)
#include "tst_encryptionpage.moc"
