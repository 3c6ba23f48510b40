// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "config/settingsloader.h"
#include "configfixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstSettingsLoader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void effective_data();
    void effective();
    void credentials_data();
    void credentials();
    void errors_data();
    void errors();
    void everyBadValueIsReportedAtOnce();
    void secretsAreNeverShown();
    void theShellsDefaultsCount();
    void configWinsOverTheShellsFile();
    void aPlannedFileStandsForTheOneOnDisk();
    void missingFiles();
    void warnings_data();
    void warnings();
};

namespace {

using List = QStringList;

/// The system's own message.
#ifdef Q_OS_WIN
const QString noSuchFile = QStringLiteral("File not found");
#else
const QString noSuchFile = QStringLiteral("No such file");
#endif

} // namespace

void TstSettingsLoader::effective_data()
{
    QTest::addColumn<QStringList>("environment");
    QTest::addColumn<QByteArray>("ini");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("text");
    QTest::addColumn<Source>("source");

    const List env { u"PROXY_PORT=2"_s };
    const QByteArray ini = "port = 1\n";
    const List cli { u"--port=3"_s };
    const QString port = u"PROXY_PORT"_s;
    QTest::newRow("B§1: nothing set: the default")
        << List() << ""_ba << List() << port << u"8080"_s << Source::Default;
    QTest::newRow("B§1: the file wins over the default")
        << List() << ini << List() << port << u"1"_s << Source::File;
    QTest::newRow("B§1: the environment wins over the file")
        << env << ini << List() << port << u"2"_s << Source::Environment;
    QTest::newRow("B§1: the command line wins over all")
        << env << ini << cli << port << u"3"_s << Source::CommandLine;
    QTest::newRow("the last of a repeated flag counts")
        << List() << ""_ba << List { u"--port=3"_s, u"--port=4"_s } << port << u"4"_s
        << Source::CommandLine;
    QTest::newRow("B§1: a variable set to nothing counts as not set")
        << List { u"PROXY_PORT="_s } << ini << List() << port << u"1"_s << Source::File;
    QTest::newRow("B§1: a variable of blanks counts as not set")
        << List { u"PROXY_PORT=  \r"_s } << ""_ba << List() << port << u"8080"_s << Source::Default;
    QTest::newRow("B§1: a key set to nothing counts as not set")
        << List() << "port =\n"_ba << List() << port << u"8080"_s << Source::Default;
    QTest::newRow("B§1: a flag set to nothing counts as not set")
        << env << ""_ba << List { u"--port="_s } << port << u"2"_s << Source::Environment;
    QTest::newRow("B§1: values are trimmed and lose a trailing CR")
        << List { u"PROXY_PORT= 2 \r"_s } << ""_ba << List() << port << u"2"_s
        << Source::Environment;
    QTest::newRow("B§1: values in the file are trimmed")
        << List() << "port =   1  \r\n"_ba << List() << port << u"1"_s << Source::File;
    QTest::newRow("B§1: a bad value that a stronger source overrides does not count")
        << env << "port = x\n"_ba << List() << port << u"2"_s << Source::Environment;
    QTest::newRow("keys of the tray app are passed over")
        << List() << "gui_language = ru\nport = 1\n"_ba << List() << port << u"1"_s << Source::File;
    QTest::newRow("unknown variables are passed over")
        << List { u"PROXY_PROT=9"_s, u"http_proxy=http://x:1"_s } << ""_ba << List() << port
        << u"8080"_s << Source::Default;
    QTest::newRow("B§1: an address list in the quick start's form")
        << List { u"ALLOWED_IPS=192.168.1.100,10.0.0.50"_s } << ""_ba << List() << u"ALLOWED_IPS"_s
        << u"192.168.1.100,10.0.0.50"_s << Source::Environment;
}

void TstSettingsLoader::effective()
{
    QFETCH(QStringList, environment);
    QFETCH(QByteArray, ini);
    QFETCH(QStringList, arguments);
    QFETCH(QString, option);
    QFETCH(QString, text);
    QFETCH(Source, source);

    const ConfigFixture fixture;
    const auto loaded = loadSettings(fixture.input(environment, ini, arguments));
    QVERIFY2(loaded, qPrintable(fixture.errorsOf(loaded).join(u'\n')));
    const EffectiveOption &found = loaded->option(option);
    QCOMPARE(found.text, text);
    QCOMPARE(found.source, source);
    QCOMPARE(findOption(option)->format(loaded->settings), text);
    QCOMPARE(loaded->options.size(), optionTable().size());
}

