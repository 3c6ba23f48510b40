// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Every empty list says why and offers the next step.
#include "gui/control/logtap.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/emptystate.h"
#include "gui/widgets/hostspane.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/mainwindow.h"
#include "gui/widgets/recentpane.h"
#include "guirig.h"
#include "presses.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

struct Window
{
    Window() : actions(rig.controller), window(rig.controller, actions, log) { window.show(); }

    /// The view of that name, brought to the front.
    QAbstractItemView *show(const QString &name)
    {
        ConnectionsTab *tab = window.connections();
        window.tabs()->setCurrentWidget(tab);
        if (name == u"live")
            return tab->page()->table();
        if (name == u"recent") {
            tab->lower()->setCurrentWidget(tab->recent());
            return tab->recent()->table();
        }
        if (name == u"hosts") {
            tab->lower()->setCurrentWidget(tab->hosts());
            return tab->hosts()->table();
        }
        if (name == u"denied") {
            window.tabs()->setCurrentWidget(window.denied());
            return window.denied()->table();
        }
        window.tabs()->setCurrentWidget(window.log());
        return window.log()->view();
    }
    QWidget *page(const QString &name)
    {
        ConnectionsTab *tab = window.connections();
        return name == u"live"  ? static_cast<QWidget *>(tab->page())
            : name == u"recent" ? static_cast<QWidget *>(tab->recent())
            : name == u"hosts"  ? static_cast<QWidget *>(tab->hosts())
            : name == u"denied" ? static_cast<QWidget *>(window.denied())
                                : static_cast<QWidget *>(window.log());
    }
    void fill()
    {
        rig.engine->addConnections(3);
        rig.engine->finished.append(FakeEngine::makeWork(9, "a.example"));
        rig.engine->refused.append(
            FakeEngine::makeRefusal("192.0.2.1", "a.example", 443, "host_not_listed"));
        log.put("2026-11-26T02:00:00.000Z INFO  started\n");
        rig.controller.tick();
    }

    GuiRig rig;
    LogTap log;
    AppActions actions;
    MainWindow window;
};

EmptyState *stateOf(QAbstractItemView *view)
{
    return view->findChild<EmptyState *>();
}

} // namespace

class TstEmptyStates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyListSaysWhyItIsEmpty_data() { addLists(); }
    void everyListSaysWhyItIsEmpty();
    void everyListOffersToStart_data() { addLists(); }
    void everyListOffersToStart();
    void aFilterThatLeavesNothingCanBeCleared_data() { addLists(); }
    void aFilterThatLeavesNothingCanBeCleared();
    void theLiveListsStepFitsTheState();
    void theStateFilterIsClearedToo();
    void aPausedListSaysSo();
    void theKeyboardReachesTheStep();
    void itCoversNoRows();

private:
    static void addLists();
};

