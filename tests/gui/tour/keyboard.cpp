// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Drives the program by keys alone, like a user without a mouse: every window in both languages, on
// a real display of the size and scale given to run.py. Every Tab stop must have a name, be visible
// on the screen, and show that it has the focus.
#include "controls.h"
#include "desk.h"
#include "everywindow.h"
#include "gui/app/language.h"
#include "gui/app/trayapplication.h"
#include "gui/widgets/settings/userspage.h"
#include "server/proxyserver.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScreen>
#include <QTabBar>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::gui;
using namespace sami::test;

class Keyboard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void asksForAPasswordFromNowOn();
    void walksThrough_data();
    void walksThrough();

private:
    /// Presses Tab until the widget has the focus.
    [[nodiscard]] bool tabTo(const QWidget *widget);
    /// Presses Tab; false if the focus stays where it is.
    [[nodiscard]] bool goesOn();
    /// Every Tab stop from here on, once, each checked by lookAt(); faults are added to `faults`.
    [[nodiscard]] QWidgetList walk(QStringList &faults);
    void lookAt(const QWidget &stop, const QWidget *before, QStringList &faults);

    const QString m_pictures = qEnvironmentVariable("TOUR_PICTURES");
    Desk m_desk;
    Language m_language;
};

void Keyboard::initTestCase()
{
    // A blinking cursor would make every picture different, with or without focus.
    QApplication::setCursorFlashTime(0);
    QApplication::setEffectEnabled(Qt::UI_AnimateMenu, false);
    QApplication::setEffectEnabled(Qt::UI_AnimateCombo, false);
    const QSize size = QGuiApplication::primaryScreen()->size();
    qInfo("%d by %d, times %g", size.width(), size.height(), qApp->devicePixelRatio());
}