void TstSettingsLoader::credentials_data()
{
    QTest::addColumn<QStringList>("environment");
    QTest::addColumn<QByteArray>("ini");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("expected"); // "user:password"; empty: nobody is asked
    const QString user = u"PROXY_AUTH_USERNAME=admin"_s;

    QTest::newRow("B§1: no credentials") << List() << ""_ba << List() << ""_ba;
    QTest::newRow("B§1: both from the environment")
        << List { user, u"PROXY_AUTH_PASSWORD=secret123"_s } << ""_ba << List()
        << "admin:secret123"_ba;
    QTest::newRow("B§1: both set to nothing count as not set")
        << List { u"PROXY_AUTH_USERNAME="_s, u"PROXY_AUTH_PASSWORD="_s } << ""_ba << List()
        << ""_ba;
    QTest::newRow("B§1: halves may come from two sources")
        << List { user } << "auth_password = secret\n"_ba << List() << "admin:secret"_ba;
    QTest::newRow("B§1: the password is not trimmed, the user name is")
        << List { u"PROXY_AUTH_USERNAME= admin "_s, u"PROXY_AUTH_PASSWORD=  se cret "_s } << ""_ba
        << List() << "admin:  se cret "_ba;
    QTest::newRow("B§1: a password of blanks is a password")
        << List { user, u"PROXY_AUTH_PASSWORD= "_s } << ""_ba << List() << "admin: "_ba;
    QTest::newRow("B§1: the password in the file is verbatim")
        << List { user } << "auth_password =  p@s:s/ %\"'$;#\\,` \n"_ba << List()
        << "admin: p@s:s/ %\"'$;#\\,` "_ba;
    QTest::newRow("RFC 7617 §2.1: credentials in UTF-8")
        << List { u"PROXY_AUTH_USERNAME=админ"_s, u"PROXY_AUTH_PASSWORD=пароль"_s } << ""_ba
        << List() << "админ:пароль"_ba;
    QTest::newRow("B§1: the password from a file, one newline dropped")
        << List { user, u"PROXY_AUTH_PASSWORD_FILE=@/secret"_s } << ""_ba << List()
        << "admin:from file"_ba;
    QTest::newRow("B§1: a password file in a stronger source wins over a password")
        << List { user, u"PROXY_AUTH_PASSWORD=weak"_s } << ""_ba
        << List { u"--auth-password-file=@/secret"_s } << "admin:from file"_ba;
    QTest::newRow("B§1: a password in a stronger source wins over a password file")
        << List { user, u"PROXY_AUTH_PASSWORD=strong"_s } << "auth_password_file = @/secret\n"_ba
        << List() << "admin:strong"_ba;
    QTest::newRow("B§1: an overridden password file is not even read")
        << List { user, u"PROXY_AUTH_PASSWORD=strong"_s } << "auth_password_file = @/missing\n"_ba
        << List() << "admin:strong"_ba;
}

void TstSettingsLoader::credentials()
{
    QFETCH(QStringList, environment);
    QFETCH(QByteArray, ini);
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, expected);

    const ConfigFixture fixture;
    fixture.writeFile(u"secret"_s, "from file\n");
    const auto loaded = loadSettings(fixture.input(environment, ini, arguments));
    QVERIFY2(loaded, qPrintable(fixture.errorsOf(loaded).join(u'\n')));
    const auto &found = loaded->settings.access.credentials;
    QCOMPARE(found ? found->username + ':' + found->password : QByteArray(), expected);
}

