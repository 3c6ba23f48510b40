// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "fakeengine.h"
#include "gui/app/guicommandline.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "gui/widgets/settings/listeningpage.h"
#include "settingsfixture.h"

#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::gui;

class TstSettingsAction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensOneDialogWithWhatCounts();
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
                          [](QWidget *, const QString &, const QString &) { return true; }, [] {},
                          nullptr });
    QVERIFY(!app.settingsDialog());
    app.actions().settings->trigger();
    SettingsDialog *dialog = app.settingsDialog();
    QVERIFY(dialog && dialog->isVisible());

    dialog->listening()->port()->setValue(3128);
    dialog->reject();
    QVERIFY(!dialog->isVisible());
    app.actions().settings->trigger();
    QCOMPARE(app.settingsDialog(), dialog);
    QVERIFY(dialog->isVisible());
    QCOMPARE(dialog->listening()->port()->value(), 8080);
}

void TstSettingsAction::loginStartsWithTheSameSettings_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("atLogin");
    using Words = QStringList;
    QTest::newRow("the platform's own file needs no word") << Words() << Words(u"--minimized"_s);
    QTest::newRow("a file that was named is named")
        << Words({ u"--config"_s, u"/etc/my sami.ini"_s })
        << Words({ u"--minimized"_s, u"--config"_s, u"/etc/my sami.ini"_s });
    QTest::newRow("portable stays portable")
        << Words(u"--portable"_s) << Words({ u"--minimized"_s, u"--portable"_s });
    QTest::newRow("what was set by a flag is not kept: it may be a password")
        << Words({ u"--auth-password=secret"_s, u"--auth-username=me"_s })
        << Words(u"--minimized"_s);
}

void TstSettingsAction::loginStartsWithTheSameSettings()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, atLogin);
    const GuiCommandLine commandLine = parseGuiCommandLine(arguments);
    QCOMPARE(argumentsAtLogin(commandLine, settingsPath(commandLine, {})), atLogin);
}

QTEST_MAIN(TstSettingsAction)
#include "tst_settingsaction.moc"
