// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "config/remotesettings.h"
#include "configfixture.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstRemoteSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rank_data();
    void rank();
    void onlyADaemonReadsThem();
    void theShellsOwnFolderCounts();
    void threeOfThemCanBeSet();
    void whatIsWrongWithTheFileIsAnError_data();
    void whatIsWrongWithTheFileIsAnError();
    void aFileThatOthersMayWriteIsAnError();
    void whatIsWrittenIsReadAgain();
    void aPlanChangesOneSetting();
    void withoutAFolderThePlanIsTheMemory();
    void aPlanIsRefused_data();
    void aPlanIsRefused();

private:
    static const Option &option(const char *name) { return *findOption(QString::fromLatin1(name)); }
    static LoadInput inputOf(const ConfigFixture &fixture, const QByteArray &state,
                             const QStringList &variables = {}, const QByteArray &ini = {},
                             const QStringList &arguments = {})
    {
        fixture.writeSecretFile(u"settings.ini"_s, state);
        LoadInput input =
            fixture.input(QStringList { u"PROXY_STATE_DIR=@/."_s } + variables, ini, arguments);
        input.readsState = true;
        return input;
    }
};

void TstRemoteSettings::rank_data()
{
    QTest::addColumn<QStringList>("environment");
    QTest::addColumn<QByteArray>("ini");
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("text");
    QTest::addColumn<Source>("source");
    const QByteArray state = "log_level = debug\n";
    const QByteArray ini = "log_level = error\n";
    QTest::newRow("B§18: what was set from afar wins over the default")
        << QStringList() << ""_ba << state << QStringList() << u"debug"_s << Source::State;
    QTest::newRow("B§18: it wins over the settings file")
        << QStringList() << ini << state << QStringList() << u"debug"_s << Source::State;
    QTest::newRow("B§18: the environment wins over it")
        << QStringList { u"LOG_LEVEL=info"_s } << ini << state << QStringList() << u"info"_s
        << Source::Environment;
    QTest::newRow("B§18: the command line wins over it")
        << QStringList() << ""_ba << state << QStringList { u"--log-level=info"_s } << u"info"_s
        << Source::CommandLine;
    QTest::newRow("B§18: nothing set from afar leaves the settings file")
        << QStringList() << ini << "# nothing\n"_ba << QStringList() << u"error"_s << Source::File;
}

void TstRemoteSettings::rank()
{
    QFETCH(QStringList, environment);
    QFETCH(QByteArray, ini);
    QFETCH(QByteArray, state);
    QFETCH(QStringList, arguments);
    QFETCH(QString, text);
    QFETCH(Source, source);
    const ConfigFixture fixture;
    const auto loaded = loadSettings(inputOf(fixture, state, environment, ini, arguments));
    QVERIFY2(loaded, qPrintable(fixture.errorsOf(loaded).join(u'\n')));
    QCOMPARE(loaded->option(u"LOG_LEVEL"_s).text, text);
    QCOMPARE(loaded->option(u"LOG_LEVEL"_s).source, source);
}

void TstRemoteSettings::onlyADaemonReadsThem()
{
    const ConfigFixture fixture;
    LoadInput input = inputOf(fixture, "nonsense\n");
    QVERIFY(!loadSettings(input));
    input.readsState = false;
    QVERIFY(loadSettings(input));
}

void TstRemoteSettings::theShellsOwnFolderCounts()
{
    const ConfigFixture fixture;
    LoadInput input = inputOf(fixture, "log_level = debug\n");
    input.defaults.state.folder = input.environment.value(u"PROXY_STATE_DIR"_s);
    input.environment.remove(u"PROXY_STATE_DIR"_s);
    const auto loaded = loadSettings(input);
    QVERIFY2(loaded, qPrintable(fixture.errorsOf(loaded).join(u'\n')));
    QCOMPARE(loaded->option(u"LOG_LEVEL"_s).source, Source::State);
}