void TstSettingsLoader::errors_data()
{
    QTest::addColumn<QStringList>("environment");
    QTest::addColumn<QByteArray>("ini");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("expected"); // the beginning of the only error
    const QString user = u"PROXY_AUTH_USERNAME=admin"_s;
    const QString password = u"PROXY_AUTH_PASSWORD=secret"_s;

    QTest::newRow("B§1: a variable is named as it is spelled")
        << List { u"PROXY_PORT=99999"_s } << ""_ba << List()
        << u"PROXY_PORT: \"99999\": write a whole number from 0 to 65535"_s;
    QTest::newRow("B§1: a key is named with file and line")
        << List() << "# x\nport = 99999\n"_ba << List()
        << u"@/sami.ini:2: port: \"99999\": write"_s;
    QTest::newRow("B§1: a flag is named as it is spelled")
        << List() << ""_ba << List { u"--port"_s, u"x"_s } << u"--port: \"x\": write"_s;
    QTest::newRow("B§1: a bad entry of a list is named")
        << List { u"ALLOWED_IPS=192.0.2.1,10.0.0.0/33"_s } << ""_ba << List()
        << u"ALLOWED_IPS: \"10.0.0.0/33\": the prefix length must be 0 to 32"_s;
    QTest::newRow("B§1: commas alone do not open the address list")
        << List { u"ALLOWED_IPS=,"_s } << ""_ba << List() << u"ALLOWED_IPS: \",\": the list"_s;
    QTest::newRow("B§1: a stronger bad value is not replaced by a weaker good one")
        << List { u"PROXY_PORT=x"_s } << "port = 1\n"_ba << List() << u"PROXY_PORT: \"x\""_s;
    QTest::newRow("B§1: a user name without a password")
        << List { user } << ""_ba << List()
        << u"PROXY_AUTH_USERNAME: \"admin\": a user name without a password"_s;
    QTest::newRow("B§1: a password without a user name")
        << List { password } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD: \"***\": a password without a user name"_s;
    QTest::newRow("B§1: a password set to nothing leaves half a pair")
        << List { user, u"PROXY_AUTH_PASSWORD="_s } << ""_ba << List()
        << u"PROXY_AUTH_USERNAME: \"admin\": a user name without"_s;
    QTest::newRow("B§1: a password file without a user name")
        << List { u"PROXY_AUTH_PASSWORD_FILE=@/secret"_s } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD_FILE: \"@/secret\": a password without"_s;
    QTest::newRow("B§1: a certificate without its key")
        << QStringList { u"PROXY_TLS_CERT_FILE=/c.pem"_s } << QByteArray() << QStringList()
        << u"PROXY_TLS_CERT_FILE: \"/c.pem\": a certificate without its key; set "
           "PROXY_TLS_KEY_FILE too, or none of them"_s;
    QTest::newRow("B§1: a key without its certificate")
        << QStringList() << QByteArray("tls_key_file = /k.pem\n") << QStringList()
        << u"@/sami.ini:1: tls_key_file: \"/k.pem\": a key without its certificate; set "
           "PROXY_TLS_CERT_FILE too, or none of them"_s;
    QTest::newRow("B§11: TLS required without a certificate to show")
        << QStringList { u"PROXY_TLS=require"_s } << QByteArray() << QStringList()
        << u"PROXY_TLS: \"require\": there is no certificate to show; set PROXY_STATE_DIR, where "
           u"the "
           "proxy makes one, or PROXY_TLS_CERT_FILE and PROXY_TLS_KEY_FILE"_s;
    QTest::newRow("B§15: a parent without a scheme")
        << QStringList { u"PROXY_PARENTS=hunter2"_s } << QByteArray() << QStringList()
        << u"PROXY_PARENTS: \"***\": write the whole address of a proxy"_s;
    QTest::newRow("B§15: a parent that is this proxy itself")
        << QStringList { u"PROXY_PARENTS=http://u:p@127.0.0.1:8080"_s } << QByteArray()
        << QStringList()
        << u"PROXY_PARENTS: \"http://***@127.0.0.1:8080\": leads to this proxy itself"_s;
    QTest::newRow("B§15: a user name without a password")
        << QStringList() << QByteArray("parents = https://u@a.example:1\n") << QStringList()
        << u"@/sami.ini:1: parents: \"https://***@a.example:1\": a user name without a password"_s;
    QTest::newRow("B§15: a list in quotes")
        << QStringList { u"PROXY_PARENTS='https://u:p@a.example:1'"_s } << QByteArray()
        << QStringList() << u"PROXY_PARENTS: \"***\": the quotes"_s;
    QTest::newRow("B§15: a host that nothing can go around")
        << QStringList { u"PROXY_PARENTS_BYPASS=*"_s } << QByteArray() << QStringList()
        << u"PROXY_PARENTS_BYPASS: \"*\": "_s;
    QTest::newRow("B§1: a user name with a colon")
        << List { u"PROXY_AUTH_USERNAME=ad:min"_s, password } << ""_ba << List()
        << u"PROXY_AUTH_USERNAME: \"ad:min\": a user name cannot have a colon"_s;
    QTest::newRow("RFC 7617 §2: a password with a carriage return")
        << List { user, u"PROXY_AUTH_PASSWORD=secret\r"_s } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD: \"***\": it has a line break"_s;
    QTest::newRow("B§1: password and password file in one source")
        << List { user, password, u"PROXY_AUTH_PASSWORD_FILE=@/secret"_s } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD_FILE: \"@/secret\": the password itself is set too"_s;
    QTest::newRow("B§1: a password file that is not there")
        << List { user, u"PROXY_AUTH_PASSWORD_FILE=@/missing"_s } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD_FILE: \"@/missing\": cannot be read: "_s + noSuchFile;
    QTest::newRow("B§1: a password where its file's name belongs is not repeated")
        << List { user, u"PROXY_AUTH_PASSWORD_FILE=hunter2"_s } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD_FILE: \"***\": cannot be read: "_s + noSuchFile;
    QTest::newRow("B§1: a placeholder as the password")
        << List { user, u"PROXY_AUTH_PASSWORD=CHANGE-ME"_s } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD: \"***\": it is a placeholder"_s;
    QTest::newRow("B§1: a placeholder as the password of the settings file")
        << List { user } << "auth_password = your-password\n"_ba << List()
        << u"@/sami.ini:1: auth_password: \"***\": it is a placeholder"_s;
    QTest::newRow("B§1: a placeholder as the password of the command line")
        << List { user } << ""_ba << List { u"--auth-password=changeme"_s }
        << u"--auth-password: \"***\": it is a placeholder"_s;
    QTest::newRow("B§1: a placeholder in the password file")
        << List { user, u"PROXY_AUTH_PASSWORD_FILE=@/placeholder"_s } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD_FILE: \"@/placeholder\": holds no password: it is a placeholder"_s;
    QTest::newRow("B§1: a password file with nothing in it")
        << List { user, u"PROXY_AUTH_PASSWORD_FILE=@/empty"_s } << ""_ba << List()
        << u"PROXY_AUTH_PASSWORD_FILE: \"@/empty\": is empty"_s;
    QTest::newRow("B§1: a CA file that is not there")
        << List { u"PROXY_UPSTREAM_CA_FILE=@/missing"_s } << ""_ba << List()
        << u"PROXY_UPSTREAM_CA_FILE: \"@/missing\": cannot be read"_s;
    QTest::newRow("B§1: a CA file without a certificate")
        << List { u"PROXY_UPSTREAM_CA_FILE=@/secret"_s } << ""_ba << List()
        << u"PROXY_UPSTREAM_CA_FILE: \"@/secret\": has no PEM certificate"_s;
    QTest::newRow("B§1: an unknown key is named with the nearest known one")
        << List() << "prot = 1\n"_ba << List()
        << u"@/sami.ini:1: prot: unknown key; did you mean port?"_s;
    QTest::newRow("B§1: a variable's name as a key is recognised")
        << List() << "PROXY_PORT = 1\n"_ba << List()
        << u"@/sami.ini:1: proxy_port: unknown key; did you mean port?"_s;
    QTest::newRow("B§1: a key like nothing known")
        << List() << "colour = green\n"_ba << List() << u"@/sami.ini:1: colour: unknown key"_s;
    QTest::newRow("B§1: an unknown flag")
        << List() << ""_ba << List { u"--prot=1"_s } << u"--prot: unknown option; did you mean"_s;
    QTest::newRow("B§1: a settings file that is not there")
        << List() << ""_ba << List { u"--config=@/missing.ini"_s }
        << u"@/missing.ini: cannot be read: "_s + noSuchFile;
    QTest::newRow("B§1: a line of the settings file that is none")
        << List() << "hunter2\n"_ba << List() << u"@/sami.ini:1: not \"key = value\""_s;
}

