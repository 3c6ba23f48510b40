// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/commandline.h"
#include "config/optiontable.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstCommandLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data();
    void values();
    void commands_data();
    void commands();
    void errors_data();
    void errors();
    void subcommands_data();
    void subcommands();
    void flagsOfASubcommand_data();
    void flagsOfASubcommand();
    void theFirstWordAloneIsAnswered_data();
    void theFirstWordAloneIsAnswered();
    void everyCommandIsInTheTableOnce();
};

void TstCommandLine::values_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("expected"); // "ENV_NAME=value"

    QTest::newRow("nothing") << QStringList() << QStringList();
    QTest::newRow("B§1: the value behind the flag")
        << QStringList { u"--port"_s, u"3128"_s } << QStringList { u"PROXY_PORT=3128"_s };
    QTest::newRow("B§1: the value behind an equals sign")
        << QStringList { u"--port=3128"_s } << QStringList { u"PROXY_PORT=3128"_s };
    QTest::newRow("several options keep their order")
        << QStringList { u"--allowed-ips"_s, u"10.0.0.1"_s, u"--log-level=debug"_s }
        << QStringList { u"ALLOWED_IPS=10.0.0.1"_s, u"LOG_LEVEL=debug"_s };
    QTest::newRow("a value with an equals sign")
        << QStringList { u"--auth-password=a=b"_s } << QStringList { u"PROXY_AUTH_PASSWORD=a=b"_s };
    QTest::newRow("a value that begins with one dash")
        << QStringList { u"--auth-password"_s, u"-x"_s }
        << QStringList { u"PROXY_AUTH_PASSWORD=-x"_s };
    QTest::newRow("a value that begins with two dashes, behind an equals sign")
        << QStringList { u"--auth-password=--x"_s } << QStringList { u"PROXY_AUTH_PASSWORD=--x"_s };
    QTest::newRow("an empty value is passed on")
        << QStringList { u"--port="_s } << QStringList { u"PROXY_PORT="_s };
    QTest::newRow("an IPv6 value")
        << QStringList { u"--address"_s, u"::"_s } << QStringList { u"PROXY_ADDRESS=::"_s };
}

void TstCommandLine::values()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, expected);

    const CommandLine line = parseCommandLine(arguments);
    QVERIFY(line.errors.isEmpty());
    QStringList found;
    for (const CommandLine::Value &value : line.values)
        found.append(value.option->environmentName() + u'=' + value.text);
    QCOMPARE(found, expected);
}

void TstCommandLine::commands_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<Command>("expected");
    QTest::addColumn<QString>("configFile");

    QTest::newRow("no command: run") << QStringList { u"--port=1"_s } << Command::Run << QString();
    QTest::newRow("-h is help") << QStringList { u"-h"_s } << Command::Help << QString();
    QTest::newRow("--help") << QStringList { u"--help"_s } << Command::Help << QString();
    QTest::newRow("--version") << QStringList { u"--version"_s } << Command::Version << QString();
    QTest::newRow("B§1: --check-config")
        << QStringList { u"--check-config"_s } << Command::CheckConfig << QString();
    QTest::newRow("B§3: --healthcheck")
        << QStringList { u"--healthcheck"_s } << Command::HealthCheck << QString();
    QTest::newRow("B§12: --pin") << QStringList { u"--pin"_s } << Command::Pin << QString();
    QTest::newRow("B§12: --export-cert beside a setting")
        << QStringList { u"--state-dir"_s, u"/s"_s, u"--export-cert"_s }
        << Command::ExportCertificate << QString();
    QTest::newRow("B§12: of two commands the one that changes nothing counts")
        << QStringList { u"--new-identity"_s, u"--pin"_s } << Command::Pin << QString();
    QTest::newRow("--print-settings-table")
        << QStringList { u"--print-settings-table"_s } << Command::PrintSettingsTable << QString();
    QTest::newRow("help wins over other commands and over errors")
        << QStringList { u"--check-config"_s, u"--bogus"_s, u"--help"_s } << Command::Help
        << QString();
    QTest::newRow("B§1: --config FILE")
        << QStringList { u"--config"_s, u"/etc/s.ini"_s } << Command::Run << u"/etc/s.ini"_s;
    QTest::newRow("B§1: --config=FILE with --check-config")
        << QStringList { u"--check-config"_s, u"--config=s.ini"_s } << Command::CheckConfig
        << u"s.ini"_s;
}

void TstCommandLine::commands()
{
    QFETCH(QStringList, arguments);
    QFETCH(Command, expected);
    QFETCH(QString, configFile);

    const CommandLine line = parseCommandLine(arguments);
    QCOMPARE(line.command, expected);
    QCOMPARE(line.configFile, configFile);
}

