// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Who is blocked and which refusals are new: visible where users look, lifted with one click.
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "gui/models/deniedmodel.h"
#include "gui/text/wording.h"
#include "gui/widgets/blockspanel.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/mainwindow.h"
#include "guirig.h"
#include "presses.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const QHostAddress guesser(u"192.0.2.9"_s);

/// The main window over a scripted core.
struct Window
{
    Window() : actions(rig.controller), window(rig.controller, actions, log) { window.show(); }

    void refuse(const char *client, const char *host, const char *reason)
    {
        const auto row = FakeEngine::makeRefusal(client, host, 443, reason);
        for (auto &known : rig.engine->refused) {
            if (known.client == row.client && known.destination == row.destination
                && known.reason == row.reason) {
                ++known.count;
                ++rig.engine->sums.refused;
                return;
            }
        }
        rig.engine->refused.append(row);
        ++rig.engine->sums.refused;
    }
    [[nodiscard]] QString tab() const
    {
        return window.tabs()->tabText(window.tabs()->indexOf(window.denied()));
    }
    [[nodiscard]] QString spoken() const
    {
        return window.tabs()->tabBar()->accessibleTabName(window.tabs()->indexOf(window.denied()));
    }
    [[nodiscard]] QPushButton *blockedButton() const
    {
        return window.statusBar()->findChild<QPushButton *>();
    }
    [[nodiscard]] BlocksPanel *blocks() const { return window.denied()->blocks(); }
    void look(QWidget *page) { window.tabs()->setCurrentWidget(page); }

    GuiRig rig;
    LogTap log;
    AppActions actions;
    MainWindow window;
};

QMenu *menuOf(QTableView *table)
{
    Q_EMIT table->customContextMenuRequested(table->visualRect(table->currentIndex()).center());
    return qobject_cast<QMenu *>(QApplication::activePopupWidget());
}

QAction *actionOf(const QMenu *menu, const QString &text)
{
    for (QAction *action : menu->actions()) {
        if (QString(action->text()).remove(u'&') == text)
            return action;
    }
    return nullptr;
}

} // namespace

class TstBlocks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBlockStandsAtTheTop();
    void aBlockIsLiftedByTheKeyboard();
    void severalAreLiftedTogether();
    void aBlockThatIsOverIsSaid();
    void anEndThatStaysDoesNotMove();
    void anyPageLeadsToABlock();
    void theNoticeLeadsToTheBlock();
    void everyRowOfABlockedClientOffersToLiftIt();
    void newRefusalsAreCountedOnTheTab();
    void whatWasSeenIsNotNew();
    void theFirstHalfOfASignInIsNoNews();
    void nothingIsNewAfterARestart();
    void aHiddenWindowCountsNothing();
    void theMenuFiltersCopiesAndLeadsToTheLog();
    void theKeyboardOpensTheMenuOfARowOutOfView();
};

void TstBlocks::aBlockStandsAtTheTop()
{
    Window w;
    w.look(w.window.denied());
    QVERIFY(!w.blocks()->isVisible());
    w.rig.engine->blocked = { { guesser, 292s }, { QHostAddress(u"2001:db8:1:2::"_s), 60s } };
    w.rig.controller.tick();
    QVERIFY(w.blocks()->isVisible());
    QVERIFY(w.blocks()->y() < w.window.denied()->table()->y());
    const QAbstractItemModel *rows = w.blocks()->table()->model();
    QCOMPARE(rows->rowCount(), 2);
    QCOMPARE(rows->index(0, 0).data().toString(), u"192.0.2.9"_s);
    QCOMPARE(rows->index(0, 2).data().toString(), u"4m 52s"_s);
    QVERIFY(!rows->index(0, 1).data().toString().isEmpty());
    QCOMPARE(rows->index(1, 0).data().toString(), u"2001:db8:1:2::/64"_s);
    QVERIFY(!w.blocks()->table()->accessibleName().isEmpty());
    w.rig.engine->blocked.clear();
    w.rig.controller.tick();
    QVERIFY(!w.blocks()->isVisible());
}

