// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "controls.h"
#include "everywindow.h"
#include "gui/app/language.h"
#include "gui/app/trayicon.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/recentpane.h"
#include "gui/widgets/stateicon.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QScrollBar>
#include <QTabBar>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

QString described(const QObject &object, const QString &text = {})
{
    return QString::fromLatin1(object.metaObject()->className()) + u" “"_s
        + (text.isEmpty() ? object.objectName() : text) + u'”';
}

bool belongsToButtons(const QAction &action)
{
    const QList<QObject *> owners = action.associatedObjects();
    return std::all_of(owners.cbegin(), owners.cend(), [](const QObject *owner) {
        return qobject_cast<const QAbstractButton *>(owner);
    });
}

/// The letter after the ampersand; null if there is none.
QChar mnemonic(const QString &text)
{
    for (qsizetype i = text.indexOf(u'&'); i >= 0 && i + 1 < text.size();
         i = text.indexOf(u'&', i + 2)) {
        if (text.at(i + 1) != u'&')
            return text.at(i + 1).toLower();
    }
    return {};
}

QStringList doubles(const QStringList &texts)
{
    QStringList found;
    for (qsizetype i = 0; i < texts.size(); ++i) {
        for (qsizetype j = i + 1; j < texts.size(); ++j) {
            if (!mnemonic(texts.at(i)).isNull() && mnemonic(texts.at(i)) == mnemonic(texts.at(j)))
                found.append(texts.at(i) + u" / "_s + texts.at(j));
        }
    }
    return found;
}

QStringList textsOf(const QMenu &menu)
{
    QStringList texts;
    for (const QAction *action : menu.actions()) {
        if (!action->isSeparator())
            texts.append(action->text());
    }
    return texts;
}

/// Everything that Alt and a key reach in the window as shown.
QStringList textsWithMnemonics(const QWidget &window)
{
    QStringList texts;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (!widget->isVisible())
            continue;
        if (const auto *label = qobject_cast<const QLabel *>(widget); label && label->buddy())
            texts.append(label->text());
        else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            texts.append(button->text());
        else if (const auto *box = qobject_cast<const QGroupBox *>(widget))
            texts.append(box->title());
        else if (const auto *bar = qobject_cast<const QTabBar *>(widget))
            for (int i = 0; i < bar->count(); ++i)
                texts.append(bar->tabText(i));
        else if (const auto *menus = qobject_cast<const QMenuBar *>(widget))
            for (const QAction *action : menus->actions())
                texts.append(action->text());
    }
    return texts;
}

QImage mask(IconState state, bool isBusy, int size)
{
    return stateIcon(state, isBusy)
        .pixmap(QSize(size, size), 1.0)
        .toImage()
        .convertToFormat(QImage::Format_ARGB32)
        .convertToFormat(QImage::Format_Alpha8);
}

/// The number of pixels that are set in only one of them.
int difference(const QImage &one, const QImage &other)
{
    int count = 0;
    for (int y = 0; y < one.height(); ++y) {
        for (int x = 0; x < one.width(); ++x)
            count += (qAlpha(one.pixel(x, y)) > 127) != (qAlpha(other.pixel(x, y)) > 127);
    }
    return count;
}

} // namespace

/// The program for screen readers and by keyboard, in both languages.
class TstAccessibility : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QApplication::setEffectEnabled(Qt::UI_AnimateMenu, false); }

    void everyControlHasAName_data() { EveryWindow::addRowsInEveryLanguage(); }
    void everyControlHasAName();
    void everyActionHasAText_data() { EveryWindow::addRowsInEveryLanguage(); }
    void everyActionHasAText();
    void theTabKeyReachesEveryControl_data() { EveryWindow::addRowsInEveryLanguage(); }
    void theTabKeyReachesEveryControl();
    void mnemonicsAreUnique_data() { EveryWindow::addRowsInEveryLanguage(); }
    void mnemonicsAreUnique();
    void mnemonicsOfMenusAreUnique_data();
    void mnemonicsOfMenusAreUnique();
    void mnemonicsOfContextMenusAreUnique_data();
    void mnemonicsOfContextMenusAreUnique();
    void theIconsShapeShowsTheState_data();
    void theIconsShapeShowsTheState();

private:
    /// The window of the current row, in its language.
    QWidget *shown();

    Language m_language;
    std::unique_ptr<EveryWindow> m_windows;
};

QWidget *TstAccessibility::shown()
{
    QFETCH(const QString, language);
    m_windows.reset();
    m_language.use(language);
    m_windows = std::make_unique<EveryWindow>();
    QWidget *window = m_windows->showRow();
    window->activateWindow();
    return QTest::qWaitForWindowActive(window) ? window : nullptr;
}

void TstAccessibility::everyControlHasAName()
{
    QWidget *window = shown();
    QVERIFY(window);
    QStringList nameless;
    int controls = 0;
    // Hidden controls too: they are visible in another state.
    for (QWidget *widget : window->findChildren<QWidget *>()) {
        // The corner of a table is a button of Qt's; it is hidden with the row numbers.
        if (!isControl(*widget) || widget->inherits("QTableCornerButton"))
            continue;
        // A hidden button gets its text when it is shown.
        if (widget->isHidden() && qobject_cast<const QAbstractButton *>(widget))
            continue;
        ++controls;
        if (spokenName(*widget).isEmpty())
            nameless.append(described(*widget));
    }
    QVERIFY(controls > 5);
    QCOMPARE(nameless.join(u'\n'), QString());
}

