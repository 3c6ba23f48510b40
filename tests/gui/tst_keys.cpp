// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "everywindow.h"
#include "gui/app/language.h"
#include "gui/models/connectionsmodel.h"
#include "gui/models/recentmodel.h"
#include "gui/widgets/aboutdialog.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/detailspane.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/hostspane.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/recentpane.h"
#include "gui/widgets/tables.h"
#include "gui/widgets/trafficchart.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QHelpEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QRegularExpression>
#include <QShortcut>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolTip>

#include <algorithm>
#include <functional>
#include <memory>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

/// One shortcut of a window, and where it works.
struct Key
{
    QKeySequence sequence;
    QString what;
    Qt::ShortcutContext context;
    const QWidget *owner;
};

bool overlap(const Key &one, const Key &other)
{
    if (one.sequence.matches(other.sequence) == QKeySequence::NoMatch
        && other.sequence.matches(one.sequence) == QKeySequence::NoMatch)
        return false;
    if (one.owner->window() != other.owner->window())
        return false;
    const bool isOneHere = one.context == Qt::WidgetShortcut;
    const bool isOtherHere = other.context == Qt::WidgetShortcut;
    // Two widgets cannot both have the focus.
    return !(isOneHere && isOtherHere && one.owner != other.owner);
}

QList<Key> keysOf(const QWidget &window, const QList<QAction *> &actions)
{
    QList<Key> keys;
    for (const QAction *action : actions) {
        const QList<QObject *> owners = action->associatedObjects();
        for (const QObject *owner : owners) {
            const auto *widget = qobject_cast<const QWidget *>(owner);
            // Menus register shortcuts with the window. A context menu has closed before its keys
            // are pressed.
            if (!widget)
                continue;
            for (const QKeySequence &sequence : action->shortcuts())
                keys.append({ sequence, action->text(), action->shortcutContext(),
                              qobject_cast<const QMenu *>(widget) ? &window : widget });
        }
    }
    for (const QShortcut *shortcut : window.findChildren<QShortcut *>()) {
        for (const QKeySequence &sequence : shortcut->keys())
            keys.append({ sequence, u"a shortcut of "_s + shortcut->parent()->objectName(),
                          shortcut->context(), qobject_cast<const QWidget *>(shortcut->parent()) });
    }
    return keys;
}

} // namespace

/// What the shortcuts do in the windows, the same everywhere.
class TstKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QApplication::setEffectEnabled(Qt::UI_AnimateMenu, false); }
    void init();
    void cleanup() { m_windows.reset(); }

    void noTwoShortcutsAreAmbiguous_data();
    void noTwoShortcutsAreAmbiguous();
    void anAmbiguousOneIsSeen();
    void settingsHaveAKeyEverywhere();
    void findGoesToTheSearchOfTheShownPage_data();
    void findGoesToTheSearchOfTheShownPage();
    void findGoesToTheNearestSearch();
    void escapeClearsThenReturns();
    void enterInTheSearchGoesToTheRows();
    void closeHidesTheWindow();
    void closeClosesDialogs();
    void copyTakesTheRowsAsShown_data();
    void copyTakesTheRowsAsShown();
    void copyTakesWhatIsShownWhereItIsShown();
    void tabLeavesEveryTable_data() { addTables(); }
    void tabLeavesEveryTable();
    void menuKeyOpensTheMenuAtTheCurrentRow_data() { addTables(); }
    void menuKeyOpensTheMenuAtTheCurrentRow();
    void enterOpensTheDetails();
    void enterOpensTheDetailsOfWhatHasFinished();
    void elidedCellsHaveATooltip();

private:
    struct Page
    {
        const char *name;
        std::function<void(MainWindow &)> show;
        std::function<QTableView *(MainWindow &)> table;
    };
    static QList<Page> pages();
    static void addTables();
    [[nodiscard]] MainWindow &window() { return m_windows->main(); }
    void show();
    /// The table of that page, visible, with its first row selected.
    QTableView *shownTable(int page);
    static QAction *actionOf(const QMenu &menu, const QKeySequence &key);

    std::unique_ptr<EveryWindow> m_windows;
};

