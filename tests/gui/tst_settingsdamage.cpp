// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A damaged settings file: what still counts, what the user is told, and that nothing overwrites it
// before the user has seen that. Losing a rule that kept somebody out must never let them in.
#include "config/parenturl.h"
#include "gui/control/settingsstore.h"
#include "gui/text/damagetext.h"
#include "gui/widgets/damagestrip.h"
#include "presses.h"
#include "settingsfixture.h"
#include "trayprogram.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#ifndef Q_OS_WIN
#include <csignal>
#include <sys/resource.h>
#endif

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

namespace {

using Numbers = QList<int>;

Numbers numbersOf(const SettingsDamage &damage)
{
    Numbers numbers;
    for (const DamagedLine &line : damage.lines)
        numbers.append(line.number);
    return numbers;
}

QByteArray utf16(const QString &text)
{
    return QByteArray("\xff\xfe")
        + QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
}

/// Everything in the folder except the settings file.
QStringList asides(const SettingsFixture &fixture)
{
    QStringList names =
        QDir(fixture.folder.path()).entryList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot);
    names.removeAll(QFileInfo(fixture.path()).fileName());
    return names;
}

} // namespace

class TstSettingsDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGoodLinesCount_data();
    void theGoodLinesCount();
    void aGoodFileIsNotDamaged_data();
    void aGoodFileIsNotDamaged();
    void whatCannotBeReadAtAll_data();
    void whatCannotBeReadAtAll();
    void theHeadlineSaysWhatCounts_data();
    void theHeadlineSaysWhatCounts();
    void anOpenEnvironmentIsNotStarted();
    void theEnvironmentsErrorIsNotTheFilesFault();
    void nothingIsWrittenBeforeItIsSeen();
    void aChangeOfTheUsersKeepsTheDamagedFile();
    void whatCannotBeKeptIsNotWrittenOver();
    void aDiskThatTakesNothingChangesNothing();
    void noSecretIsShown();
    void theNoticeStaysUntilItIsDismissed();
    void aProxyThatWouldBeOpenIsNotStarted();
    void lostServersAreNotDoneWithout_data();
    void lostServersAreNotDoneWithout();
    void aProxyWithoutItsServersDoesNotStart();
};