void TstEmptyStates::addLists()
{
    QTest::addColumn<QString>("name");
    for (const char *name : { "live", "recent", "hosts", "denied", "log" })
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TstEmptyStates::everyListSaysWhyItIsEmpty()
{
    QFETCH(const QString, name);
    Window w;
    QAbstractItemView *view = w.show(name);
    w.rig.controller.tick();
    EmptyState *state = stateOf(view);
    QVERIFY(state);
    QVERIFY(state->isVisible());
    QVERIFY(state->why()->text().endsWith(u'.'));
    QVERIFY(!state->step()->text().isEmpty());
    QVERIFY(state->step()->isVisible());
    QCOMPARE(state->geometry(), view->viewport()->geometry());
    w.fill();
    QVERIFY(view->model()->rowCount() > 0);
    QVERIFY(!state->isVisible());
}

void TstEmptyStates::everyListOffersToStart()
{
    QFETCH(const QString, name);
    Window w;
    QAbstractItemView *view = w.show(name);
    w.rig.controller.stop();
    const QSignalSpy starts(w.actions.startStop, &QAction::triggered);
    QCOMPARE(stateOf(view)->step()->text(), u"Start the proxy"_s);
    click(stateOf(view)->step());
    QCOMPARE(starts.size(), 1);
    start(w.rig.controller);
    QVERIFY(stateOf(view)->step()->text() != u"Start the proxy"_s);
}

void TstEmptyStates::aFilterThatLeavesNothingCanBeCleared()
{
    QFETCH(const QString, name);
    Window w;
    QAbstractItemView *view = w.show(name);
    w.fill();
    const int rows = view->model()->rowCount();
    QVERIFY(rows > 0);
    w.page(name)->findChild<QLineEdit *>()->setText(u"nowhere to be found"_s);
    QCOMPARE(view->model()->rowCount(), 0);
    EmptyState *state = stateOf(view);
    QVERIFY(state->isVisible());
    QCOMPARE(state->step()->text(), u"Clear the filter"_s);
    click(state->step());
    QCOMPARE(view->model()->rowCount(), rows);
    QVERIFY(!state->isVisible());
    QVERIFY(view->hasFocus() || !w.window.isActiveWindow());
}

void TstEmptyStates::theLiveListsStepFitsTheState()
{
    Window w;
    EmptyState *state = stateOf(w.show(u"live"_s));
    QCOMPARE(state->step()->menu(), w.actions.copySettings());
    w.rig.controller.stop();
    QVERIFY(!state->step()->menu());
    w.rig.engine->startError = u"the port is taken"_s;
    start(w.rig.controller);
    QCOMPARE(w.rig.controller.state(), ProxyState::Failed);
    const QSignalSpy settings(w.actions.settings, &QAction::triggered);
    click(state->step());
    QCOMPARE(settings.size(), 1);
}

void TstEmptyStates::theStateFilterIsClearedToo()
{
    Window w;
    QAbstractItemView *view = w.show(u"live"_s);
    w.fill();
    auto *states = w.window.connections()->page()->findChild<QComboBox *>();
    for (int i = 1; i < states->count() && view->model()->rowCount() > 0; ++i)
        states->setCurrentIndex(i);
    QCOMPARE(view->model()->rowCount(), 0);
    click(stateOf(view)->step());
    QCOMPARE(states->currentIndex(), 0);
    QCOMPARE(view->model()->rowCount(), 3);
}

void TstEmptyStates::aPausedListSaysSo()
{
    Window w;
    QAbstractItemView *view = w.show(u"live"_s);
    w.window.connections()->page()->pauseButton()->setChecked(true);
    w.rig.engine->addConnections(2);
    w.rig.controller.tick();
    EmptyState *state = stateOf(view);
    QCOMPARE(state->step()->text(), u"Continue"_s);
    click(state->step());
    QCOMPARE(view->model()->rowCount(), 2);
}

void TstEmptyStates::theKeyboardReachesTheStep()
{
    Window w;
    EmptyState *state = stateOf(w.show(u"denied"_s));
    QVERIFY(QTest::qWaitForWindowActive(&w.window));
    w.window.denied()->table()->setFocus();
    QTest::keyClick(&w.window, Qt::Key_Tab);
    QCOMPARE(w.window.focusWidget(), state->step());
    const QSignalSpy settings(w.actions.settings, &QAction::triggered);
    QTest::keyClick(state->step(), Qt::Key_Space);
    QCOMPARE(settings.size(), 1);
}

void TstEmptyStates::itCoversNoRows()
{
    Window w;
    QAbstractItemView *view = w.show(u"live"_s);
    w.fill();
    QVERIFY(!stateOf(view)->isVisible());
    w.rig.engine->connections.clear();
    w.rig.controller.tick();
    QVERIFY(stateOf(view)->isVisible());
    w.window.resize(w.window.width() + 100, w.window.height() + 50);
    QCoreApplication::processEvents();
    QCOMPARE(stateOf(view)->geometry(), view->viewport()->geometry());
}

QTEST_MAIN(TstEmptyStates)
#include "tst_emptystates.moc"