void TstRemoteSettings::threeOfThemCanBeSet()
{
    QStringList found;
    for (const Option &each : optionTable()) {
        if (RemoteSettings::isSettable(each))
            found.append(each.environmentName());
    }
    found.sort();
    QCOMPARE(found, (QStringList { u"ALLOWED_HOSTS"_s, u"ALLOWED_IPS"_s, u"LOG_LEVEL"_s }));
}

void TstRemoteSettings::whatIsWrongWithTheFileIsAnError_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QString>("error");
    QTest::newRow("B§18: a key that cannot be set from afar")
        << "log_level = info\nadmin = 127.0.0.1:1\n"_ba
        << u"@/./settings.ini:2: admin: cannot be set in this file; put it into the settings file"_s;
    QTest::newRow("B§18: a key that nobody knows")
        << "logging = info\n"_ba
        << u"@/./settings.ini:1: logging: cannot be set in this file; put it into the settings file"_s;
    QTest::newRow("B§18: a bad value")
        << "log_level = loud\n"_ba
        << u"@/./settings.ini:1: log_level: \"loud\": write error or info or debug"_s;
    QTest::newRow("B§18: a line that is none")
        << "nonsense\n"_ba << u"@/./settings.ini:1: not \"key = value\" and not a comment (# …)"_s;
}

void TstRemoteSettings::whatIsWrongWithTheFileIsAnError()
{
    QFETCH(QByteArray, state);
    QFETCH(QString, error);
    const ConfigFixture fixture;
    const auto loaded = loadSettings(inputOf(fixture, state));
    QCOMPARE(fixture.errorsOf(loaded), QStringList { error });
}

void TstRemoteSettings::aFileThatOthersMayWriteIsAnError()
{
#ifdef Q_OS_WIN
    QSKIP("there a folder says who may write");
#endif
    const ConfigFixture fixture;
    const LoadInput input = inputOf(fixture, "log_level = info\n");
    QVERIFY(QFile::setPermissions(fixture.path(u"settings.ini"_s),
                                  QFileDevice::ReadOwner | QFileDevice::WriteOther));
    const auto loaded = loadSettings(input);
    QCOMPARE(fixture.errorsOf(loaded),
             QStringList { u"@/./settings.ini: can be written by others; chmod 600 it"_s });
}

void TstRemoteSettings::whatIsWrittenIsReadAgain()
{
    const ConfigFixture fixture;
    const QString path = RemoteSettings::fileIn(fixture.path(u"."_s));
    QVERIFY(RemoteSettings::write(path, option("LOG_LEVEL"), u"debug"_s));
    QVERIFY(RemoteSettings::write(path, option("ALLOWED_IPS"), u"192.0.2.0/24"_s));
    QVERIFY(RemoteSettings::write(path, option("LOG_LEVEL"), u"error"_s));
    QCOMPARE(fixture.readFile(u"settings.ini"_s),
             "log_level = error\nallowed_ips = 192.0.2.0/24\n"_ba);
#ifndef Q_OS_WIN
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther
        | QFileDevice::WriteOther;
    QVERIFY(!(QFile::permissions(path) & others));
#endif
    QVERIFY(RemoteSettings::write(path, option("LOG_LEVEL"), {}));
    const auto state = RemoteSettings::read(path);
    QVERIFY(state);
    QCOMPARE(state->value(u"log_level"_s), std::nullopt);
    QCOMPARE(state->value(u"allowed_ips"_s), u"192.0.2.0/24"_s);
    QVERIFY(RemoteSettings::read(fixture.path(u"none.ini"_s))->entries().isEmpty());
}

