// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What closing, stopping and a missing tray do, with the real window.
#include "gui/app/identity.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/logpage.h"
#include "presses.h"
#include "trayprogram.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QMessageBox>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

class TrayApplicationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsTheProxyAndShowsTheWindow();
    void startsMinimised();
    void startsWithoutTheProxyWhenToldSo();
    void closingHidesAndTheProxyGoesOn();
    void closingSaysOnceThatItGoesOn();
    void theWordAtClosingIsTrue_data();
    void theWordAtClosingIsTrue();
    void withoutATrayClosingMinimises();
    void aTrayThatNeverComesShowsTheWindow();
    void aTrayThatVanishesShowsTheWindow();
    void aTrayThatIsBackSoonShowsNoWindow();
    void aTrayThatComesLateGetsItsIcon();
    void aTrayThatWasGoneGetsANewIcon();
    void stopAsksWhileStreamsAreLive();
    void stopDoesNotAskWhenNothingRuns();
    void whatFinishesAlreadyCanOnlyBeCut();
    void finishingDoesNotCutWhatAnotherHandFinishes();
    void closeAllAsksWhileStreamsAreLive();
    void onlyOneQuestionIsAsked();
    void aQuestionIsAnsweredNoByEnter();
    void isInTheDockWhileAWindowIsOpen();
    void isNotInTheDockWithoutAWindow();
    void aMinimisedWindowStaysInTheDock();
    void openedOnceMoreItShowsItsWindow();
    void aClickThatOpensTheMenuOpensNoWindow();
    void aClickShowsTheWindowAndHidesIt();
    void aDoubleClickIsOneClick();
    void theWindowsPlaceIsKept();
    void theLastPaneIsKept();
    void everyWindowHasTheIcon();
    void theToolTipHasAtMost120Characters();
    void theToolTipWarnsOfAnOpenProxy();
    void everyWayToAPhoneOpensOneDialog();
    void theIconsMenuHasEveryAction();
    void logFilesAreKeptFromOneStartToTheNext();
};

void TrayApplicationTest::startsTheProxyAndShowsTheWindow()
{
    Program program;
    TrayApplication &app = program.run();
    QCOMPARE(program.engine->starts, 1);
    QCOMPARE(app.controller().state(), ProxyState::Running);
    QVERIFY(app.window().isVisible());
}

void TrayApplicationTest::startsMinimised()
{
    Program program;
    TrayApplication &app = program.run(true);
    QVERIFY(!app.window().isVisible());
    QCOMPARE(app.controller().state(), ProxyState::Running);
    trigger(app.actions().open);
    QVERIFY(app.window().isVisible());
}

void TrayApplicationTest::startsWithoutTheProxyWhenToldSo()
{
    Program program;
    Preferences preferences = program.store.preferences();
    preferences.startProxyAtLaunch = false;
    QVERIFY(program.store.savePreferences(preferences));
    TrayApplication &app = program.run();
    QCOMPARE(app.controller().state(), ProxyState::Stopped);
    trigger(app.actions().startStop);
    QCOMPARE(app.controller().state(), ProxyState::Running);
}

void TrayApplicationTest::closingHidesAndTheProxyGoesOn()
{
    Program program;
    TrayApplication &app = program.run();
    app.window().close();
    QVERIFY(!app.window().isVisible());
    QCOMPARE(app.controller().state(), ProxyState::Running);
    QCOMPARE(program.exits, 0);
    QVERIFY(program.questions.isEmpty());
}

void TrayApplicationTest::closingSaysOnceThatItGoesOn()
{
    Program program;
    TrayApplication &app = program.run();
    QVERIFY(!program.store.preferences().closeNoticeShown);
    app.window().close();
    QVERIFY(program.store.preferences().closeNoticeShown);
}

