// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/inifile.h"
#include "config/optiontable.h"
#include "config/settingsloader.h"
#include "config/settingswriter.h"
#include "configfixture.h"

#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace sami::config;

using Change = std::function<void(Settings &)>;
Q_DECLARE_METATYPE(Change)

class TstSettingsWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saves_data();
    void saves();
    void hostilePasswordsSurvive_data();
    void hostilePasswordsSurvive();
    void everyOptionSurvives();
    void whatTheLoaderWouldRefuseIsNotWritten();
    void aDamagedFileIsNotOverwritten();
};

namespace {

const Change changePort = [](Settings &s) { s.listen.port = 3128; };
const Change nothing = [](Settings &) {};

Change setPassword(const QByteArray &password)
{
    return [password](Settings &s) {
        s.access.credentials = sami::policy::Credentials { "admin", password };
    };
}

/// updateIni() on the file at that path, as a shell calls it.
sami::Result<void, QList<ConfigError>> saveSettings(const QString &path,
                                                    const LoadedSettings &loaded,
                                                    const Settings &wanted,
                                                    const Settings &defaults)
{
    auto file = IniFile::read(path, IniPresence::Optional);
    if (!file)
        return sami::Unexpected(file.error());
    if (auto updated = updateIni(*file, loaded, wanted, defaults); !updated)
        return updated;
    if (const auto written = file->write(path); !written)
        return sami::Unexpected<QList<ConfigError>>({ { path, {}, written.error() } });
    return {};
}

} // namespace

void TstSettingsWriter::saves_data()
{
    QTest::addColumn<QStringList>("environment");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("after");
    using List = QStringList;

    QTest::newRow("a changed value is written in its place")
        << List() << "# my port\nport=1\nlog_level = debug\n"_ba << changePort
        << "# my port\nport = 3128\nlog_level = debug\n"_ba;
    QTest::newRow("a new value is appended") << List() << "log_level = debug\n"_ba << changePort
                                             << "log_level = debug\nport = 3128\n"_ba;
    QTest::newRow("B§1: saving keeps comments and unknown lines")
        << List() << "# a\ngui_language = ru\n; b\n\nport = 1\n"_ba << changePort
        << "# a\ngui_language = ru\n; b\n\nport = 3128\n"_ba;
    QTest::newRow("what did not change is not touched")
        << List() << "port=8080\n"_ba << nothing << "port=8080\n"_ba;
    QTest::newRow("what becomes the default leaves the file")
        << List() << "port = 1\nlog_level = debug\n"_ba
        << Change([](Settings &s) { s.listen.port = 8080; }) << "log_level = debug\n"_ba;
    QTest::newRow("what the environment holds is not written")
        << List { u"PROXY_PORT=9"_s } << "port = 1\n"_ba << changePort << "port = 1\n"_ba;
    QTest::newRow("new credentials")
        << List() << "port = 1\n"_ba << setPassword("secret")
        << "port = 1\nauth_username = admin\nauth_password = secret\n"_ba;
    QTest::newRow("credentials switched off")
        << List() << "auth_username = admin\nauth_password = secret\nport = 1\n"_ba
        << Change([](Settings &s) { s.access.credentials.reset(); }) << "port = 1\n"_ba;
    QTest::newRow("an unchanged password file stays")
        << List() << "auth_username = admin\nauth_password_file = @/secret\nport = 1\n"_ba
        << changePort << "auth_username = admin\nauth_password_file = @/secret\nport = 3128\n"_ba;
    QTest::newRow("a changed password takes the place of the password file")
        << List() << "auth_username = admin\nauth_password_file = @/secret\n"_ba
        << setPassword("new") << "auth_username = admin\nauth_password = new\n"_ba;
    QTest::newRow("a password file in the environment locks the password")
        << List { u"PROXY_AUTH_PASSWORD_FILE=@/secret"_s } << "auth_username = admin\n"_ba
        << setPassword("new") << "auth_username = admin\n"_ba;
    QTest::newRow("an emptied list leaves the file")
        << List() << "allowed_ips = 192.0.2.1\n"_ba
        << Change([](Settings &s) { s.access.allowedClients.clear(); }) << ""_ba;
}

