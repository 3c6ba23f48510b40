// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Makes the pictures for the documents: the real windows over a scripted core, in each language,
// light and dark, and the tray's menu from the screen. run.py provides the display.
#include "desk.h"
#include "gui/app/language.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "gui/models/connectionsmodel.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/trafficchart.h"
#include "scene.h"
#include "settingsdialogrig.h"
#include "settingsfixture.h"
#include "trayhost.h"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QListWidget>
#include <QMenu>
#include <QSet>
#include <QStyle>
#include <QStyleFactory>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami::gui;
using namespace sami::test;

namespace {

/// The settings page that most users want.
constexpr int clientsPage = 3;

QPalette darkPalette()
{
    QPalette palette;
    const QColor text(0xe6, 0xe6, 0xe6);
    const QColor window(0x2b, 0x2d, 0x30);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::Base, QColor(0x1e, 0x1f, 0x22));
    palette.setColor(QPalette::AlternateBase, QColor(0x26, 0x28, 0x2b));
    palette.setColor(QPalette::Button, QColor(0x3a, 0x3d, 0x41));
    palette.setColor(QPalette::ToolTipBase, window);
    for (const QPalette::ColorRole role :
         { QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText })
        palette.setColor(role, text);
    palette.setColor(QPalette::PlaceholderText, QColor(0x90, 0x90, 0x90));
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x65, 0xca));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x6c, 0xb6, 0xff));
    for (const QPalette::ColorRole role :
         { QPalette::WindowText, QPalette::Text, QPalette::ButtonText })
        palette.setColor(QPalette::Disabled, role, QColor(0x80, 0x80, 0x80));
    return palette;
}

/// The same with at most 256 colours, for a third of the bytes. Takes the most frequent colour of
/// each small part of the colour space, so that no small sign loses its colour, then the most
/// frequent colours overall.
QImage fewerColours(const QImage &image)
{
    constexpr qsizetype most = 256;
    constexpr QRgb part = 0xfff0f0f0;
    QHash<QRgb, int> counts;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            ++counts[image.pixel(x, y)];
    }
    QList<QRgb> colours = counts.keys();
    std::sort(colours.begin(), colours.end(), [&counts](QRgb left, QRgb right) {
        const int difference = counts.value(left) - counts.value(right);
        return difference != 0 ? difference > 0 : left < right;
    });
    QSet<QRgb> parts;
    std::stable_partition(colours.begin(), colours.end(), [&parts](QRgb colour) {
        const bool isFirst = !parts.contains(colour & part);
        parts.insert(colour & part);
        return isFirst;
    });
    colours.resize(qMin(colours.size(), most));
    return image.convertToFormat(QImage::Format_Indexed8, colours, Qt::ThresholdDither);
}

bool hasTexts(const QString &language)
{
    return language == "en"_L1 || QFile::exists(u":/translations/sami_%1.qm"_s.arg(language));
}

} // namespace

class Screenshots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void takesThem_data();
    void takesThem();

private:
    void save(const QImage &image, const QString &what);
    void saveWindow(QWidget *window, const QString &what);
    void saveMainWindow(TrayApplication &app, Scene &scene, bool isDark);
    void saveTrayMenu(TrayApplication &app);
    void saveDialogs(SettingsStore &store, TrayApplication &app);

    QString m_folder = qEnvironmentVariable("TOUR_SCREENSHOTS");
    QString m_suffix; ///< "en-dark"
    Desk m_desk;
    TrayHost m_host { TrayHost::Kind::Xembed };
    QWidget m_wallpaper;
};

void Screenshots::initTestCase()
{
    QVERIFY2(!m_folder.isEmpty(), "run.py --screenshots DIR starts this");
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    QFont font = QApplication::font();
    font.setFamily(u"DejaVu Sans"_s);
    font.setPointSize(9);
    QApplication::setFont(font);
    m_wallpaper.setAttribute(Qt::WA_X11NetWmWindowTypeDesktop);
    m_wallpaper.setStyleSheet(u"background: #5b7a99"_s);
    m_wallpaper.setGeometry(QGuiApplication::primaryScreen()->geometry());
    m_wallpaper.show();
    QVERIFY(QTest::qWaitForWindowExposed(&m_wallpaper)); // or it may cover the panel
    QVERIFY(m_host.start());
}