void TstSettingsLoader::errors()
{
    QFETCH(QStringList, environment);
    QFETCH(QByteArray, ini);
    QFETCH(QStringList, arguments);
    QFETCH(QString, expected);

    const ConfigFixture fixture;
    fixture.writeFile(u"secret"_s, "from file\n");
    fixture.writeFile(u"empty"_s, "");
    fixture.writeFile(u"placeholder"_s, "change_me\n");
    const auto loaded = loadSettings(fixture.input(environment, ini, arguments));
    QVERIFY(!loaded);
    const QStringList found = fixture.errorsOf(loaded);
    QVERIFY2(found.size() == 1, qPrintable(found.join(u'\n')));
    QVERIFY2(found.constFirst().startsWith(expected), qPrintable(found.constFirst()));
}

void TstSettingsLoader::everyBadValueIsReportedAtOnce()
{
    const ConfigFixture fixture;
    const auto loaded = loadSettings(fixture.input(
        { u"PROXY_TIMEOUT_MS=20m"_s, u"ALLOWED_IPS=a,b"_s, u"PROXY_AUTH_USERNAME=admin"_s },
        "log_level = loud\nprot = 1\n", { u"--port=x"_s, u"--bogus"_s }));
    QStringList names;
    for (const QString &line : fixture.errorsOf(loaded))
        names.append(line.section(u": "_s, 0, 0));
    QCOMPARE(
        names,
        (List { u"--bogus"_s, u"@/sami.ini:2"_s, u"--port"_s, u"@/sami.ini:1"_s, u"ALLOWED_IPS"_s,
                u"ALLOWED_IPS"_s, u"PROXY_TIMEOUT_MS"_s, u"PROXY_AUTH_USERNAME"_s }));
}