void TstSettingsWriter::saves()
{
    QFETCH(QStringList, environment);
    QFETCH(QByteArray, before);
    QFETCH(Change, change);
    QFETCH(QByteArray, after);

    const ConfigFixture fixture;
    fixture.writeFile(u"secret"_s, "from file\n");
    const LoadInput input = fixture.input(environment, before);
    const auto loaded = loadSettings(input);
    QVERIFY2(loaded, qPrintable(fixture.errorsOf(loaded).join(u'\n')));
    Settings wanted = loaded->settings;
    change(wanted);

    const auto saved = saveSettings(fixture.iniPath(), *loaded, wanted, input.defaults);
    QVERIFY(saved);
    const QString content = QString::fromUtf8(fixture.readFile(u"sami.ini"_s));
    QCOMPARE(fixture.withoutFolder(content), QString::fromUtf8(after));
    const auto again = loadSettings(input);
    QVERIFY2(again, qPrintable(fixture.errorsOf(again).join(u'\n')));
    if (environment.isEmpty())
        QCOMPARE(again->settings, wanted);
}

void TstSettingsWriter::hostilePasswordsSurvive_data()
{
    QTest::addColumn<QByteArray>("password");

    QTest::newRow("B§1: every sign QSettings mangles") << "p@s:s/ %\"'$;#\\,`=[]"_ba;
    QTest::newRow("B§1: blanks at both ends") << "  secret  "_ba;
    QTest::newRow("B§1: a blank alone") << " "_ba;
    QTest::newRow("B§1: Cyrillic") << "пароль"_ba;
    QTest::newRow("B§1: a comment sign in front") << "#secret"_ba;
}

void TstSettingsWriter::hostilePasswordsSurvive()
{
    QFETCH(QByteArray, password);

    const ConfigFixture fixture;
    LoadInput input = fixture.input({});
    input.iniFile = fixture.iniPath();
    const LoadedSettings loaded = loadSettings(input).value();
    Settings wanted = loaded.settings;
    setPassword(password)(wanted);
    QVERIFY(saveSettings(fixture.iniPath(), loaded, wanted, input.defaults));
    QCOMPARE(loadSettings(input).value().settings, wanted);
}