void TstSettingsDamage::theGoodLinesCount_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<Numbers>("bad");
    QTest::addColumn<int>("port"); ///< the one in force; the default is 8080
    QTest::addColumn<bool>("isConfined");

    const QByteArray open = "port = 3128\naddress = 0.0.0.0\n";
    QTest::newRow("a port that cannot be")
        << "port = 99999\naddress = 0.0.0.0\nallowed_ips = 192.0.2.0/24\n"_ba << Numbers { 1 }
        << 8080 << false;
    QTest::newRow("a number of another setting") << open + "max_url_length = much\n"
                                                 << Numbers { 3 } << 3128 << false;
    QTest::newRow("a word of the window's own") << open + "gui_language = \xff\n"
                                                << Numbers { 3 } << 3128 << false;
    QTest::newRow("a heading, as other files have it")
        << "[General]\nport = 3128\n"_ba << Numbers { 1 } << 3128 << false;
    QTest::newRow("a list of clients that cannot be") << open + "allowed_ips = 192.0.2.0/2\n"
                                                      << Numbers { 2, 3 } << 3128 << true;
    QTest::newRow("a list of hosts that cannot be") << open + "allowed_hosts = *\n"
                                                    << Numbers { 2, 3 } << 3128 << true;
    QTest::newRow("half a pair of credentials") << open + "auth_username = admin\n"
                                                << Numbers { 2, 3 } << 3128 << true;
    QTest::newRow("a password that is no text takes its user name along")
        << open + "auth_username = admin\nauth_password = \xe4\n"
        << Numbers { 2, 3, 4 } << 3128 << true;
    QTest::newRow("a password file that is gone")
        << open + "auth_username = admin\nauth_password_file = /no/such/file\n"
        << Numbers { 2, 3, 4 } << 3128 << true;
    QTest::newRow("an address that cannot be")
        << "port = 3128\naddress = here\n"_ba << Numbers { 2 } << 3128 << true;
    QTest::newRow("a key that nobody knows") << open + "alowed_ips = 192.0.2.7\n"
                                             << Numbers { 2, 3 } << 3128 << true;
    QTest::newRow("cut off in the middle of a key")
        << open + "allowed_i" << Numbers { 2, 3 } << 3128 << true;
    QTest::newRow("cut off behind a rule's beginning")
        << open + "allowed_ips = 192.0.2.0/" << Numbers { 2, 3 } << 3128 << true;
    QTest::newRow("nothing but zeros at the end, as a crash leaves them")
        << open + QByteArray(64, '\0') << Numbers { 2, 3 } << 3128 << true;
    QTest::newRow("a line with an end of old Macs may be several")
        << "address = 0.0.0.0\nport = 1\rallowed_ips = 192.0.2.7\n"_ba << Numbers { 1, 2 } << 8080
        << true;
    QTest::newRow("this computer's address stays")
        << "address = 127.0.0.1\nallowed_ips = x\n"_ba << Numbers { 2 } << 8080 << true;
    QTest::newRow("a key twice with one value counts")
        << "port = 3128\nport = 3128\n"_ba << Numbers { 2 } << 3128 << false;
    QTest::newRow("a key twice with two values does not")
        << "port = 3128\nport = 3129\n"_ba << Numbers { 1, 2 } << 8080 << false;
    QTest::newRow("a rule twice with two values")
        << open + "allowed_ips = 192.0.2.7\nALLOWED_IPS = 192.0.2.8\n"
        << Numbers { 2, 3, 4 } << 3128 << true;
    QTest::newRow("Windows' line ends")
        << "port = 3128\r\nlog_level = loud\r\n"_ba << Numbers { 2 } << 3128 << false;
    QTest::newRow("a byte order mark")
        << "\xef\xbb\xbfport = 3128\nlog_level = loud\n"_ba << Numbers { 2 } << 3128 << false;
    QTest::newRow("a byte order mark in the middle, of two files put together")
        << "port = 3128\n\xef\xbb\xbflog_level = debug\n"_ba << Numbers { 2 } << 3128 << true;
    QTest::newRow("UTF-16 is read")
        << utf16(u"port = 3128\r\nallowed_ips = 192.0.2.7\r\n"_s) << Numbers { 0 } << 3128 << false;
    QTest::newRow("half of UTF-16 is not")
        << utf16(u"port = 3128\n"_s).chopped(1) << Numbers { 1 } << 8080 << true;
    QTest::newRow("a picture") << "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"_ba << Numbers { 1, 2, 3 } << 8080
                               << true;
}

void TstSettingsDamage::theGoodLinesCount()
{
    QFETCH(QByteArray, content);
    QFETCH(Numbers, bad);
    QFETCH(int, port);
    QFETCH(bool, isConfined);
    const SettingsFixture fixture;
    fixture.write(content);
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QVERIFY(store.damage());
    QCOMPARE(numbersOf(*store.damage()), bad);
    QCOMPARE(int(store.settings().listen.port), port);
    QCOMPARE(store.damage()->isConfined, isConfined);
    // This must hold whatever is lost.
    if (isConfined)
        QVERIFY(store.settings().listen.address.isLoopback());
    QVERIFY(!store.damage()->mayNotStart);
    QCOMPARE(fixture.read(), content);
    QCOMPARE(asides(fixture), QStringList());

    // Once seen, the damaged file is kept unchanged, and the new one is complete.
    const QString keptAs = store.damage()->keptAs;
    QVERIFY(store.keepGoodLines());
    QVERIFY(!store.damage());
    QFile aside(keptAs);
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), content);
    SettingsStore again(fixture.input());
    QVERIFY(again.open());
    QVERIFY(!again.damage());
    QCOMPARE(again.settings(), store.settings());
}