void TstBlocks::aBlockIsLiftedByTheKeyboard()
{
    Window w;
    w.rig.engine->blocked = { { guesser, 292s } };
    w.window.showDenied();
    QVERIFY(QTest::qWaitForWindowActive(&w.window));
    QCOMPARE(w.window.focusWidget(), w.blocks()->table());
    QCOMPARE(w.blocks()->liftButton()->text(), u"Lift the block of 192.0.2.9"_s);
    for (int i = 0; i < 20 && w.window.focusWidget() != w.blocks()->liftButton(); ++i)
        QTest::keyClick(&w.window, Qt::Key_Tab);
    QTest::keyClick(w.blocks()->liftButton(), Qt::Key_Space);
    settle();
    QCOMPARE(w.rig.engine->lifted, QList<QHostAddress> { guesser });
    QVERIFY(w.blocks()->isVisible());
    QVERIFY(w.blocks()->result()->isVisible());
    QVERIFY2(w.blocks()->result()->text().contains(u"192.0.2.9"_s),
             qPrintable(w.blocks()->result()->text()));
    // The result stays until the user leaves the page.
    w.rig.controller.tick();
    QVERIFY(w.blocks()->isVisible());
    w.look(w.window.log());
    w.look(w.window.denied());
    QVERIFY(!w.blocks()->isVisible());
}

void TstBlocks::severalAreLiftedTogether()
{
    Window w;
    for (int i = 1; i <= 6; ++i)
        w.rig.engine->blocked.append({ QHostAddress(u"192.0.2.%1"_s.arg(i)), 60s });
    w.look(w.window.denied());
    w.blocks()->table()->selectAll();
    QCOMPARE(w.blocks()->liftButton()->text(), u"Lift 6 block(s)"_s);
    click(w.blocks()->liftButton());
    QCOMPARE(w.rig.engine->lifted.size(), 6);
    QVERIFY(w.rig.engine->blocked.isEmpty());
}

void TstBlocks::aBlockThatIsOverIsSaid()
{
    Window w;
    w.rig.engine->blocked = { { guesser, 1s } };
    w.look(w.window.denied());
    w.rig.engine->blocked.clear();
    click(w.blocks()->liftButton());
    QVERIFY2(w.blocks()->result()->text().startsWith(u"The block was over already"_s),
             qPrintable(w.blocks()->result()->text()));
}

void TstBlocks::anEndThatStaysDoesNotMove()
{
    Window w;
    w.rig.engine->blocked = { { guesser, 292s } };
    w.look(w.window.denied());
    const QString until = w.blocks()->table()->model()->index(0, 1).data().toString();
    w.rig.engine->blocked.first().left = 291s; // rounds differently within the same second
    w.rig.controller.tick();
    QCOMPARE(w.blocks()->table()->model()->index(0, 1).data().toString(), until);
    QCOMPARE(w.blocks()->table()->model()->index(0, 2).data().toString(), u"4m 51s"_s);
}

void TstBlocks::anyPageLeadsToABlock()
{
    Window w;
    w.look(w.window.log());
    QVERIFY(w.blockedButton());
    QVERIFY(!w.blockedButton()->isVisible());
    w.rig.engine->blocked = { { guesser, 292s } };
    w.rig.controller.tick();
    QVERIFY(w.blockedButton()->isVisible());
    QCOMPARE(w.blockedButton()->text(), u"1 client(s) blocked"_s);
    click(w.blockedButton());
    QCOMPARE(w.window.tabs()->currentWidget(), w.window.denied());
    QVERIFY(w.blocks()->isVisible());
    click(w.blocks()->liftButton());
    w.rig.controller.tick();
    QVERIFY(!w.blockedButton()->isVisible());
}