void TstSettingsWriter::everyOptionSurvives()
{
    const ConfigFixture fixture;
    fixture.writeFile(u"ca.pem"_s,
                      "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n");
    LoadInput input = fixture.input({});
    input.iniFile = fixture.iniPath();
    // A value other than the default for every option.
    const QHash<QString, QString> others {
        { u"PROXY_PORT"_s, u"1"_s },
        { u"PROXY_ADDRESS"_s, u"::"_s },
        { u"PROXY_SOCKS5"_s, u"true"_s },
        { u"PROXY_AUTH_USERNAME"_s, u"admin"_s },
        { u"PROXY_AUTH_PASSWORD"_s, u"secret"_s },
        { u"PROXY_USERS_FILE"_s, u"/etc/proxy/users"_s },
        { u"LOG_LEVEL"_s, u"debug"_s },
        { u"LOG_FORMAT"_s, u"json"_s },
        { u"ALLOWED_IPS"_s, u"private,192.0.2.0/24,2001:db8::1"_s },
        { u"PROXY_PAGES"_s, u"listed"_s },
        { u"PROXY_TLS"_s, u"off"_s },
        { u"PROXY_TLS_CERT_FILE"_s, u"/etc/proxy/cert.pem"_s },
        { u"PROXY_TLS_KEY_FILE"_s, u"/etc/proxy/key.pem"_s },
        { u"PROXY_TLS_NAMES"_s, u"proxy.example.com,192.0.2.7"_s },
        { u"PROXY_STATE_DIR"_s, u"/var/lib/proxy"_s },
        { u"PROXY_ADMIN"_s, u"127.0.0.1:8081"_s },
        { u"PROXY_ADMIN_TOKENS_FILE"_s, u"/etc/proxy/tokens"_s },
        { u"PROXY_ADMIN_HOSTS"_s, u"proxy.example.com"_s },
        { u"PROXY_METRICS"_s, u"127.0.0.1:9464"_s },
        { u"PROXY_PROXY_PROTOCOL_FROM"_s, u"192.0.2.7,2001:db8::/64"_s },
        { u"PROXY_TIMEOUT_MS"_s, u"1000"_s },
        { u"PROXY_CONNECT_TIMEOUT_MS"_s, u"1000"_s },
        { u"PROXY_HEADER_TIMEOUT_MS"_s, u"1000"_s },
        { u"PROXY_TCP_KEEPALIVE_S"_s, u"0"_s },
        { u"PROXY_SHUTDOWN_GRACE_MS"_s, u"0"_s },
        { u"PROXY_UPSTREAM_CA_FILE"_s, fixture.path(u"ca.pem"_s) },
        { u"PROXY_EXIT_FAMILY"_s, u"ipv4"_s },
        { u"PROXY_SOURCE_ADDRESS"_s, u"192.0.2.7,2001:db8::7"_s },
        { u"PROXY_VIA_HEADER"_s, u"false"_s },
        { u"AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS"_s, u"1"_s },
        { u"AUTH_FAIL_RATE_LIMIT_WINDOW_MS"_s, u"1000"_s },
        { u"MAX_CONCURRENT_CONNECTIONS"_s, u"1"_s },
        { u"MAX_CONNECTIONS_PER_IP"_s, u"1"_s },
        { u"MAX_URL_LENGTH"_s, u"64"_s },
        { u"ALLOWED_HOSTS"_s, u"*.anthropic.com:443,[2001:db8::1]:8000"_s },
        { u"ALLOWED_HOSTS_MODE"_s, u"report"_s },
        { u"ALLOWED_PORTS"_s, u"443"_s },
        { u"ALLOW_PRIVATE_TARGETS"_s, u"10.0.0.0/8"_s },
        { u"PROXY_PARENTS"_s, u"sami-proxy://u:p%2Cq@a.example:8443?name=home,direct"_s },
        { u"PROXY_PARENTS_BYPASS"_s, u"*.corp.example,10.0.0.0/8"_s },
        { u"PROXY_THREADS"_s, u"1"_s },
        { u"PROXY_SOCKETS"_s, u"qt"_s },
        { u"PROXY_EVENT_DISPATCHER"_s, u"qt"_s },
    };
    Draft draft;
    for (const Option &option : optionTable()) {
        if (option.environmentName().endsWith(u"_PASSWORD_FILE"_s))
            continue; // not part of the settings
        QVERIFY2(others.contains(option.environmentName()), option.environment);
        QVERIFY(option.parse(draft, others.value(option.environmentName())).isEmpty());
    }
    draft.settings.access.credentials = sami::policy::Credentials { "admin", "secret" };

    const LoadedSettings loaded = loadSettings(input).value();
    QVERIFY(saveSettings(fixture.iniPath(), loaded, draft.settings, input.defaults));
    const LoadedSettings again = loadSettings(input).value();
    QCOMPARE(again.settings, draft.settings);
    for (const EffectiveOption &effective : again.options) {
        const QString name = effective.option->environmentName();
        QCOMPARE(effective.text, others.value(name));
    }
}

void TstSettingsWriter::whatTheLoaderWouldRefuseIsNotWritten()
{
    const ConfigFixture fixture;
    const LoadInput input = fixture.input({}, "port = 1\n");
    const LoadedSettings loaded = loadSettings(input).value();
    Settings wanted = loaded.settings;
    wanted.limits.threads = 1000;
    wanted.access.credentials = sami::policy::Credentials { "ad:min", "hunter2\n" };
    const auto saved = saveSettings(fixture.iniPath(), loaded, wanted, input.defaults);
    QVERIFY(!saved);
    QStringList names;
    for (const ConfigError &error : saved.error()) {
        names.append(error.name);
        QVERIFY(!error.toString().contains(u"hunter2"_s));
    }
    QCOMPARE(names, (QStringList { u"auth_username"_s, u"auth_password"_s, u"threads"_s }));
    QCOMPARE(fixture.readFile(u"sami.ini"_s), "port = 1\n"_ba);
}

void TstSettingsWriter::aDamagedFileIsNotOverwritten()
{
    const ConfigFixture fixture;
    const LoadInput input = fixture.input({});
    const LoadedSettings loaded = loadSettings(input).value();
    fixture.writeFile(u"sami.ini"_s, "what is this\n");
    Settings wanted = loaded.settings;
    changePort(wanted);
    QVERIFY(!saveSettings(fixture.iniPath(), loaded, wanted, input.defaults));
    QCOMPARE(fixture.readFile(u"sami.ini"_s), "what is this\n"_ba);
}

QTEST_APPLESS_MAIN(TstSettingsWriter)
#include "tst_settingswriter.moc"