QList<TstKeys::Page> TstKeys::pages()
{
    const auto lower = [](auto member) {
        return [member](MainWindow &window) {
            window.tabs()->setCurrentWidget(window.connections());
            window.connections()->lower()->setCurrentWidget((window.connections()->*member)());
        };
    };
    return { { "live", [](MainWindow &window) { window.tabs()->setCurrentIndex(0); },
               [](MainWindow &window) { return window.connections()->page()->table(); } },
             { "finished", lower(&ConnectionsTab::recent),
               [](MainWindow &window) { return window.connections()->recent()->table(); } },
             { "hosts", lower(&ConnectionsTab::hosts),
               [](MainWindow &window) { return window.connections()->hosts()->table(); } },
             { "denied",
               [](MainWindow &window) { window.tabs()->setCurrentWidget(window.denied()); },
               [](MainWindow &window) { return window.denied()->table(); } } };
}

void TstKeys::addTables()
{
    QTest::addColumn<int>("page");
    for (int page = 0; page < pages().size(); ++page)
        QTest::newRow(pages().at(page).name) << page;
}

void TstKeys::init()
{
    m_windows = std::make_unique<EveryWindow>();
}

void TstKeys::show()
{
    window().resize(1100, 800);
    window().show();
    window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window()));
}

QTableView *TstKeys::shownTable(int page)
{
    show();
    pages().at(page).show(window());
    m_windows->controller().tick();
    QTableView *table = pages().at(page).table(window());
    table->setCurrentIndex(table->model()->index(0, 0));
    table->setFocus();
    return table->isVisible() && table->model()->rowCount() > 1 && table->hasFocus() ? table
                                                                                     : nullptr;
}

QAction *TstKeys::actionOf(const QMenu &menu, const QKeySequence &key)
{
    for (QAction *action : menu.actions()) {
        if (action->shortcuts().contains(key))
            return action;
    }
    return nullptr;
}

void TstKeys::noTwoShortcutsAreAmbiguous_data()
{
    EveryWindow::addRows();
}

void TstKeys::noTwoShortcutsAreAmbiguous()
{
    QWidget *shown = m_windows->showRow();
    QList<QAction *> actions = shown->findChildren<QAction *>();
    if (qobject_cast<MainWindow *>(shown))
        actions.append(m_windows->actions().findChildren<QAction *>());
    const QList<Key> keys = keysOf(*shown, actions);
    QVERIFY(!keys.isEmpty());
    QStringList ambiguous;
    for (qsizetype i = 0; i < keys.size(); ++i) {
        for (qsizetype j = i + 1; j < keys.size(); ++j) {
            if (keys.at(i).owner == keys.at(j).owner && keys.at(i).what == keys.at(j).what)
                continue; // one action in two menus
            if (overlap(keys.at(i), keys.at(j)))
                ambiguous.append(keys.at(i).sequence.toString() + u": "_s + keys.at(i).what
                                 + u" / "_s + keys.at(j).what);
        }
    }
    QCOMPARE(ambiguous.join(u'\n'), QString());
}

void TstKeys::anAmbiguousOneIsSeen()
{
    QTableView *table = window().connections()->page()->table();
    const Key copy { QKeySequence::Copy, u"rows"_s, Qt::WidgetShortcut, table };
    QVERIFY(overlap(copy, { QKeySequence::Copy, u"all"_s, Qt::WindowShortcut, &window() }));
    QVERIFY(overlap(copy, { QKeySequence::Copy, u"cell"_s, Qt::WidgetShortcut, table }));
    QVERIFY(!overlap(copy, { QKeySequence::Cut, u"all"_s, Qt::WindowShortcut, &window() }));
    QVERIFY(!overlap(
        copy, { QKeySequence::Copy, u"line"_s, Qt::WidgetShortcut, window().log()->view() }));
}

