// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Every window on the smallest supported screen: CTest gives this program one of 960×540, which is
// 1920×1080 at 200 %.
#include "everywindow.h"
#include "gui/app/language.h"
#include "gui/widgets/screenfit.h"

#include <QDialogButtonBox>
#include <QScreen>
#include <QTest>

using namespace sami::gui;
using namespace Qt::StringLiterals;

class TstSmallScreen : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyWindowFits_data();
    void everyWindowFits();
    void anOldPlaceIsMovedInside();
};

void TstSmallScreen::initTestCase()
{
    QCOMPARE(QGuiApplication::primaryScreen()->availableSize(), QSize(960, 540));
}

void TstSmallScreen::everyWindowFits_data()
{
    EveryWindow::addRowsInEveryLanguage();
}

void TstSmallScreen::everyWindowFits()
{
    QFETCH(const QString, language);
    Language texts;
    texts.use(language);
    EveryWindow windows;
    QWidget *window = windows.showRow();
    QVERIFY(QTest::qWaitForWindowExposed(window));
    QCoreApplication::processEvents();
    const QSize room = roomFor(*window);
    QVERIFY2(window->width() <= room.width() && window->height() <= room.height(),
             qPrintable(u"%1×%2"_s.arg(window->width()).arg(window->height())));
    for (const QWidget *buttons : window->findChildren<QDialogButtonBox *>())
        QCOMPARE(buttons->visibleRegion().boundingRect(), buttons->rect());
}

void TstSmallScreen::anOldPlaceIsMovedInside()
{
    QWidget window;
    window.setGeometry(900, 500, 2000, 300); // from a larger screen
    fitToScreen(window);
    QVERIFY2(QRect(0, 0, 960, 540).contains(window.geometry()),
             qPrintable(u"%1,%2"_s.arg(window.x()).arg(window.y())));
}

QTEST_MAIN(TstSmallScreen)
#include "tst_smallscreen.moc"