void Screenshots::takesThem_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<bool>("isDark");
    for (const char *language : { "en", "ru" }) {
        for (const bool isDark : { false, true })
            QTest::addRow("%s-%s", language, isDark ? "dark" : "light")
                << QString::fromLatin1(language) << isDark;
    }
}

void Screenshots::save(const QImage &image, const QString &what)
{
    const QString path = u"%1/%2-%3.png"_s.arg(m_folder, what, m_suffix);
    QVERIFY2(fewerColours(image).save(path, "PNG", 0), qPrintable(path));
}

void Screenshots::saveWindow(QWidget *window, const QString &what)
{
    QVERIFY(QTest::qWaitForWindowExposed(window));
    QTest::qWait(100); // until hints and layouts have come to rest
    save(window->grab().toImage(), what);
}

void Screenshots::saveMainWindow(TrayApplication &app, Scene &scene, bool isDark)
{
    MainWindow &window = app.window();
    window.resize(1000, 620);
    app.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    ConnectionsTab *tab = window.connections();
    QTableView *table = tab->page()->table();
    table->setFocus();
    table->selectRow(6);
    tab->lower()->setCurrentWidget(tab->chart());
    // As a desktop does it: with the window already there.
    if (isDark)
        QApplication::setPalette(darkPalette());
    app.controller().tick();
    QTest::qWait(100); // until hints and layouts have come to rest
    scene.play(app.controller());
    // At once: the controller's own tick would find nothing new.
    save(window.grab().toImage(), u"connections"_s);
    tab->lower()->setCurrentIndex(1);
    saveWindow(&window, u"recent"_s);

    window.tabs()->setCurrentWidget(window.denied());
    window.denied()->table()->selectRow(0);
    saveWindow(&window, u"denied"_s);
}

void Screenshots::saveTrayMenu(TrayApplication &app)
{
    app.window().hide();
    QMenu *menu = m_desk.openMenu(app.tray().icon());
    QVERIFY(menu);
    QVERIFY(QTest::qWaitForWindowExposed(menu));
    QTest::qWait(100);
    const QImage screen = Desk::screenshot();
    const QRect seen = menu->geometry().united(app.tray().icon()->geometry());
    save(screen.copy(seen.adjusted(-60, -20, 12, 4) & screen.rect()), u"tray-menu"_s);
    menu->close();
}

void Screenshots::saveDialogs(SettingsStore &store, TrayApplication &app)
{
    FakeAutostart autostart;
    SettingsDialog settings(app.controller(), store,
                            { [](QWidget *, const Question &) { return std::optional(0); },
                              &autostart, Scene::ownAddresses() });
    settings.resize(720, 500);
    settings.pages()->setCurrentRow(clientsPage);
    settings.show();
    saveWindow(&settings, u"settings"_s);
    settings.close();

    FirstStartPage page(app.controller(), app.actions().copySettings(),
                        [] { return QList { QHostAddress(u"192.0.2.5"_s) }; });
    page.show();
    saveWindow(&page, u"first-start"_s);
    page.close();
}

void Screenshots::takesThem()
{
    QFETCH(QString, language);
    QFETCH(bool, isDark);
    if (!hasTexts(language))
        QSKIP("this build has no texts in that language");
    m_suffix = QString::fromLatin1(QTest::currentDataTag());
    Language texts;
    texts.use(language);
    QApplication::setPalette(QApplication::style()->standardPalette());

    const SettingsFixture file;
    file.write(Scene::settings());
    SettingsStore store(file.input());
    QVERIFY(store.open());
    LogTap tap;
    auto *engine = new FakeEngine;
    TrayApplication app(store, std::unique_ptr<sami::server::Engine>(engine), tap,
                        TrayApplication::desktop());
    Scene scene(*engine);
    app.start(true);
    saveMainWindow(app, scene, isDark);
    saveDialogs(store, app);
    saveTrayMenu(app);
}

QTEST_MAIN(Screenshots)
#include "screenshots.moc"