void TstKeys::settingsHaveAKeyEverywhere()
{
    QVERIFY(!preferencesKeys().isEmpty());
    QCOMPARE(m_windows->actions().settings->shortcuts(), preferencesKeys());
    show();
    const QSignalSpy asked(m_windows->actions().settings, &QAction::triggered);
    QTest::keySequence(&window(), preferencesKeys().first());
    QCOMPARE(asked.size(), 1);
}

void TstKeys::findGoesToTheSearchOfTheShownPage_data()
{
    QTest::addColumn<int>("page");
    for (int page = 0; page < pages().size(); ++page)
        QTest::newRow(pages().at(page).name) << page;
    QTest::newRow("log") << int(pages().size());
}

void TstKeys::findGoesToTheSearchOfTheShownPage()
{
    QFETCH(const int, page);
    QWidget *view = nullptr;
    if (page < pages().size()) {
        view = shownTable(page);
    } else {
        show();
        window().tabs()->setCurrentWidget(window().log());
        view = window().log()->view();
        view->setFocus();
    }
    QVERIFY(view);
    QTest::keySequence(&window(), QKeySequence::Find);
    auto *search = qobject_cast<QLineEdit *>(window().focusWidget());
    QVERIFY(search && search->isVisible());
    // The search field of that very table.
    QVERIFY(view->parentWidget()->isAncestorOf(search));
    QVERIFY2(search->toolTip().contains(
                 QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)),
             qPrintable(search->toolTip()));
    QTest::keyClick(search, Qt::Key_Escape);
    QCOMPARE(window().focusWidget(), view);
}

void TstKeys::findGoesToTheNearestSearch()
{
    show();
    ConnectionsTab *tab = window().connections();
    // Next to a pane without a search, Find means the page's.
    tab->lower()->setCurrentWidget(tab->chart());
    tab->lower()->setFocus();
    QTest::keySequence(&window(), QKeySequence::Find);
    QVERIFY(tab->page()->isAncestorOf(window().focusWidget()));
    // In a search field, Find stays there and selects its words.
    auto *search = qobject_cast<QLineEdit *>(window().focusWidget());
    search->setText(u"example"_s);
    QTest::keySequence(&window(), QKeySequence::Find);
    QCOMPARE(window().focusWidget(), search);
    QCOMPARE(search->selectedText(), u"example"_s);
}

void TstKeys::escapeClearsThenReturns()
{
    QTableView *table = shownTable(0);
    QVERIFY(table);
    QTest::keySequence(&window(), QKeySequence::Find);
    QWidget *search = window().focusWidget();
    QTest::keyClicks(search, u"nothing has this"_s);
    QCOMPARE(table->model()->rowCount(), 0);
    QTest::keyClick(search, Qt::Key_Escape);
    QVERIFY(table->model()->rowCount() > 1);
    QCOMPARE(window().focusWidget(), search);
    QTest::keyClick(search, Qt::Key_Escape);
    QCOMPARE(window().focusWidget(), table);
}

void TstKeys::enterInTheSearchGoesToTheRows()
{
    QTableView *table = shownTable(0);
    QVERIFY(table);
    for (const Qt::Key key : { Qt::Key_Return, Qt::Key_Down }) {
        table->setCurrentIndex({});
        QTest::keySequence(&window(), QKeySequence::Find);
        QTest::keyClick(window().focusWidget(), key);
        QCOMPARE(window().focusWidget(), table);
        QCOMPARE(table->currentIndex().row(), 0);
    }
}

void TstKeys::closeHidesTheWindow()
{
    show();
    const QSignalSpy asked(&window(), &MainWindow::closeRequested);
    QTest::keySequence(&window(), QKeySequence::Close);
    QCOMPARE(asked.size(), 1); // the owner decides what that means
}

