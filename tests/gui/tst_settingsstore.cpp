// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/settingsstore.h"
#include "settingsfixture.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstSettingsStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutAFileTheDefaultsCount();
    void asideNamesAreNotReused();
    void aBadEnvironmentIsNotTheFilesFault();
    void isWrittenForItsOwnerAlone();
    void isWrittenAtomically();
    void settingsAndPreferencesLiveInOneFile();
    void aPlannedChangeTakesBackNoPreferences_data();
    void aPlannedChangeTakesBackNoPreferences();
    void credentialsSurvive();
    void whatCannotBeSavedChangesNothing();
    void unchangedPreferencesWriteNothing();
    void strongerSourcesAreLocked();
    void resetKeepsWhatIsLocked();
    void theProgramsOwnFolderIsNoChoice();
};

void TstSettingsStore::withoutAFileTheDefaultsCount()
{
    const SettingsFixture fixture;
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QVERIFY(!store.damage());
    QCOMPARE(store.settings(), SettingsStore::defaults());
    QVERIFY(store.settings().listen.address.isLoopback());
    QVERIFY2(!QFileInfo::exists(fixture.path()), "reading makes no file");
}

void TstSettingsStore::asideNamesAreNotReused()
{
    const SettingsFixture fixture;
    QStringList names;
    for (int i = 0; i < 3; ++i) {
        fixture.write("port = x" + QByteArray::number(i) + '\n');
        SettingsStore store(fixture.input());
        QVERIFY(store.open());
        names.append(store.damage()->keptAs);
        QVERIFY(store.keepGoodLines());
    }
    QCOMPARE(names.removeDuplicates(), 0);
    for (int i = 0; i < 3; ++i) {
        QFile aside(names[i]);
        QVERIFY(aside.open(QIODevice::ReadOnly));
        QCOMPARE(aside.readAll(), "port = x" + QByteArray::number(i) + '\n');
    }
}

void TstSettingsStore::aBadEnvironmentIsNotTheFilesFault()
{
    SettingsFixture fixture;
    fixture.write("port = 3128\n");
    fixture.environment.insert(u"LOG_LEVEL"_s, u"loud"_s);
    SettingsStore store(fixture.input());
    const auto opened = store.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().constFirst().name, u"LOG_LEVEL"_s);
    QCOMPARE(fixture.read(), "port = 3128\n"_ba);
}

void TstSettingsStore::isWrittenForItsOwnerAlone()
{
#ifdef Q_OS_WIN
    QSKIP("there it is the folder that is the user's own");
#endif
    const SettingsFixture fixture;
    fixture.write("port = 3128\n");
    QVERIFY(QFile::setPermissions(fixture.path(),
                                  QFileDevice::ReadOwner | QFileDevice::WriteOwner
                                      | QFileDevice::ReadGroup | QFileDevice::ReadOther));
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    Preferences preferences;
    preferences.startMinimized = true;
    QVERIFY(store.savePreferences(preferences));
    const auto forOwner = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadUser
        | QFileDevice::WriteUser;
    QCOMPARE(QFile::permissions(fixture.path()), forOwner);

    config::Settings settings = store.settings();
    settings.listen.port = 3129;
    QVERIFY(QFile::setPermissions(fixture.path(), forOwner | QFileDevice::ReadOther));
    QVERIFY(save(store, settings));
    QCOMPARE(QFile::permissions(fixture.path()), forOwner);
}

void TstSettingsStore::isWrittenAtomically()
{
    const SettingsFixture fixture;
    fixture.write("# mine\nport = 3128\n");
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
#ifdef Q_OS_WIN
    QSKIP("Windows replaces no file that somebody has open: there the save is refused and said");
#endif
    // A reader that has the old file open keeps reading it: the file was replaced, not rewritten.
    QFile old(fixture.path());
    QVERIFY(old.open(QIODevice::ReadOnly));
    config::Settings settings = store.settings();
    settings.listen.port = 3129;
    QVERIFY(save(store, settings));
    QCOMPARE(old.readAll(), "# mine\nport = 3128\n"_ba);
    QCOMPARE(fixture.read(), "# mine\nport = 3129\n"_ba);
    QCOMPARE(QDir(fixture.folder.path()).entryList(QDir::Files).size(), 1);
}

void TstSettingsStore::settingsAndPreferencesLiveInOneFile()
{
    const SettingsFixture fixture;
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    config::Settings settings = store.settings();
    settings.listen.port = 3128;
    QVERIFY(save(store, settings));
    Preferences preferences;
    preferences.language = u"ru"_s;
    preferences.startProxyAtLaunch = false;
    preferences.windowGeometry = QByteArray("\0\n=#\xff", 5);
    QVERIFY(store.savePreferences(preferences));
    settings.listen.port = 3129;
    QVERIFY(save(store, settings));

    SettingsStore again(fixture.input());
    QVERIFY(again.open());
    QVERIFY(!again.damage());
    QCOMPARE(again.settings(), settings);
    QVERIFY(again.preferences() == preferences);
}