void TstCommandLine::errors_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("expected"); // name and hint, "name|hint"
    using List = QStringList;

    QTest::newRow("B§1: an unknown flag is named with the nearest known one")
        << List { u"--prot=1"_s } << List { u"--prot|did you mean --port?"_s };
    QTest::newRow("B§1: the variable's name as a flag is recognised")
        << List { u"--PROXY_PORT=1"_s } << List { u"--PROXY_PORT|did you mean --port?"_s };
    QTest::newRow("B§1: underscores in a flag are recognised")
        << List { u"--log_level=info"_s } << List { u"--log_level|did you mean --log-level?"_s };
    QTest::newRow("B§1: a misspelled command is recognised")
        << List { u"--chek-config"_s } << List { u"--chek-config|did you mean --check-config?"_s };
    QTest::newRow("B§1: a flag like nothing known")
        << List { u"--frobnicate"_s } << List { u"--frobnicate|--help lists"_s };
    QTest::newRow("B§1: a single-dash option is unknown")
        << List { u"-p"_s, u"1"_s } << List { u"-p|unknown option"_s };
    QTest::newRow("the value of an unknown flag is not a second error")
        << List { u"--prot"_s, u"1"_s } << List { u"--prot|did you mean"_s };
    QTest::newRow("B§1: a missing value")
        << List { u"--port"_s } << List { u"--port|needs a value"_s };
    QTest::newRow("B§1: a flag is no value of another")
        << List { u"--port"_s, u"--log-level=info"_s } << List { u"--port|needs a value"_s };
    QTest::newRow("B§1: a command takes no value")
        << List { u"--check-config=yes"_s } << List { u"--check-config|takes no value"_s };
    QTest::newRow("B§1: --config of nothing")
        << List { u"--config="_s } << List { u"--config|path of a file"_s };
    QTest::newRow("B§1: a word on its own")
        << List { u"8080"_s } << List { u"command line|belongs to no option"_s };
    QTest::newRow("B§1: a mistyped command")
        << List { u"statsu"_s } << List { u"command line|did you mean status?"_s };
    QTest::newRow("B§1: a word that starts other programs")
        << List { u"start"_s } << List { u"start|is no command"_s };
    QTest::newRow("B§1: every mistake is reported")
        << List { u"--prot=1"_s, u"x"_s, u"--port"_s }
        << List { u"--prot|"_s, u"command line|"_s, u"--port|"_s };
}

void TstCommandLine::errors()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, expected);

    const CommandLine line = parseCommandLine(arguments);
    QCOMPARE(line.errors.size(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i) {
        const ConfigError &error = line.errors.at(i);
        QCOMPARE(error.name, expected.at(i).section(u'|', 0, 0));
        QVERIFY2(error.problem.contains(expected.at(i).section(u'|', 1)),
                 qPrintable(error.toString()));
        QVERIFY(error.value.isEmpty()); // B§8: it may be a mistyped password
    }
}

void TstCommandLine::subcommands_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<Command>("command");
    QTest::addColumn<QStringList>("operands");
    QTest::addColumn<QStringList>("errors");
    using List = QStringList;

    QTest::newRow("words at the beginning")
        << List { u"link"_s } << Command::Pin << List() << List();
    QTest::newRow("flags behind them")
        << List { u"link"_s, u"--port=1"_s } << Command::Pin << List() << List();
    QTest::newRow("the longest that fits, with its operand")
        << List { u"user"_s, u"add"_s, u"anna"_s, u"--port"_s, u"1"_s } << Command::NewIdentity
        << List { u"anna"_s } << List();
    QTest::newRow("an operand behind a flag")
        << List { u"user"_s, u"add"_s, u"--port=1"_s, u"anna"_s } << Command::NewIdentity
        << List { u"anna"_s } << List();
    QTest::newRow("words elsewhere are named") << List { u"--port=1"_s, u"link"_s } << Command::Run
                                               << List() << List { u"before all options"_s };
    QTest::newRow("with their operand, as one mistake")
        << List { u"--port=1"_s, u"user"_s, u"add"_s, u"anna"_s } << Command::Run
        << List { u"anna"_s } << List { u"before all options"_s };
    QTest::newRow("a command after another")
        << List { u"link"_s, u"user"_s, u"add"_s } << Command::Pin << List()
        << List { u"one at a time"_s };
    QTest::newRow("a word too many")
        << List { u"user"_s, u"add"_s, u"anna"_s, u"otto"_s } << Command::NewIdentity
        << List { u"anna"_s } << List { u"belongs to no"_s };
    QTest::newRow("a word too few") << List { u"user"_s, u"add"_s } << Command::NewIdentity
                                    << List() << List { u"needs more words"_s };
    QTest::newRow("its help") << List { u"link"_s, u"--help"_s } << Command::Help << List()
                              << List();
}