void TstKeys::closeClosesDialogs()
{
    AboutDialog about;
    const QList<QDialog *> dialogs { &m_windows->settings(), &m_windows->firstStart(), &about };
    for (QDialog *dialog : dialogs) {
        dialog->show();
        dialog->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        QTest::keySequence(dialog, QKeySequence::Close);
        QVERIFY2(!dialog->isVisible(), qPrintable(dialog->windowTitle()));
    }
}

void TstKeys::copyTakesTheRowsAsShown_data()
{
    QTest::addColumn<int>("page");
    QTest::addColumn<QString>("line"); // the second row's
    QTest::newRow("live")
        << 0
        << u"^192\\.0\\.2\\.\\d+:\\d+\\t\\S+:443\\t(CONNECT|GET)\\t[a-z 0-9m]+\\t[^\\t]+B\\t.*$"_s;
    QTest::newRow("finished") << 1
                              << u"^[^\\t]+\\t192\\.0\\.2\\.\\d+\\tapi\\.example\\.com:443\\t.*$"_s;
    QTest::newRow("hosts") << 2 << u"^[a-z.]+\\t\\d+\\t\\d+\\t[^\\t]+B\\t[^\\t]+B$"_s;
    QTest::newRow("denied") << 3 << u"^[^\\t]+\\t198\\.51\\.100\\.9\\t[^\\t]*\\t\\d*\\t.*$"_s;
}

void TstKeys::copyTakesTheRowsAsShown()
{
    QFETCH(const int, page);
    QFETCH(const QString, line);
    QTableView *table = shownTable(page);
    QVERIFY(table);
    table->selectAll();
    QTest::keySequence(table, QKeySequence::Copy);
    const QStringList lines = QApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), table->model()->rowCount());
    int shown = 0;
    for (int column = 0; column < table->model()->columnCount(); ++column)
        shown += table->isColumnHidden(column) ? 0 : 1;
    for (const QString &one : lines)
        QCOMPARE(one.count(u'\t'), shown - 1);
    QVERIFY2(QRegularExpression(line).match(lines.at(1)).hasMatch(), qPrintable(lines.at(1)));
}

void TstKeys::copyTakesWhatIsShownWhereItIsShown()
{
    QTableView *table = shownTable(0);
    QVERIFY(table);
    for (int column = 0; column < table->model()->columnCount(); ++column)
        table->setColumnHidden(
            column, column != ConnectionsModel::User && column != ConnectionsModel::Host);
    table->horizontalHeader()->moveSection(ConnectionsModel::Host, 0);
    table->selectionModel()->select(table->model()->index(0, 0),
                                    QItemSelectionModel::ClearAndSelect
                                        | QItemSelectionModel::Rows);
    QTest::keySequence(table, QKeySequence::Copy);
    const auto text = [table](int column) {
        return table->model()->index(0, column).data().toString();
    };
    QCOMPARE(QApplication::clipboard()->text(),
             text(ConnectionsModel::Host) + u'\t' + text(ConnectionsModel::User));
    // With no selection the clipboard stays as it is.
    table->clearSelection();
    QTest::keySequence(table, QKeySequence::Copy);
    QVERIFY(!QApplication::clipboard()->text().isEmpty());
}

void TstKeys::tabLeavesEveryTable()
{
    QFETCH(const int, page);
    QTableView *table = shownTable(page);
    QVERIFY(table);
    QTest::keyClick(table, Qt::Key_Tab);
    QVERIFY(window().focusWidget() != table);
    QTest::keyClick(window().focusWidget(), Qt::Key_Backtab);
    QCOMPARE(window().focusWidget(), table);
    QTest::keyClick(table, Qt::Key_Backtab);
    QVERIFY(window().focusWidget() != table);
}