void TstSettingsLoader::secretsAreNeverShown()
{
    const ConfigFixture fixture;
    for (const List &environment :
         { List { u"PROXY_AUTH_PASSWORD=hunter2"_s }, List { u"PROXY_AUTH_PASSWORD=hunter2\t"_s },
           List { u"PROXY_AUTH_PASSWORD=hunter2"_s, u"PROXY_AUTH_PASSWORD_FILE=@/x"_s } }) {
        const auto loaded = loadSettings(
            fixture.input(environment, {},
                          { u"--auth-pasword=hunter2"_s, u"--log"_s, u"hunter2"_s, u"hunter2"_s }));
        QVERIFY(!loaded);
        const QString all = fixture.errorsOf(loaded).join(u'\n');
        QVERIFY2(!all.contains(u"hunter2"_s), qPrintable(all));
    }
}

void TstSettingsLoader::theShellsDefaultsCount()
{
    const ConfigFixture fixture;
    LoadInput input = fixture.input({});
    input.defaults.listen.address = QHostAddress(QHostAddress::LocalHost);
    const auto loaded = loadSettings(input);
    QVERIFY(loaded);
    QCOMPARE(loaded->settings, input.defaults);
    QCOMPARE(loaded->option(u"PROXY_ADDRESS"_s).text, u"127.0.0.1"_s);
}

void TstSettingsLoader::configWinsOverTheShellsFile()
{
    const ConfigFixture fixture;
    fixture.writeFile(u"other.ini"_s, "log_level = debug\n");
    const auto loaded =
        loadSettings(fixture.input({}, "port = 1\n", { u"--config=@/other.ini"_s }));
    QVERIFY(loaded);
    QCOMPARE(int(loaded->settings.listen.port), 8080);
    QCOMPARE(loaded->settings.log.level, LogLevel::Debug);
}

void TstSettingsLoader::aPlannedFileStandsForTheOneOnDisk()
{
    const ConfigFixture fixture;
    LoadInput input = fixture.input({ u"LOG_LEVEL=error"_s }, "port = 1\n");
    input.plannedIni = IniFile::parse("port = 2\nlog_level = debug\n").value();
    auto loaded = loadSettings(input);
    QVERIFY(loaded);
    QCOMPARE(int(loaded->settings.listen.port), 2);
    QCOMPARE(loaded->option(u"PROXY_PORT"_s).source, Source::File);
    QCOMPARE(loaded->settings.log.level, LogLevel::Error);

    // Errors show before the file is written.
    input.plannedIni->setValue(u"port"_s, u"99999"_s);
    loaded = loadSettings(input);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().constFirst().name.endsWith(u":1: port"_s));
}

void TstSettingsLoader::missingFiles()
{
    const ConfigFixture fixture;
    LoadInput input = fixture.input({});
    input.iniFile = fixture.path(u"missing.ini"_s);
    QVERIFY(loadSettings(input));
    input.iniPresence = IniPresence::Required;
    QVERIFY(!loadSettings(input));
}

void TstSettingsLoader::warnings_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("expected"); // the beginning; empty: none

    QTest::newRow("B§1: a password under 12 characters gets a hint")
        << u"PROXY_AUTH_PASSWORD=12345678901"_s << u"PROXY_AUTH_PASSWORD: "_s;
    QTest::newRow("B§1: 12 characters are enough")
        << u"PROXY_AUTH_PASSWORD=123456789012"_s << QString();
    QTest::newRow("B§1: a short password in a file gets a hint that names the file's setting")
        << u"PROXY_AUTH_PASSWORD_FILE=@/secret"_s << u"PROXY_AUTH_PASSWORD_FILE: "_s;
}

void TstSettingsLoader::warnings()
{
    QFETCH(QString, variable);
    QFETCH(QString, expected);

    const ConfigFixture fixture;
    fixture.writeFile(u"secret"_s, "hunter2");
    const auto loaded = loadSettings(fixture.input({ u"PROXY_AUTH_USERNAME=admin"_s, variable }));
    QVERIFY(loaded);
    QCOMPARE(loaded->warnings.isEmpty(), expected.isEmpty());
    if (!expected.isEmpty()) {
        QVERIFY(loaded->warnings.constFirst().startsWith(expected));
        QVERIFY(!loaded->warnings.constFirst().contains(u"hunter2"_s));
    }
}

QTEST_APPLESS_MAIN(TstSettingsLoader)
#include "tst_settingsloader.moc"