void TstSettingsDamage::aGoodFileIsNotDamaged_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("an empty one") << QByteArray();
    QTest::newRow("comments alone") << "# nothing\n\n; yet\n"_ba;
    QTest::newRow("a byte order mark and Windows' line ends") << "\xef\xbb\xbfport = 3128\r\n"_ba;
    QTest::newRow("no end at its last line") << "port = 3128"_ba;
    QTest::newRow("a comment that is not UTF-8") << "# \xe4\nport = 3128\n"_ba;
    QTest::newRow("a word of a newer window") << "gui_new_thing = 1\n"_ba;
}

void TstSettingsDamage::aGoodFileIsNotDamaged()
{
    QFETCH(QByteArray, content);
    const SettingsFixture fixture;
    fixture.write(content);
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QVERIFY(!store.damage());
    Preferences preferences = store.preferences();
    preferences.startMinimized = true;
    QVERIFY(store.savePreferences(preferences));
    QVERIFY(fixture.read().startsWith(content));
}

void TstSettingsDamage::whatCannotBeReadAtAll_data()
{
    QTest::addColumn<QString>("linkTo"); ///< empty: a folder
    QTest::addColumn<bool>("canBeKept");
    QTest::newRow("a folder") << QString() << true;
    QTest::newRow("a link to nothing") << u"/no/such/folder/settings.ini"_s << false;
#ifdef Q_OS_LINUX
    QTest::newRow("a file that gives an error") << u"/proc/self/mem"_s << false;
#endif
}

void TstSettingsDamage::whatCannotBeReadAtAll()
{
    QFETCH(QString, linkTo);
    QFETCH(bool, canBeKept);
    const SettingsFixture fixture;
    QVERIFY(linkTo.isEmpty() ? QDir().mkdir(fixture.path()) : QFile::link(linkTo, fixture.path()));
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QVERIFY(store.damage() && store.damage()->isWhole() && store.damage()->isConfined);
    QCOMPARE(store.settings(), SettingsStore::defaults());
    QVERIFY2(DamageText::details(*store.damage()).contains(fixture.path()),
             qPrintable(DamageText::details(*store.damage())));
    // The program runs, and after the refusal it still has what it was told to keep.
    QVERIFY(store.savePreferences(store.preferences()));
    const auto kept = store.keepGoodLines();
    QCOMPARE(bool(kept), canBeKept);
    QCOMPARE(bool(store.damage()), !canBeKept);
    QVERIFY(canBeKept ? QFileInfo(fixture.path()).isFile() : QFileInfo(fixture.path()).isSymLink());
}

void TstSettingsDamage::theHeadlineSaysWhatCounts_data()
{
    QTest::addColumn<QByteArray>("content"); ///< null: a folder
    QTest::addColumn<QString>("says");
    QTest::newRow("UTF-16: nothing is lost")
        << utf16(u"port = 3128\n"_s) << u"is not in UTF-8. All of it counts"_s;
    QTest::newRow("UTF-16 with a bad line")
        << utf16(u"port = 3128\nmax_url_length = x\n"_s) << u"1 line(s) do not count"_s;
    QTest::newRow("half a character is missing")
        << utf16(u"port = 3128\n"_s).chopped(1) << u"do not count"_s;
    QTest::newRow("it cannot be read")
        << QByteArray() << u"cannot be read. Everything has its default value"_s;
}

void TstSettingsDamage::theHeadlineSaysWhatCounts()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, says);
    const SettingsFixture fixture;
    if (content.isNull())
        QVERIFY(QDir().mkdir(fixture.path()));
    else
        fixture.write(content);
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QVERIFY(store.damage());
    const QString headline = DamageText::headline(*store.damage());
    QVERIFY2(headline.contains(says), qPrintable(headline));
}

void TstSettingsDamage::anOpenEnvironmentIsNotStarted()
{
    SettingsFixture fixture;
    fixture.environment.insert(u"PROXY_ADDRESS"_s, u"0.0.0.0"_s);
    fixture.write("allowed_ips = x\n");
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QVERIFY(store.damage()->isConfined && store.damage()->mayNotStart);
    QVERIFY(DamageText::headline(*store.damage()).contains(u"was not started"_s));
    fixture.write("max_url_length = x\n");
    SettingsStore harmless(fixture.input());
    QVERIFY(harmless.open());
    QVERIFY(!harmless.damage()->isConfined && !harmless.damage()->mayNotStart);
}