void TstKeys::menuKeyOpensTheMenuAtTheCurrentRow()
{
    QFETCH(const int, page);
    QTableView *table = shownTable(page);
    QVERIFY(table);
    const QModelIndex last = table->model()->index(table->model()->rowCount() - 1, 0);
    table->setCurrentIndex(last);
    table->scrollToTop();
    // Qt sends a position in the view, which does not account for the header.
    QContextMenuEvent event(QContextMenuEvent::Keyboard, table->visualRect(last).center(), {});
    QCoreApplication::sendEvent(table, &event);
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    const QPoint at = table->viewport()->mapFromGlobal(menu->pos());
    QCOMPARE(table->rowAt(at.y()), last.row());
    QAction *copy = actionOf(*menu, QKeySequence::Copy);
    if (page != 3) // the refusals have their own
        QVERIFY(copy && copy->isShortcutVisibleInContextMenu());
    if (page == 0)
        QVERIFY(actionOf(*menu, QKeySequence(Qt::Key_Delete)));
    menu->close();
}

void TstKeys::enterOpensTheDetails()
{
    QTableView *table = shownTable(0);
    QVERIFY(table);
    ConnectionsTab *tab = window().connections();
    for (const bool isClick : { false, true }) {
        tab->lower()->setCurrentWidget(tab->chart());
        table->setFocus();
        const QPoint row = table->visualRect(table->currentIndex()).center();
        if (isClick) {
            QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, row);
            QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, row);
        } else {
            QTest::keyClick(table, Qt::Key_Return);
        }
        QCOMPARE(tab->lower()->currentWidget(), tab->details());
        QCOMPARE(window().focusWidget(), tab->details());
    }
    QTest::keySequence(tab->details(), QKeySequence::Copy);
    const QString client = table->currentIndex().data().toString();
    QVERIFY2(QApplication::clipboard()->text().contains(u"Client\t"_s + client),
             qPrintable(QApplication::clipboard()->text()));
}

void TstKeys::enterOpensTheDetailsOfWhatHasFinished()
{
    auto work = FakeEngine::makeWork(9999, "llm.example.net");
    work.user = "alice";
    m_windows->engine().finished.append(work);
    QTableView *table = shownTable(1);
    QVERIFY(table);
    ConnectionsTab *tab = window().connections();
    const QString why = table->model()->index(0, RecentModel::Why).data().toString();
    QTest::keyClick(table, Qt::Key_Enter);
    QCOMPARE(tab->lower()->currentWidget(), tab->details());
    QCOMPARE(window().focusWidget(), tab->details());
    const auto says = [tab](const QString &words) {
        const QList<QLabel *> labels = tab->details()->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            const auto *elided = qobject_cast<const ElidedLabel *>(label);
            return !label->isHidden()
                && (elided ? elided->wholeText() : label->text()).contains(words);
        });
    };
    QVERIFY(says(u"alice"_s));
    QVERIFY(says(why));
    // It stays while other connections come and end.
    m_windows->engine().churn(50);
    m_windows->controller().tick();
    QVERIFY(says(u"alice"_s));
}

void TstKeys::elidedCellsHaveATooltip()
{
    auto work = FakeEngine::makeWork(9999, "<img src='file:///etc/hostname'>");
    work.client = QHostAddress(u"2001:db8:1111:2222:3333:4444:5555:6666"_s);
    m_windows->engine().finished.append(work);
    QTableView *table = shownTable(1);
    QVERIFY(table);
    for (const int column : { int(RecentModel::Client), int(RecentModel::Host) }) {
        table->horizontalHeader()->resizeSection(column, 20);
        const QModelIndex cell = table->model()->index(0, column);
        const QPoint at = table->visualRect(cell).center();
        QHelpEvent event(QEvent::ToolTip, at, table->viewport()->mapToGlobal(at));
        QCoreApplication::sendEvent(table->viewport(), &event);
        QVERIFY(QToolTip::isVisible());
        QVERIFY2(!Qt::mightBeRichText(QToolTip::text()), qPrintable(QToolTip::text()));
        if (column == RecentModel::Client)
            QCOMPARE(QToolTip::text(), cell.data().toString());
        QToolTip::hideText();
    }
}

QTEST_MAIN(TstKeys)
#include "tst_keys.moc"