void TstRemoteSettings::aPlanChangesOneSetting()
{
    const ConfigFixture fixture;
    const LoadInput input =
        inputOf(fixture, "log_level = debug\n", {}, "allowed_ips = 10.0.0.0/8\nport = 1\n");
    const auto now = loadSettings(input);
    QVERIFY(now);
    // The operator's own change of the file waits for a reload.
    fixture.writeFile(u"sami.ini"_s, "allowed_ips = 172.16.0.0/12\nport = 2\n");
    const Option &clients = option("ALLOWED_IPS");
    const auto plan = RemoteSettings::plan(input, *now, clients, u"192.0.2.1, private"_s);
    QVERIFY(plan);
    QCOMPARE(clients.format(plan->next.settings), u"192.0.2.1,private"_s);
    QCOMPARE(plan->next.option(u"ALLOWED_IPS"_s).source, Source::State);
    QCOMPARE(plan->next.settings.listen.port, 1);
    QCOMPARE(plan->state.value(u"log_level"_s), u"debug"_s);
    QCOMPARE(fixture.readFile(u"settings.ini"_s), "log_level = debug\n"_ba);
    const auto back = RemoteSettings::plan(input, plan->next, option("LOG_LEVEL"), {});
    QVERIFY(back);
    QCOMPARE(back->next.option(u"LOG_LEVEL"_s).source, Source::Default);
}

void TstRemoteSettings::withoutAFolderThePlanIsTheMemory()
{
    const ConfigFixture fixture;
    LoadInput input = fixture.input({});
    input.readsState = true;
    const auto now = loadSettings(input);
    QVERIFY(now);
    const auto first = RemoteSettings::plan(input, *now, option("LOG_LEVEL"), u"debug"_s);
    QVERIFY(first);
    input.plannedState = first->state;
    const auto second =
        RemoteSettings::plan(input, first->next, option("ALLOWED_HOSTS"), u"@openai"_s);
    QVERIFY(second);
    input.plannedState = second->state;
    const auto reloaded = loadSettings(input);
    QVERIFY(reloaded);
    QCOMPARE(reloaded->option(u"LOG_LEVEL"_s).source, Source::State);
    QCOMPARE(reloaded->option(u"ALLOWED_HOSTS"_s).text, u"@openai"_s);
}

void TstRemoteSettings::aPlanIsRefused_data()
{
    QTest::addColumn<QByteArray>("ini");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("isOfValue");
    QTest::addColumn<QString>("error");
    QTest::newRow("B§18: what the loader would refuse, in its words")
        << ""_ba << u"10.0.0.0/33"_s << true
        << u"allowed_ips: \"10.0.0.0/33\": the prefix length must be 0 to 32"_s;
    QTest::newRow("B§18: a value in quotes")
        << ""_ba << u"\"10.0.0.1\""_s << true
        << u"allowed_ips: \"\"10.0.0.1\"\": "_s + quotesProblem();
    QTest::newRow("B§18: two lines") << ""_ba << u"10.0.0.1\nadmin = 127.0.0.1:1"_s << true
                                     << u"allowed_ips: a value has no line breaks"_s;
    QTest::newRow("B§18: a settings file that has been damaged since")
        << "port = x\n"_ba << u"10.0.0.1"_s << false
        << u"@/sami.ini:1: port: \"x\": write a whole number from 0 to 65535"_s;
}

void TstRemoteSettings::aPlanIsRefused()
{
    QFETCH(QByteArray, ini);
    QFETCH(QString, value);
    QFETCH(bool, isOfValue);
    QFETCH(QString, error);
    const ConfigFixture fixture;
    const LoadInput input = inputOf(fixture, "", {}, "port = 1\n");
    const auto now = loadSettings(input);
    QVERIFY(now);
    if (!ini.isEmpty())
        fixture.writeFile(u"sami.ini"_s, ini);
    const auto plan = RemoteSettings::plan(input, *now, option("ALLOWED_IPS"), value);
    QVERIFY(!plan);
    QCOMPARE(plan.error().isOfValue, isOfValue);
    QCOMPARE(fixture.withoutFolder(toString(plan.error().errors)), error);
}

QTEST_APPLESS_MAIN(TstRemoteSettings)
#include "tst_remotesettings.moc"
