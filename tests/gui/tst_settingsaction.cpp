// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/version.h"
#include "fakeengine.h"
#include "gui/app/guicommandline.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "gui/widgets/settings/listeningpage.h"
#include "presses.h"
#include "settingsfixture.h"

#include <QLabel>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::gui;

class TstSettingsAction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMarkBesideTheProgramMakesItPortable();
    void eachSettingsFileHasAnIdentity();
    void startAtLoginIsAnOrder();
    void opensOneDialogWithWhatCounts();
    void aboutSaysWhatItSeesAndItsLicences();
    void loginStartsWithTheSameSettings_data();
    void loginStartsWithTheSameSettings();
};

void TstSettingsAction::opensOneDialogWithWhatCounts()
{
    const SettingsFixture file;
    SettingsStore store(file.input());
    QVERIFY(store.open());
    LogTap tap;
    TrayApplication app(store, std::make_unique<FakeEngine>(), tap,
                        { [] { return false; },
                          [](QWidget *, const Question &) { return std::optional(0); }, [] {},
                          nullptr });
    QVERIFY(!app.settingsDialog());
    trigger(app.actions().settings);
    SettingsDialog *dialog = app.settingsDialog();
    QVERIFY(dialog && dialog->isVisible());

    dialog->listening()->port()->setValue(3128);
    dialog->reject();
    QVERIFY(!dialog->isVisible());
    trigger(app.actions().settings);
    QCOMPARE(app.settingsDialog(), dialog);
    QVERIFY(dialog->isVisible());
    QCOMPARE(dialog->listening()->port()->value(), 8080);
}

void TstSettingsAction::aboutSaysWhatItSeesAndItsLicences()
{
    const SettingsFixture file;
    SettingsStore store(file.input());
    QVERIFY(store.open());
    LogTap tap;
    TrayApplication app(store, std::make_unique<FakeEngine>(), tap,
                        { [] { return false; },
                          [](QWidget *, const Question &) { return std::optional(0); }, [] {},
                          nullptr });
    trigger(app.actions().about);
    QVERIFY(app.about() && app.about()->isVisible());
    QString text;
    for (const QLabel *label : app.about()->findChildren<QLabel *>())
        text += label->text() + u'\n';
    for (const QString &said : { u"bytes and timing, never prompts or tokens"_s, u"MIT"_s,
                                 u"Lesser General Public License"_s, u"SECURITY.md"_s,
                                 QStringLiteral(SAMI_VERSION), QString::fromLatin1(qVersion()) })
        QVERIFY2(text.contains(said), qPrintable(said));
    const QPointer<AboutDialog> first = app.about();
    trigger(app.actions().about);
    QCOMPARE(app.about(), first.data());
    app.about()->reject();
    QTRY_VERIFY(!app.about());
}

void TstSettingsAction::loginStartsWithTheSameSettings_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("atLogin");
    using Words = QStringList;
    QTest::newRow("the platform's own file needs no word") << Words() << Words();
    const QString named = QDir::root().filePath(u"my sami.ini"_s);
    QTest::newRow("a file that was named is named")
        << Words({ u"--config"_s, named }) << Words({ u"--config"_s, named });
    QTest::newRow("portable stays portable") << Words(u"--portable"_s) << Words(u"--portable"_s);
    QTest::newRow("what was set by a flag is not kept: it may be a password")
        << Words({ u"--auth-password=secret"_s, u"--auth-username=me"_s }) << Words();
}

void TstSettingsAction::loginStartsWithTheSameSettings()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, atLogin);
    const GuiCommandLine commandLine = parseGuiCommandLine(arguments);
    QCOMPARE(argumentsAtLogin(commandLine, settingsPath(commandLine, {})), atLogin);
}

void TstSettingsAction::aMarkBesideTheProgramMakesItPortable()
{
    const QDir own(QCoreApplication::applicationDirPath());
    const GuiCommandLine plain = parseGuiCommandLine({});
    QVERIFY(!settingsPath(plain, {}).startsWith(own.path() + u'/'));
    // Next to an AppImage, because this program's own folder is shared with other tests.
    const QTemporaryDir carried;
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("APPIMAGE"),
                       carried.filePath(QStringLiteral("Sami.AppImage")));
    QFile mark(carried.filePath(QStringLiteral("portable.txt")));
    QVERIFY(mark.open(QIODevice::WriteOnly));
    QCOMPARE(settingsPath(plain, environment),
             carried.filePath(QStringLiteral("sami-llm-proxy-tray.ini")));
#ifdef Q_OS_LINUX
    QCOMPARE(stateFolder(plain, environment), carried.filePath(QStringLiteral("state")));
    QCOMPARE(settingsInput(plain, environment).stateFolder, stateFolder(plain, environment));
#endif
}

void TstSettingsAction::eachSettingsFileHasAnIdentity()
{
#ifndef Q_OS_LINUX
    QSKIP("clients speak TLS with the proxy on Linux only");
#endif
    const auto folderOf = [](const QStringList &arguments) {
        return stateFolder(parseGuiCommandLine(arguments), {});
    };
    const QString usual = folderOf({});
    QVERIFY2(usual.endsWith(u"/state"_s), qPrintable(usual));
    QVERIFY(QDir::isAbsolutePath(usual));
    const QString one = folderOf({ u"--config"_s, u"/a/one.ini"_s });
    const QString other = folderOf({ u"--config"_s, u"/a/other.ini"_s });
    QVERIFY2(one.startsWith(usual + u'-'), qPrintable(one));
    QVERIFY(one != other);
}

void TstSettingsAction::startAtLoginIsAnOrder()
{
    QVERIFY(!parseGuiCommandLine({}).startAtLogin);
    QCOMPARE(parseGuiCommandLine({ QStringLiteral("--start-at-login") }).startAtLogin, true);
    QCOMPARE(parseGuiCommandLine({ QStringLiteral("--no-start-at-login") }).startAtLogin, false);
}

QTEST_MAIN(TstSettingsAction)
#include "tst_settingsaction.moc"