bool Keyboard::goesOn()
{
    const QWidget *before = QApplication::focusWidget();
    return m_desk.key(u"Tab"_s)
        && waitFor([before] { return QApplication::focusWidget() != before; }, 3'000);
}

bool Keyboard::tabTo(const QWidget *widget)
{
    constexpr int most = 60;
    for (int i = 0; i < most && !widget->hasFocus(); ++i) {
        if (!goesOn())
            return false;
    }
    return widget->hasFocus();
}

void Keyboard::asksForAPasswordFromNowOn()
{
    m_language.use(u"en"_s);
    SettingsFixture file;
    file.write("address = 127.0.0.1\nport = 0\ngui_first_start_done = true\n");
    SettingsStore store(file.input());
    QVERIFY(store.open());
    LogTap tap;
    TrayApplication app(store, std::make_unique<sami::server::ProxyServer>(), tap,
                        TrayApplication::desktop());
    app.start(false);
    QVERIFY(QTest::qWaitForWindowActive(&app.window()));
    QTRY_COMPARE(app.controller().state(), ProxyState::Running);

    // Open the first menu by its mnemonic, then go down to the entry.
    QVERIFY(m_desk.key(u"alt+p"_s));
    auto *menu = Desk::openedMenu();
    QVERIFY(menu);
    QVERIFY(menu->actions().contains(app.actions().settings));
    for (qsizetype i = 0; i < menu->actions().size(); ++i) {
        if (menu->activeAction() == app.actions().settings)
            break;
        const QAction *before = menu->activeAction();
        QVERIFY(m_desk.key(u"Down"_s));
        QTRY_VERIFY(menu->activeAction() != before);
    }
    QVERIFY(m_desk.key(u"Return"_s));
    QTRY_VERIFY(app.settingsDialog() && app.settingsDialog()->isVisible());
    SettingsDialog *dialog = app.settingsDialog();
    QVERIFY(QTest::qWaitForWindowActive(dialog));

    QVERIFY(tabTo(dialog->pages()));
    while (!dialog->users()->isVisible()) {
        const int before = dialog->pages()->currentRow();
        QVERIFY(m_desk.key(u"Down"_s));
        QTRY_VERIFY(dialog->pages()->currentRow() != before);
    }
    UsersPage *page = dialog->users();
    QVERIFY(tabTo(page->required()));
    QVERIFY(m_desk.key(u"space"_s));
    QTRY_VERIFY(page->required()->isChecked());
    QVERIFY(tabTo(page->user()));
    QVERIFY(m_desk.key(u"ctrl+a"_s));
    QVERIFY(m_desk.type(u"alice"_s));
    QVERIFY(tabTo(page->password()));
    QVERIFY(m_desk.key(u"ctrl+a"_s));
    QVERIFY(m_desk.type(u"secret"_s));
    QTRY_COMPARE(page->password()->text(), u"secret"_s);
    QPushButton *apply = dialog->buttons()->button(QDialogButtonBox::Apply);
    QVERIFY(tabTo(apply));
    QVERIFY(m_desk.key(u"space"_s));
    QTRY_VERIFY(app.controller().settings().access.credentials);
    QCOMPARE(app.controller().settings().access.credentials->username, "alice");
    QCOMPARE(app.controller().settings().access.credentials->password, "secret");
    QVERIFY(m_desk.key(u"Escape"_s));
    QTRY_VERIFY(!dialog->isVisible());
    QCOMPARE(app.controller().state(), ProxyState::Running);
}

void Keyboard::lookAt(const QWidget &stop, const QWidget *before, QStringList &faults)
{
    // A tab bar is spoken as its current tab.
    const auto *tabs = qobject_cast<const QTabBar *>(&stop);
    if (spokenName(stop).isEmpty() && (!tabs || tabs->tabText(tabs->currentIndex()).isEmpty()))
        faults.append(described(stop) + u" has no name"_s);

    // A control must be fully visible. A scroll area is covered by its content.
    const auto *area = qobject_cast<const QAbstractScrollArea *>(&stop);
    const QRect seen = area ? area->rect() : stop.visibleRegion().boundingRect();
    const QRect onScreen(stop.mapToGlobal(seen.topLeft()), seen.size());
    if (seen != stop.rect() || !stop.screen()->geometry().contains(onScreen))
        faults.append(described(stop) + u" is off the screen"_s);

    // Among siblings the focus moves down, or along a row.
    if (before && before->parentWidget() == stop.parentWidget()
        && stop.geometry().bottom() < before->geometry().top())
        faults.append(described(*before) + u" goes back up to "_s + described(stop));
}

QWidgetList Keyboard::walk(QStringList &faults)
{
    constexpr qsizetype most = 80;
    QWidgetList stops;
    while (stops.size() < most) {
        QWidget *stop = QApplication::focusWidget();
        if (!stop || stops.contains(stop))
            break;
        lookAt(*stop, stops.isEmpty() ? nullptr : stops.constLast(), faults);
        stops.append(stop);
        const QImage with = stop->grab().toImage();
        if (!goesOn()) {
            faults.append(u"the focus is caught in "_s + described(*stop));
            break;
        }
        if (stop->grab().toImage() == with)
            faults.append(described(*stop) + u" does not show that it has the focus"_s);
    }
    return stops;
}

void Keyboard::walksThrough_data()
{
    EveryWindow::addRowsInEveryLanguage();
}

void Keyboard::walksThrough()
{
    QFETCH(const QString, language);
    m_language.use(language);
    EveryWindow windows;
    QWidget *window = windows.showRow();
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window));
    const QRect screen = window->screen()->availableGeometry();
    const auto isOnScreen = [&] { return screen.contains(window->frameGeometry()); };
    QVERIFY2(waitFor(isOnScreen, 3'000),
             qPrintable(u"%1 by %2 at %3, %4"_s.arg(window->frameGeometry().width())
                            .arg(window->frameGeometry().height())
                            .arg(window->frameGeometry().x())
                            .arg(window->frameGeometry().y())));
    // Qt draws no focus until the first Tab says that the user works by keys.
    QVERIFY(goesOn());

    QStringList faults;
    const QWidgetList stops = walk(faults);
    for (QWidget *widget : window->findChildren<QWidget *>()) {
        if (isControl(*widget) && widget->isVisible() && widget->isEnabled()
            && !widget->inherits("QTableCornerButton") && !stops.contains(widget))
            faults.append(described(*widget) + u" is not reached"_s);
    }
    if (!m_pictures.isEmpty()) {
        const QString name =
            u"%1/keyboard-%2-%3.png"_s.arg(m_pictures, QString::number(screen.width()),
                                           QString::fromUtf8(QTest::currentDataTag())
                                               .replace(u": "_s, u"-"_s)
                                               .replace(u", "_s, u"-"_s)
                                               .replace(u' ', u'-'));
        QVERIFY2(Desk::settledScreenshot().save(name), qPrintable(name));
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u"; "_s)));
    QVERIFY(stops.size() >= 2);
}

QTEST_MAIN(Keyboard)
#include "keyboard.moc"