void TstBlocks::theNoticeLeadsToTheBlock()
{
    QTemporaryDir folder;
    SettingsStore store({ folder.filePath(u"settings.ini"_s), {}, {} });
    QVERIFY(store.open());
    LogTap log;
    auto *engine = new FakeEngine;
    TrayApplication app(store, std::unique_ptr<server::Engine>(engine), log,
                        { [] { return true; },
                          [](QWidget *, const Question &) { return std::nullopt; }, [] {}, nullptr,
                          [](bool) {}, [](macdesktop::Events) {}, false });
    app.start(true);
    engine->blocked = { { guesser, 292s } };
    app.controller().tick();
    Q_EMIT app.tray().messageClicked();
    QVERIFY(app.window().isVisible());
    QCOMPARE(app.window().tabs()->currentWidget(), app.window().denied());
    QVERIFY(app.window().denied()->blocks()->isVisible());
    // A later notice leads nowhere else, whatever it is about.
    app.window().tabs()->setCurrentIndex(0);
    app.window().close(); // says once that the proxy keeps running
    Q_EMIT app.tray().messageClicked();
    QVERIFY(app.window().isVisible());
    QCOMPARE(app.window().tabs()->currentIndex(), 0);
    app.controller().stop();
    engine->startError = u"the port is taken"_s;
    start(app.controller());
    Q_EMIT app.tray().messageClicked();
    QCOMPARE(app.window().tabs()->currentIndex(), 0);
}

void TstBlocks::everyRowOfABlockedClientOffersToLiftIt()
{
    Window w;
    w.refuse("192.0.2.9", "a.example", "credentials_wrong");
    w.refuse("192.0.2.1", "a.example", "credentials_wrong");
    w.rig.engine->blocked = { { guesser, 292s } };
    w.look(w.window.denied());
    QTableView *table = w.window.denied()->table();
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        table->setCurrentIndex(table->model()->index(row, 0));
        const bool isGuessers = table->currentIndex().siblingAtColumn(DeniedModel::Client).data()
            == QVariant(u"192.0.2.9"_s);
        QMenu *menu = menuOf(table);
        QVERIFY(menu);
        QCOMPARE(actionOf(menu, u"Lift the block of 192.0.2.9"_s) != nullptr, isGuessers);
        QCOMPARE(w.window.denied()->remedyButton()->isVisible(), isGuessers);
        menu->close();
    }
}

void TstBlocks::newRefusalsAreCountedOnTheTab()
{
    Window w;
    QCOMPARE(w.tab(), u"&Denied"_s);
    w.refuse("192.0.2.1", "a.example", "host_not_listed");
    w.refuse("192.0.2.1", "a.example", "host_not_listed");
    w.refuse("192.0.2.2", "b.example", "port_not_listed");
    w.rig.controller.tick();
    QCOMPARE(w.tab(), u"&Denied (2)"_s);
    QVERIFY2(w.spoken().contains(u"2 new refusal"_s) && w.spoken().startsWith(u"Denied"_s),
             qPrintable(w.spoken()));
    w.look(w.window.denied());
    QCOMPARE(w.tab(), u"&Denied"_s);
    QCOMPARE(w.spoken(), QString());
    for (int i = 0; i < 150; ++i)
        w.refuse("192.0.2.3", QByteArray("h" + QByteArray::number(i)).constData(), "x");
    w.look(w.window.log());
    w.rig.controller.tick();
    QCOMPARE(w.tab(), u"&Denied (99+)"_s);
}

void TstBlocks::whatWasSeenIsNotNew()
{
    Window w;
    w.refuse("192.0.2.1", "a.example", "host_not_listed");
    w.look(w.window.denied());
    w.rig.controller.tick();
    w.look(w.window.connections());
    w.rig.controller.tick();
    QCOMPARE(w.tab(), u"&Denied"_s);
    w.refuse("192.0.2.1", "a.example", "host_not_listed"); // the same again
    w.rig.controller.tick();
    QCOMPARE(w.tab(), u"&Denied (1)"_s);
    // What arrives while the user looks counts as seen.
    w.look(w.window.denied());
    w.refuse("192.0.2.2", "b.example", "host_not_listed");
    w.rig.controller.tick();
    w.look(w.window.log());
    w.rig.controller.tick();
    QCOMPARE(w.tab(), u"&Denied"_s);
}

void TstBlocks::theFirstHalfOfASignInIsNoNews()
{
    Window w;
    w.refuse("192.0.2.1", "a.example", "credentials_missing");
    w.rig.engine->refused.append(
        FakeEngine::makeRefusal("192.0.2.1", "b.example", 443, "host_not_listed"));
    w.rig.engine->refused.last().isReported = true;
    w.rig.controller.tick();
    QCOMPARE(w.tab(), u"&Denied"_s);
}