void TrayApplicationTest::theWordAtClosingIsTrue_data()
{
    QTest::addColumn<ProxyState>("state");
    QTest::addColumn<QString>("says");
    QTest::newRow("a proxy that runs") << ProxyState::Running << u"keeps running"_s;
    QTest::newRow("one that finishes its streams") << ProxyState::Draining << u"have finished"_s;
    QTest::newRow("one that cannot start") << ProxyState::Failed << u"is not running"_s;
    QTest::newRow("one that was stopped") << ProxyState::Stopped << u"is stopped"_s;
}

void TrayApplicationTest::theWordAtClosingIsTrue()
{
    QFETCH(ProxyState, state);
    QFETCH(QString, says);
    Program program;
    TrayApplication &app = program.run();
    if (state == ProxyState::Draining) {
        program.addStream();
        app.controller().drain();
    } else if (state != ProxyState::Running) {
        app.controller().stop();
        program.engine->startError = u"127.0.0.1:8080 is taken"_s;
        if (state == ProxyState::Failed)
            start(app.controller());
    }
    QCOMPARE(app.controller().state(), state);
    program.said.clear();
    app.window().close();
    QCOMPARE(program.said.size(), 1);
    QVERIFY2(program.said.first().last().contains(says),
             qPrintable(program.said.first().join(u'|')));
}

void TrayApplicationTest::withoutATrayClosingMinimises()
{
    Program program(false);
    TrayApplication &app = program.run();
    app.window().close();
    QVERIFY(app.window().isVisible());
    QVERIFY(app.window().isMinimized());
    QVERIFY(!program.store.preferences().closeNoticeShown);
    app.show();
    QVERIFY(!app.window().isMinimized());
}