void TstAccessibility::everyActionHasAText()
{
    QWidget *window = shown();
    QVERIFY(window);
    QStringList textless;
    QList<QAction *> actions = window->findChildren<QAction *>();
    actions.append(m_windows->actions().findChildren<QAction *>());
    for (const QAction *action : actions) {
        // The clear button of a field is Qt's own, and a button's menu is named by the button.
        const bool isNamedByOther = qobject_cast<const QLineEdit *>(action->parent())
            || (action->menu() && belongsToButtons(*action));
        if (!action->isSeparator() && !isNamedByOther && action->text().isEmpty())
            textless.append(described(*action));
    }
    QVERIFY(actions.size() > 5);
    QCOMPARE(textless.join(u'\n'), QString());
}

void TstAccessibility::theTabKeyReachesEveryControl()
{
    QWidget *window = shown();
    QVERIFY(window);
    QList<QWidget *> missed;
    for (QWidget *widget : window->findChildren<QWidget *>()) {
        if (isControl(*widget) && widget->isVisible() && widget->isEnabled()
            && !widget->inherits("QTableCornerButton"))
            missed.append(widget);
    }
    QVERIFY(missed.size() > 2);
    const qsizetype most = 3 * missed.size() + 20;
    for (qsizetype i = 0; i < most && !missed.isEmpty(); ++i) {
        QTest::keyClick(window, Qt::Key_Tab);
        QWidget *focus = window->focusWidget();
        QVERIFY(focus);
        // A spin box passes the focus to its line edit.
        missed.removeAll(focus);
        missed.removeAll(focus->parentWidget());
    }
    QStringList unreached;
    for (QWidget *widget : missed)
        unreached.append(described(*widget, spokenName(*widget)));
    QCOMPARE(unreached.join(u'\n'), QString());
}

void TstAccessibility::mnemonicsAreUnique()
{
    QWidget *window = shown();
    QVERIFY(window);
    const QStringList texts = textsWithMnemonics(*window);
    QVERIFY(texts.size() > 2);
    QCOMPARE(doubles(texts).join(u'\n'), QString());
}

void TstAccessibility::mnemonicsOfMenusAreUnique_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("English") << u"en"_s;
    QTest::newRow("Russian") << u"ru"_s;
}

void TstAccessibility::mnemonicsOfMenusAreUnique()
{
    QFETCH(const QString, language);
    m_windows.reset();
    m_language.use(language);
    EveryWindow windows;
    TrayIcon tray(windows.controller(), windows.actions(), [] { return false; });
    int menus = 0;
    QList<const QMenu *> all { &tray.menu(), windows.actions().copyAddress(),
                               windows.actions().copySettings() };
    for (const QAction *action : windows.main().menuBar()->actions())
        all.append(action->menu());
    for (const QMenu *menu : all) {
        QVERIFY(menu && textsOf(*menu).size() > 1);
        QCOMPARE(doubles(textsOf(*menu)).join(u'\n'), QString());
        ++menus;
    }
    QCOMPARE(menus, 6);
}

void TstAccessibility::mnemonicsOfContextMenusAreUnique_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<int>("view");
    QTest::addColumn<int>("table");
    const QList<EveryWindow::View> views = EveryWindow::views();
    for (const QString &language : { u"en"_s, u"ru"_s }) {
        int table = 0;
        for (const QString &name :
             { u"main, connections and details"_s, u"main, connections and recent"_s,
               u"main, denied"_s, u"main, log"_s }) {
            for (int i = 0; i < views.size(); ++i) {
                if (views.at(i).name == name)
                    QTest::newRow(qPrintable(language + u": "_s + name)) << language << i << table;
            }
            ++table;
        }
    }
}

void TstAccessibility::mnemonicsOfContextMenusAreUnique()
{
    QVERIFY(shown());
    QFETCH(const int, table);
    MainWindow &main = m_windows->main();
    QAbstractItemView *const views[] = { main.connections()->page()->table(),
                                         main.connections()->recent()->table(),
                                         main.denied()->table(),
                                         main.log()->findChild<QListView *>() };
    QAbstractItemView *view = views[table];
    view->setCurrentIndex(view->model()->index(0, 0));
    Q_EMIT view->customContextMenuRequested(view->visualRect(view->currentIndex()).center());
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    QVERIFY(menu->actions().size() > 1);
    for (const QString &text : textsOf(*menu))
        QVERIFY(!text.isEmpty());
    QCOMPARE(doubles(textsOf(*menu)).join(u'\n'), QString());
    menu->close();
}

void TstAccessibility::theIconsShapeShowsTheState_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("as small as a tray") << 16;
    QTest::newRow("as in the window") << 32;
    QTest::newRow("on a fine screen") << 64;
}

void TstAccessibility::theIconsShapeShowsTheState()
{
    QFETCH(const int, size);
    QList<QImage> masks;
    for (const IconState state : { IconState::Stopped, IconState::Running, IconState::Draining,
                                   IconState::Warning, IconState::Failed }) {
        for (const bool isBusy : { false, true })
            masks.append(mask(state, isBusy, size));
    }
    // Fewer than one pixel in fifty would go unnoticed.
    const int least = size * size / 50;
    for (qsizetype i = 0; i < masks.size(); ++i) {
        for (qsizetype j = i + 1; j < masks.size(); ++j) {
            const int pixels = difference(masks.at(i), masks.at(j));
            QVERIFY2(pixels >= least,
                     qPrintable(u"%1 and %2 differ by %3"_s.arg(i).arg(j).arg(pixels)));
        }
    }
}

QTEST_MAIN(TstAccessibility)
#include "tst_accessibility.moc"