void TstSettingsDamage::theEnvironmentsErrorIsNotTheFilesFault()
{
    SettingsFixture fixture;
    fixture.environment.insert(u"LOG_LEVEL"_s, u"loud"_s);
    fixture.write("port = x\n");
    SettingsStore store(fixture.input());
    const auto opened = store.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().size(), 1);
    QCOMPARE(opened.error().constFirst().name, u"LOG_LEVEL"_s);
    // Half of a pair in each source: the file's half was good.
    fixture.environment = {};
    fixture.environment.insert(u"PROXY_AUTH_USERNAME"_s, u"me"_s);
    fixture.write("auth_password = secret words\nport = x\n");
    SettingsStore pair(fixture.input());
    QVERIFY(pair.open());
    QVERIFY(pair.settings().access.credentials);
    QCOMPARE(numbersOf(*pair.damage()), Numbers { 2 });
}

void TstSettingsDamage::nothingIsWrittenBeforeItIsSeen()
{
    const SettingsFixture fixture;
    const QByteArray content = "port = x\ngui_language = ru\n";
    fixture.write(content);
    {
        SettingsStore store(fixture.input());
        QVERIFY(store.open());
        Preferences preferences = store.preferences();
        QCOMPARE(preferences.language, u"ru"_s);
        preferences.windowGeometry = "there";
        QVERIFY(store.savePreferences(preferences));
    }
    QCOMPARE(fixture.read(), content);
    QCOMPARE(asides(fixture), QStringList());
    // The next start, and now the user sees it.
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    Preferences preferences = store.preferences();
    preferences.startMinimized = true;
    QVERIFY(store.savePreferences(preferences));
    QVERIFY(store.keepGoodLines());
    QCOMPARE(fixture.read(), "gui_language = ru\ngui_start_minimized = true\n"_ba);
    QCOMPARE(asides(fixture).size(), 1);
}

void TstSettingsDamage::aChangeOfTheUsersKeepsTheDamagedFile()
{
    const SettingsFixture fixture;
    const QByteArray content = "# mine\nport = 3128\naddress = 0.0.0.0\nallowed_ips = x\n";
    fixture.write(content);
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    config::Settings settings = store.settings();
    settings.listen.port = 3129;
    QVERIFY(save(store, settings));
    // The old address must not come back as a side effect.
    QCOMPARE(fixture.read(), "# mine\nport = 3129\n"_ba);
    QVERIFY(store.settings().listen.address.isLoopback());
    QVERIFY(store.damage() && store.damage()->isKept);
    QFile aside(store.damage()->keptAs);
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), content);
    QVERIFY(DamageText::details(*store.damage()).contains(u"is kept as"_s));
#ifndef Q_OS_WIN
    QVERIFY(!(QFile::permissions(aside.fileName()) & QFileDevice::ReadOther));
#endif
    QVERIFY(store.keepGoodLines());
    QCOMPARE(asides(fixture).size(), 1);
}

void TstSettingsDamage::whatCannotBeKeptIsNotWrittenOver()
{
    const SettingsFixture fixture;
    fixture.write("port = x\n");
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    // Another file has taken the name meanwhile.
    QVERIFY(QDir().mkdir(store.damage()->keptAs));
    const auto kept = store.keepGoodLines();
    QVERIFY(!kept);
    QVERIFY2(kept.error().contains(u"cannot be set aside"_s), qPrintable(kept.error()));
    QVERIFY(!save(store, SettingsStore::defaults())
            || store.settings() == SettingsStore::defaults());
    QCOMPARE(fixture.read(), "port = x\n"_ba);
    QVERIFY(store.damage());
}