void TstBlocks::nothingIsNewAfterARestart()
{
    Window w;
    for (int i = 0; i < 5; ++i)
        w.refuse("192.0.2.1", "a.example", "host_not_listed");
    w.look(w.window.denied());
    w.rig.controller.tick();
    w.look(w.window.log());
    w.rig.controller.stop();
    w.rig.controller.tick();
    start(w.rig.controller);
    w.rig.controller.tick();
    QCOMPARE(w.tab(), u"&Denied"_s);
    // The new proxy counts from one; its refusals are new all the same.
    w.refuse("192.0.2.1", "a.example", "host_not_listed");
    w.rig.controller.tick();
    QCOMPARE(w.tab(), u"&Denied (1)"_s);
}

void TstBlocks::aHiddenWindowCountsNothing()
{
    Window w;
    w.window.hide();
    w.refuse("192.0.2.1", "a.example", "host_not_listed");
    const int reads = w.rig.engine->refusalReads;
    w.rig.controller.tick();
    QCOMPARE(w.rig.engine->refusalReads, reads);
    w.window.show();
    w.rig.controller.tick();
    QCOMPARE(w.rig.engine->refusalReads, reads + 1);
    w.rig.controller.tick(); // no refusal since
    QCOMPARE(w.rig.engine->refusalReads, reads + 1);
    QCOMPARE(w.tab(), u"&Denied (1)"_s);
}

void TstBlocks::theMenuFiltersCopiesAndLeadsToTheLog()
{
    Window w;
    w.refuse("192.0.2.1", "a.example", "host_not_listed");
    w.refuse("192.0.2.2", "b.example", "port_not_listed");
    w.log.put("2026-11-26T02:00:00.000Z INFO  closed id=1 client=192.0.2.1 CONNECT a.example:443 "
              "status=403 up=0 down=0 silence=1ms duration=1ms by=proxy how=refused "
              "reason=host_not_listed\n2026-11-26T02:00:00.000Z INFO  started\n");
    w.look(w.window.denied());
    DeniedPage *page = w.window.denied();
    QTableView *table = page->table();
    table->sortByColumn(DeniedModel::Client, Qt::AscendingOrder);
    const auto choose = [&](const QString &text) {
        table->setCurrentIndex(table->model()->index(0, 0));
        QMenu *menu = menuOf(table);
        QAction *action = menu ? actionOf(menu, text) : nullptr;
        if (!action)
            return false;
        trigger(action);
        menu->close();
        return true;
    };
    auto *search = page->findChild<QLineEdit *>();
    for (const auto &[text, words] :
         { std::pair(u"Only this client"_s, u"192.0.2.1"_s),
           std::pair(u"Only this destination"_s, u"a.example"_s),
           std::pair(u"Only this reason"_s, Wording::reason("host_not_listed")) }) {
        QVERIFY2(choose(text), qPrintable(text));
        QCOMPARE(search->text(), words);
        QCOMPARE(table->model()->rowCount(), 1);
        search->clear();
    }
    QVERIFY(choose(u"Copy client"_s));
    QCOMPARE(QApplication::clipboard()->text(), u"192.0.2.1"_s);
    QVERIFY(choose(u"Copy destination"_s));
    QCOMPARE(QApplication::clipboard()->text(), u"a.example"_s);
    QVERIFY(choose(u"Copy"_s));
    QVERIFY(QApplication::clipboard()->text().contains(Wording::reason("host_not_listed")));
    QVERIFY(choose(u"Show in the log"_s));
    QCOMPARE(w.window.tabs()->currentWidget(), w.window.log());
    QCOMPARE(w.window.log()->view()->model()->rowCount(), 1);
}

void TstBlocks::theKeyboardOpensTheMenuOfARowOutOfView()
{
    Window w;
    for (int i = 0; i < 200; ++i)
        w.refuse("192.0.2.1", ("h" + QByteArray::number(i)).constData(), "host_not_listed");
    w.look(w.window.denied());
    QTableView *table = w.window.denied()->table();
    table->setCurrentIndex(table->model()->index(0, 0));
    table->scrollToBottom();
    Q_EMIT table->customContextMenuRequested(table->visualRect(table->currentIndex()).center());
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    menu->close();
    QVERIFY(table->viewport()->rect().intersects(table->visualRect(table->currentIndex())));
}

QTEST_MAIN(TstBlocks)
#include "tst_blocks.moc"