void TstCommandLine::subcommands()
{
    QFETCH(QStringList, arguments);
    QFETCH(Command, command);
    QFETCH(QStringList, operands);
    QFETCH(QStringList, errors);

    // Of another program: this one has no such commands yet.
    const QList<CommandEntry> table {
        { "link", Command::Pin, "", "Prints a link." },
        { "user", Command::ExportCertificate, "", "Nothing by itself." },
        { "user add", Command::NewIdentity, "NAME", "Adds a user." },
        { "--help", Command::Help, "", "Prints this." },
    };
    const CommandLine line = parseCommandLine(arguments, table);
    QCOMPARE(line.command, command);
    QCOMPARE(line.operands, operands);
    QCOMPARE(line.errors.size(), errors.size());
    for (qsizetype i = 0; i < errors.size(); ++i)
        QVERIFY2(line.errors[i].problem.contains(errors[i]), qPrintable(line.errors[i].problem));
}

void TstCommandLine::flagsOfASubcommand_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("details"); // "--flag=value", sorted
    QTest::addColumn<QString>("error");
    using List = QStringList;

    QTest::newRow("B§15: none") << List { u"link"_s } << List() << QString();
    QTest::newRow("B§15: with values and without")
        << List { u"link"_s, u"--qr"_s, u"--host"_s, u"a.example"_s, u"--name=b c"_s }
        << List { u"--host=a.example"_s, u"--name=b c"_s, u"--qr="_s } << QString();
    QTest::newRow("B§15: the last one counts")
        << List { u"link"_s, u"--host=a"_s, u"--host=b"_s } << List { u"--host=b"_s } << QString();
    QTest::newRow("B§15: beside settings")
        << List { u"link"_s, u"--port=1"_s, u"--host=a"_s } << List { u"--host=a"_s } << QString();
    QTest::newRow("B§15: a value is missing")
        << List { u"link"_s, u"--host"_s } << List() << u"needs a value"_s;
    QTest::newRow("B§15: a value too many")
        << List { u"link"_s, u"--qr=1"_s } << List() << u"takes no value"_s;
    QTest::newRow("B§15: without the subcommand they are unknown")
        << List { u"--qr"_s } << List() << u"unknown option"_s;
}

void TstCommandLine::flagsOfASubcommand()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, details);
    QFETCH(QString, error);
    const CommandLine line = parseCommandLine(arguments);
    QCOMPARE(line.errors.size(), error.isEmpty() ? 0 : 1);
    if (!error.isEmpty())
        QVERIFY(line.errors.constFirst().problem.contains(error));
    QStringList found;
    for (auto each = line.details.cbegin(); each != line.details.cend(); ++each)
        found.append(each.key() + u'=' + each.value());
    found.sort();
    QCOMPARE(found, details);
}

void TstCommandLine::theFirstWordAloneIsAnswered_data()
{
    QTest::addColumn<QStringList>("arguments");
    using List = QStringList;
    QTest::newRow("B§16: the first word of a command alone") << List { u"user"_s };
    QTest::newRow("B§16: with a word that is none of its")
        << List { u"user"_s, u"ad"_s, u"anna"_s };
    QTest::newRow("B§16: with a flag") << List { u"user"_s, u"--port=1"_s, u"list"_s };
}

void TstCommandLine::theFirstWordAloneIsAnswered()
{
    QFETCH(QStringList, arguments);
    const CommandLine line = parseCommandLine(arguments);
    QCOMPARE(line.errors.size(), 1);
    QCOMPARE(line.errors.constFirst().name, u"user"_s);
    QVERIFY(line.errors.constFirst().problem.contains(u"add, passwd, disable"_s));
}

void TstCommandLine::everyCommandIsInTheTableOnce()
{
    QStringList names;
    for (const CommandEntry &entry : commandTable()) {
        const QString name = QString::fromLatin1(entry.name);
        QVERIFY2(!names.contains(name), entry.name);
        QVERIFY2(!findOption(name), "a flag of this name is a setting already");
        QVERIFY(isStronger(entry.command, Command::Run));
        QVERIFY(!isStronger(entry.command, Command::Help));
        names.append(name);
    }
}

QTEST_APPLESS_MAIN(TstCommandLine)
#include "tst_commandline.moc"