void TstSettingsDamage::aDiskThatTakesNothingChangesNothing()
{
#ifdef Q_OS_WIN
    QSKIP("there is no limit on the size of a file");
#else
    const SettingsFixture fixture;
    fixture.write("port = 3128\n");
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    config::Settings settings = store.settings();
    settings.listen.port = 3129;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before {};
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit none = before;
    none.rlim_cur = 4;
    setrlimit(RLIMIT_FSIZE, &none);
    const auto saved = save(store, settings);
    setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(!saved);
    QCOMPARE(store.settings().listen.port, quint16(3128));
    QCOMPARE(fixture.read(), "port = 3128\n"_ba);
    QCOMPARE(asides(fixture), QStringList());
#endif
}

void TstSettingsDamage::noSecretIsShown()
{
    const SettingsFixture fixture;
    fixture.write("auth_username = me\nauth_password = p@s:s\nauth_password = p@s:s2\n"
                  "auth_pasword = p@s:s3\np@s:s4\n");
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    const QString said =
        DamageText::headline(*store.damage()) + DamageText::details(*store.damage());
    QVERIFY2(!said.contains(u"p@s"_s), qPrintable(said));
}

void TstSettingsDamage::theNoticeStaysUntilItIsDismissed()
{
    Program program;
    QFile file(program.store.path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        "port = 3128\nallowed_ips = <b>x</b>\naddress = 0.0.0.0\ngui_first_start_done = true\n");
    file.close();
    QVERIFY(program.store.open());
    TrayApplication &app = program.run();
    QCOMPARE(app.controller().state(), ProxyState::Running);
    QCOMPARE(program.said.size(), 1);
    auto *strip = app.window().findChild<DamageStrip *>();
    QVERIFY(strip && strip->isVisible());
    QVERIFY2(strip->details().contains(u"Line 2: “Allowed IPs”: \"<b>x</b>\": "_s)
                 && strip->details().contains(u"Line 3: “Address”: \"0.0.0.0\": "_s)
                 && strip->details().contains(program.store.damage()->keptAs),
             qPrintable(strip->details()));
    for (const QLabel *label : strip->findChildren<QLabel *>())
        QCOMPARE(label->textFormat(), Qt::PlainText);
    click(strip->settings());
    QVERIFY(app.settingsDialog() && app.settingsDialog()->isVisible());
    app.window().close();
    app.show();
    QVERIFY(strip->isVisible());
    click(strip->keep());
    QVERIFY(!strip->isVisible());
    QVERIFY(!program.store.damage());
    SettingsStore again({ program.store.path(), {}, {} });
    QVERIFY(again.open() && !again.damage());
    QCOMPARE(int(again.settings().listen.port), 3128);
}

void TstSettingsDamage::aProxyThatWouldBeOpenIsNotStarted()
{
    SettingsFixture fixture;
    fixture.environment.insert(u"PROXY_ADDRESS"_s, u"0.0.0.0"_s);
    fixture.write("auth_username = me\n");
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    LogTap log;
    TrayApplication::Surroundings surroundings {
        [] { return true; }, [](QWidget *, const Question &) { return std::optional<int>(); }, [] {}
    };
    TrayApplication app(store, std::make_unique<FakeEngine>(), log, std::move(surroundings));
    app.start(false);
    QCOMPARE(app.controller().state(), ProxyState::Stopped);
    auto *strip = app.window().findChild<DamageStrip *>();
    QVERIFY(strip && strip->headline().contains(u"was not started"_s));
    // The user may start it nevertheless.
    trigger(app.actions().startStop);
    QCOMPARE(app.controller().state(), ProxyState::Running);
}