void TrayApplicationTest::aTrayThatNeverComesShowsTheWindow()
{
    Program program(false);
    TrayApplication &app = program.run(true);
    QVERIFY(!app.window().isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(app.window().isVisible(), 30'000);
}

void TrayApplicationTest::aTrayThatVanishesShowsTheWindow()
{
    Program program;
    TrayApplication &app = program.run(true);
    QVERIFY(!app.window().isVisible());
    // The panel crashed, so neither a window nor an icon is left to reach the program.
    program.hasTray = false;
    QTRY_VERIFY_WITH_TIMEOUT(app.window().isVisible(), 30'000);
}

void TrayApplicationTest::aTrayThatIsBackSoonShowsNoWindow()
{
    Program program;
    TrayApplication &app = program.run(true);
    QSignalSpy changes(&app.tray(), &TrayIcon::hostChanged);
    program.hasTray = false;
    QTRY_COMPARE_WITH_TIMEOUT(changes.size(), 1, 15'000);
    program.hasTray = true;
    QTRY_COMPARE_WITH_TIMEOUT(changes.size(), 2, 15'000);
    QTest::qWait(int(std::chrono::milliseconds(TrayApplication::trayPatience).count()) + 500);
    QVERIFY(!app.window().isVisible());
}

void TrayApplicationTest::aTrayThatComesLateGetsItsIcon()
{
    Program program(false);
    TrayApplication &app = program.run(true);
    QVERIFY(!app.tray().icon());
    program.hasTray = true;
    QTRY_VERIFY_WITH_TIMEOUT(app.tray().icon(), 15'000);
    QVERIFY(app.tray().icon()->isVisible());
    QVERIFY(!app.window().isVisible());
}

void TrayApplicationTest::aTrayThatWasGoneGetsANewIcon()
{
    Program program;
    TrayApplication &app = program.run();
    QPointer<const QSystemTrayIcon> first = app.tray().icon();
    QVERIFY(first);
    program.hasTray = false;
    // Without a tray, closing must not make the window vanish.
    app.window().close();
    QVERIFY(app.window().isMinimized());
    QSignalSpy ticks(&app.controller(), &ProxyController::ticked);
    QTRY_VERIFY_WITH_TIMEOUT(ticks.count() >= 3, 15'000); // time to poll for the tray
    program.hasTray = true;
    QTRY_VERIFY_WITH_TIMEOUT(app.tray().icon() && app.tray().icon() != first, 15'000);
    QVERIFY(!first);
}

void TrayApplicationTest::stopAsksWhileStreamsAreLive()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    trigger(app.actions().startStop);
    QCOMPARE(program.questions.size(), 1);
    QCOMPARE(program.actions.size(), 2);
    QCOMPARE(app.controller().state(), ProxyState::Running);
    program.answer = 0;
    trigger(app.actions().startStop);
    QCOMPARE(app.controller().state(), ProxyState::Draining);
}

void TrayApplicationTest::stopDoesNotAskWhenNothingRuns()
{
    Program program;
    TrayApplication &app = program.run();
    trigger(app.actions().startStop);
    QVERIFY(program.questions.isEmpty());
    QCOMPARE(app.controller().state(), ProxyState::Stopped);
}

void TrayApplicationTest::whatFinishesAlreadyCanOnlyBeCut()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    trigger(app.actions().drain);
    QCOMPARE(app.controller().state(), ProxyState::Draining);
    trigger(app.actions().startStop);
    QCOMPARE(program.actions.size(), 1);
    QCOMPARE(app.controller().state(), ProxyState::Draining);
    program.answer = 0;
    trigger(app.actions().startStop);
    QCOMPARE(app.controller().state(), ProxyState::Stopped);
}

void TrayApplicationTest::finishingDoesNotCutWhatAnotherHandFinishes()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    program.answer = 0;
    program.whileAsked = [&app] { app.actions().drain->trigger(); };
    trigger(app.actions().startStop);
    QCOMPARE(app.controller().state(), ProxyState::Draining);
}

void TrayApplicationTest::closeAllAsksWhileStreamsAreLive()
{
    Program program;
    TrayApplication &app = program.run();
    trigger(app.actions().closeAll);
    QVERIFY(program.questions.isEmpty());
    QCOMPARE(program.engine->closesOfAll, 1);
    program.addStream();
    trigger(app.actions().closeAll);
    QCOMPARE(program.questions.size(), 1);
    QCOMPARE(program.engine->closesOfAll, 1);
    program.answer = 0;
    trigger(app.actions().closeAll);
    QCOMPARE(program.engine->closesOfAll, 2);
}

void TrayApplicationTest::onlyOneQuestionIsAsked()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    program.whileAsked = [&app] { app.actions().quit->trigger(); };
    trigger(app.actions().startStop);
    QCOMPARE(program.questions.size(), 1);
    QCOMPARE(program.exits, 0);
}

void TrayApplicationTest::aQuestionIsAnsweredNoByEnter()
{
    QStringList words;
    QTimer hand;
    connect(&hand, &QTimer::timeout, this, [&] {
        auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
        if (!box || !box->isVisible())
            return;
        hand.stop();
        for (const QAbstractButton *button : box->buttons())
            words.append(button->text());
        QTest::keyClick(box, Qt::Key_Return);
    });
    hand.start(std::chrono::milliseconds(20));
    QVERIFY(
        !TrayApplication::desktop().ask(nullptr, { u"Stop"_s, u"Streams"_s, { u"Cut A&B"_s } }));
    QVERIFY2(words.contains(u"Cut A&&B"_s), qPrintable(words.join(u',')));
}

void TrayApplicationTest::isInTheDockWhileAWindowIsOpen()
{
    Program program;
    TrayApplication &app = program.run();
    QCOMPARE(program.dock, QList<bool>({ true }));
    trigger(app.actions().settings);
    app.window().close();
    QCoreApplication::processEvents();
    // The settings are still open.
    QCOMPARE(program.dock, QList<bool>({ true }));
    app.settingsDialog()->close();
    QTRY_COMPARE(program.dock, QList<bool>({ true, false }));
    app.show();
    QCOMPARE(program.dock, QList<bool>({ true, false, true }));
}

void TrayApplicationTest::isNotInTheDockWithoutAWindow()
{
    Program program;
    TrayApplication &app = program.run(true);
    QVERIFY(program.dock.isEmpty());
    app.tray().menu().popup({});
    QVERIFY(app.tray().menu().isVisible());
    app.tray().menu().close();
    QCoreApplication::processEvents();
    QVERIFY(program.dock.isEmpty());
}

void TrayApplicationTest::aMinimisedWindowStaysInTheDock()
{
    Program program;
    TrayApplication &app = program.run();
    app.window().showMinimized();
    QCoreApplication::processEvents();
    QCOMPARE(program.dock, QList<bool>({ true }));
}

void TrayApplicationTest::openedOnceMoreItShowsItsWindow()
{
    Program program;
    TrayApplication &app = program.run(true);
    program.desktop.reopened();
    QVERIFY(app.window().isVisible());
    program.app.reset();
    program.desktop.reopened(); // late: the program is gone
}

void TrayApplicationTest::aClickThatOpensTheMenuOpensNoWindow()
{
    Program program;
    TrayApplication &app = program.run(true);
    Q_EMIT app.tray().activated();
    QVERIFY(app.window().isVisible());
    program.app.reset();
    program.trayClickOpensMenu = true;
    TrayApplication &mac = program.run(true);
    Q_EMIT mac.tray().activated();
    QVERIFY(!mac.window().isVisible());
}

void TrayApplicationTest::aClickShowsTheWindowAndHidesIt()
{
    const int before = QApplication::doubleClickInterval();
    QApplication::setDoubleClickInterval(0);
    const auto restore = qScopeGuard([before] { QApplication::setDoubleClickInterval(before); });
    Program program;
    TrayApplication &app = program.run();
    const auto click = [&app] {
        QCoreApplication::processEvents(); // finish the previous one
        Q_EMIT app.tray().activated();
    };
    app.window().resize(777, 555);
    click();
    QVERIFY(!app.window().isVisible());
    QVERIFY(!program.store.preferences().windowGeometry.isEmpty());
    QCOMPARE(app.controller().state(), ProxyState::Running);
    click();
    QVERIFY(app.window().isVisible());
    app.window().showMinimized();
    click();
    QVERIFY(app.window().isVisible() && !app.window().isMinimized());
}

void TrayApplicationTest::aDoubleClickIsOneClick()
{
    Program program;
    TrayApplication &app = program.run(true);
    Q_EMIT app.tray().activated();
    Q_EMIT app.tray().activated();
    QVERIFY(app.window().isVisible());
}

void TrayApplicationTest::theLastPaneIsKept()
{
    Program program;
    TrayApplication &app = program.run();
    app.window().tabs()->setCurrentWidget(app.window().log());
    app.window().connections()->lower()->setCurrentIndex(2);
    app.window().close();
    program.app.reset();
    SettingsStore again({ program.store.path(), {}, {} });
    QVERIFY(again.open());
    QCOMPARE(again.preferences().pane, u"log"_s);
    QCOMPARE(again.preferences().lowerPane, u"hosts"_s);
    TrayApplication &next = program.run();
    QCOMPARE(next.window().tabs()->currentWidget(), next.window().log());
    QCOMPARE(next.window().connections()->lower()->currentIndex(), 2);
}

void TrayApplicationTest::everyWindowHasTheIcon()
{
    setDesktopIdentity();
    Program program;
    TrayApplication &app = program.run();
    app.showFirstSteps();
    trigger(app.actions().settings);
    trigger(app.actions().about);
    QMessageBox box;
    const QList<const QWidget *> windows { &app.window(), app.firstSteps(), app.settingsDialog(),
                                           app.about(), &box };
    for (const QWidget *window : windows)
        QVERIFY2(!window->windowIcon().isNull(), window->metaObject()->className());
    QCOMPARE(QGuiApplication::desktopFileName(), u"sami-llm-proxy-tray"_s);
}

void TrayApplicationTest::theWindowsPlaceIsKept()
{
    Program program;
    program.run().window().resize(777, 555);
    program.app->quit(false);
    program.app.reset();
    QCOMPARE(program.run().window().size(), QSize(777, 555));
}

void TrayApplicationTest::theToolTipHasAtMost120Characters()
{
    Program program;
    TrayApplication &app = program.run();
    program.engine->addConnections(12'345);
    app.controller().tick();
    program.engine->sums.down = 999'999'999'999;
    app.controller().tick();
    const QString text = app.tray().toolTip();
    QVERIFY2(text.size() <= 120, qPrintable(text));
    QVERIFY2(text.startsWith(u"Running at 127.0.0.1:8080\n"_s), qPrintable(text));
    QVERIFY2(text.contains(u"12345"_s) || text.contains(u"12,345"_s), qPrintable(text));
}

void TrayApplicationTest::theToolTipWarnsOfAnOpenProxy()
{
    Program program;
    TrayApplication &app = program.run();
    QVERIFY(!app.tray().toolTip().contains(u"ANYONE"_s));
    config::Settings settings = app.controller().settings();
    settings.listen.address = QHostAddress(QHostAddress::AnyIPv4);
    QVERIFY(applied(app.controller(), settings));
    QVERIFY2(app.tray().toolTip().contains(u"Open to ANYONE"_s), qPrintable(app.tray().toolTip()));
    app.controller().stop();
    QVERIFY2(!app.tray().toolTip().contains(u"ANYONE"_s), "nobody can use it now");
}

void TrayApplicationTest::everyWayToAPhoneOpensOneDialog()
{
    Program program;
    TrayApplication &app = program.run();
    QVERIFY(!app.sharing());
    trigger(app.actions().share);
    ShareDialog *dialog = app.sharing();
    QVERIFY(dialog && dialog->isVisible());
    dialog->close();
    app.showFirstSteps();
    Q_EMIT app.firstSteps()->shareRequested();
    QVERIFY(dialog->isVisible());
    dialog->close();
    trigger(app.actions().settings);
    Q_EMIT app.settingsDialog()->shareRequested();
    QVERIFY(dialog->isVisible());
    QCOMPARE(app.sharing(), dialog);
    const QList<QAction *> copying = app.actions().copyAddress()->actions();
    QVERIFY(copying.contains(app.actions().share));
    // Its text says what is left to do.
    QVERIFY(app.actions().share->text().startsWith(u"Open for"_s));
    config::Settings settings = app.controller().settings();
    settings.listen.address = QHostAddress(QHostAddress::AnyIPv4);
    QVERIFY(applied(app.controller(), settings));
    QVERIFY(app.actions().share->text().contains(u"QR code"_s));
}

void TrayApplicationTest::theIconsMenuHasEveryAction()
{
    Program program;
    TrayApplication &app = program.run();
    const QList<QAction *> entries = app.tray().menu().actions();
    const AppActions &actions = app.actions();
    for (QAction *action :
         { actions.open, actions.startStop, actions.drain, actions.share, actions.closeAll,
           actions.settings, actions.quit, actions.copyAddress()->menuAction(),
           actions.copySettings()->menuAction() })
        QVERIFY2(entries.contains(action), qPrintable(action->text()));
}

void TrayApplicationTest::logFilesAreKeptFromOneStartToTheNext()
{
    Program program;
    program.log.files().setFolder(program.folder.filePath(u"logs"_s));
    program.run();
    QVERIFY(!program.log.files().isOn());
    click(program.app->window().log()->keepFiles());
    QVERIFY(program.store.preferences().keepsLogFiles);
    program.app.reset();
    program.log.files().setOn(false); // as after a fresh start
    program.run();
    QVERIFY(program.log.files().isOn());
    program.app->window().tabs()->setCurrentWidget(program.app->window().log());
    QVERIFY(program.app->window().log()->keepFiles()->isChecked());
    click(program.app->window().log()->keepFiles());
    QVERIFY(!program.store.preferences().keepsLogFiles);
}

QTEST_MAIN(TrayApplicationTest)
#include "tst_trayapplication.moc"