void TstSettingsStore::aPlannedChangeTakesBackNoPreferences_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("a good file") << "port = 8081\n"_ba;
    QTest::newRow("a damaged file, which is seen to meanwhile")
        << "port = 8081\nno setting at all\n"_ba;
}

void TstSettingsStore::aPlannedChangeTakesBackNoPreferences()
{
    QFETCH(const QByteArray, content);
    const SettingsFixture fixture;
    fixture.write(content);
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    Preferences preferences = store.preferences();
    preferences.lowerPane = u"chart"_s;
    QVERIFY(store.savePreferences(preferences));
    config::Settings wanted = store.settings();
    wanted.listen.port = 9999;
    auto plan = store.plan(wanted);
    QVERIFY(plan);
    preferences.pane = u"denied"_s;
    QVERIFY(store.savePreferences(preferences));
    QVERIFY(store.keepGoodLines());
    QVERIFY(store.commit(std::move(plan).value()));
    SettingsStore next(fixture.input());
    QVERIFY(next.open());
    QCOMPARE(next.settings().listen.port, 9999);
    QCOMPARE(next.preferences(), preferences);
}

void TstSettingsStore::credentialsSurvive()
{
    const SettingsFixture fixture;
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    config::Settings settings = store.settings();
    settings.access.credentials = policy::Credentials { "admin", R"( p@s:s/ %"'$ )" };
    QVERIFY(save(store, settings));
    QCOMPARE(store.settings(), settings);
    SettingsStore again(fixture.input());
    QVERIFY(again.open());
    QCOMPARE(again.settings().access.credentials->password, R"( p@s:s/ %"'$ )"_ba);
}

void TstSettingsStore::whatCannotBeSavedChangesNothing()
{
    const SettingsFixture fixture;
    fixture.write("port = 3128\n");
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    config::Settings settings = store.settings();
    settings.access.credentials = policy::Credentials { "ad:min", "secret" };
    const auto saved = save(store, settings);
    QVERIFY(!saved);
    QVERIFY(!saved.error().contains(u"secret"_s));
    QCOMPARE(fixture.read(), "port = 3128\n"_ba);
    QVERIFY(!store.settings().access.credentials);
}

void TstSettingsStore::unchangedPreferencesWriteNothing()
{
    const SettingsFixture fixture;
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QVERIFY(store.savePreferences(store.preferences()));
    QVERIFY(!QFileInfo::exists(fixture.path()));
}

void TstSettingsStore::strongerSourcesAreLocked()
{
    SettingsFixture fixture;
    fixture.write("port = 3128\nmax_url_length = 4096\n");
    fixture.environment.insert(u"PROXY_PORT"_s, u"3129"_s);
    fixture.arguments = { u"--log-level=debug"_s };
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QCOMPARE(store.sourceOf("PROXY_PORT"), config::Source::Environment);
    QCOMPARE(store.sourceOf("LOG_LEVEL"), config::Source::CommandLine);
    QCOMPARE(store.sourceOf("MAX_URL_LENGTH"), config::Source::File);
    QVERIFY(store.isLocked("PROXY_PORT"));
    QVERIFY(store.isLocked("LOG_LEVEL"));
    QVERIFY(!store.isLocked("MAX_URL_LENGTH"));
    QVERIFY(!store.isLocked("ALLOWED_IPS"));
}

void TstSettingsStore::resetKeepsWhatIsLocked()
{
    SettingsFixture fixture;
    fixture.write("max_url_length = 4096\nauth_username = a\nauth_password = b\n");
    fixture.environment.insert(u"PROXY_PORT"_s, u"3129"_s);
    fixture.environment.insert(u"ALLOWED_IPS"_s, u"192.0.2.7"_s);
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    config::Settings expected = SettingsStore::defaults();
    expected.listen.port = 3129;
    expected.access.allowedClients = { policy::Cidr::host(QHostAddress(u"192.0.2.7"_s)) };
    QCOMPARE(store.resetSettings(), expected);
}

void TstSettingsStore::theProgramsOwnFolderIsNoChoice()
{
    SettingsFixture fixture;
    fixture.stateFolder = u"/not/there/state"_s;
    SettingsStore store(fixture.input());
    QVERIFY(store.open());
    QCOMPARE(store.settings().state.folder, fixture.stateFolder);
    QVERIFY(store.settings().state.isDefault());
    QCOMPARE(store.sourceOf("PROXY_STATE_DIR"), config::Source::Default);

    config::Settings wanted = store.settings();
    wanted.listen.port = 3128;
    QVERIFY(save(store, wanted));
    QVERIFY2(!fixture.read().contains("state"), fixture.read().constData());
    QVERIFY(store.settings().state.isDefault());
    QCOMPARE(store.resetSettings().state, wanted.state);

    fixture.environment.insert(u"PROXY_STATE_DIR"_s, u"/somewhere/else"_s);
    SettingsStore told(fixture.input());
    QVERIFY(told.open());
    QCOMPARE(told.settings().state.folder, u"/somewhere/else"_s);
    QVERIFY2(!told.settings().state.isDefault(), "a folder that was named has to work");
}

QTEST_GUILESS_MAIN(TstSettingsStore)
#include "tst_settingsstore.moc"