void TstSettingsDamage::lostServersAreNotDoneWithout_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("mayLack");

    const QByteArray good = "parents = https://fra.example.com:8443\n";
    QTest::newRow("a list that cannot be") << "parents = fra\n"_ba << true;
    QTest::newRow("one bad server among good ones")
        << "parents = https://fra.example.com:8443,ftp://a:1\n"_ba << true;
    QTest::newRow("direct before a server")
        << "parents = direct,https://fra.example.com:8443\n"_ba << true;
    QTest::newRow("a list in a file that is gone") << "parents = @/no/such/file\n"_ba << true;
    QTest::newRow("a password file that is gone")
        << "parents = https://ann@fra.example.com:8443\nparents_password_file = /no/such/file\n"_ba
        << true;
    QTest::newRow("a password that is missing")
        << "parents = https://ann@fra.example.com:8443\n"_ba << true;
    QTest::newRow("this proxy itself") << "parents = http://127.0.0.1:8080\n"_ba << true;
    QTest::newRow("two lists") << good + "parents = https://ams.example.com:8443\n" << true;
    QTest::newRow("a list that is no text") << "parents = https://\xff.example.com:1\n"_ba << true;
    QTest::newRow("a misspelt key") << "parnets = fra.example.com\n"_ba << true;
    QTest::newRow("a link behind a key that nobody knows")
        << "servers = sami-proxy://fra.example.com:8443\n"_ba << true;
    QTest::newRow("a link that is broken off its key")
        << "port = 3128\n\tsami-proxy://fra.example.com:8443\n"_ba << true;
    QTest::newRow("the list twice is there once") << good + good << false;
    QTest::newRow("a list that stands beside the damage") << good + "parnets = x\n" << false;
    QTest::newRow("what goes directly is not the list") << good + "parents_bypass = ???\n" << false;
    QTest::newRow("no list and a rule that cannot be") << "allowed_ips = x\n"_ba << false;
    QTest::newRow("servers of the window that are off")
        << "gui_servers_off = 0 sami-proxy://\xff.example.com:1\n"_ba << false;
}

void TstSettingsDamage::lostServersAreNotDoneWithout()
{
    QFETCH(const QByteArray, content);
    QFETCH(const bool, mayLack);
    const SettingsFixture fixture;
    fixture.write(content);
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QVERIFY(store.damage());
    QCOMPARE(store.damage()->mayLackServers, mayLack);
    QCOMPARE(store.startProblem().isEmpty(), !mayLack);
    QCOMPARE(store.settings().upstream.parents.list.isEmpty(),
             mayLack || !content.startsWith("parents"));
    QCOMPARE(DamageText::headline(*store.damage()).contains(u"requests would go directly"_s),
             mayLack);
    if (!mayLack)
        return;
    // An unrelated change must not lose them for good.
    config::Settings wanted = store.settings();
    wanted.listen.port = 3129;
    QVERIFY(!save(store, wanted));
    QCOMPARE(fixture.read(), content);
    wanted.upstream.parents.list.append(
        config::parseParent("https://ams.example.com:8443").value().parent);
    QVERIFY(save(store, wanted));
    QVERIFY(store.startProblem().isEmpty());
    QVERIFY(!store.damage()->mayLackServers);
    SettingsStore again(fixture.input());
    QVERIFY(again.open() && !again.damage());
    QCOMPARE(again.settings().upstream.parents.list, wanted.upstream.parents.list);
}

void TstSettingsDamage::aProxyWithoutItsServersDoesNotStart()
{
    Program program;
    QFile file(program.store.path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("parents = fra\ngui_first_start_done = true\n");
    file.close();
    QVERIFY(program.store.open());
    TrayApplication &app = program.run();
    QCOMPARE(app.controller().state(), ProxyState::Failed);
    QVERIFY2(app.controller().errorText().contains(u"servers of the settings file"_s),
             qPrintable(app.controller().errorText()));
    // It keeps retrying, and nobody can start it by hand either.
    app.controller().tryAgain();
    QCOMPARE(app.controller().state(), ProxyState::Failed);
    app.controller().stop();
    trigger(app.actions().startStop);
    QCOMPARE(app.controller().state(), ProxyState::Failed);
    // A user who has read that it would connect directly may still want that.
    auto *strip = app.window().findChild<DamageStrip *>();
    QVERIFY(strip && strip->headline().contains(u"do without them"_s));
    click(strip->keep());
    app.controller().tryAgain();
    QTRY_COMPARE(app.controller().state(), ProxyState::Running);
}

QTEST_MAIN(TstSettingsDamage)
#include "tst_settingsdamage.moc"
