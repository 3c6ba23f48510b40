// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/hosttext.h"
#include "config/optiontable.h"
#include "config/settingstext.h"
#include "configfixture.h"
#include "policy/hostpresets.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::config;

class TstSettingsText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void checkConfig_data();
    void checkConfig();
    void checkConfigHasEveryOptionOnce();
    void checkConfigShowsThePresetsInUse();
    void helpAndMarkdownNameEveryPreset();
    void helpNamesEverything();
    void helpFitsTheScreen();
    void markdownHasEveryOption();
};

void TstSettingsText::checkConfig_data()
{
    QTest::addColumn<QString>("line");

    QTest::newRow("B§1: a default and its source") << u"LOG_FORMAT = text   (default)"_s;
    QTest::newRow("B§1: a value from the file") << u"LOG_LEVEL = debug   (file)"_s;
    QTest::newRow("B§1: a value from the environment")
        << u"ALLOWED_IPS = 192.0.2.0/24   (environment)"_s;
    QTest::newRow("B§1: a value from the command line") << u"PROXY_PORT = 3128   (command line)"_s;
    QTest::newRow("B§1: a secret is masked") << u"PROXY_AUTH_PASSWORD = ***   (environment)"_s;
    QTest::newRow("B§1: a value that was set from afar")
        << u"ALLOWED_HOSTS = @openai   (state folder)"_s;
    QTest::newRow("B§1: nothing is shown as nothing") << u"PROXY_PARENTS = -   (default)"_s;
}

void TstSettingsText::checkConfig()
{
    QFETCH(QString, line);

    const ConfigFixture fixture;
    LoadInput input = fixture.input({ u"ALLOWED_IPS=192.0.2.0/24"_s, u"PROXY_AUTH_USERNAME=admin"_s,
                                      u"PROXY_AUTH_PASSWORD=hunter2"_s, u"PROXY_STATE_DIR=@/."_s },
                                    "log_level = debug\n", { u"--port=3128"_s });
    fixture.writeSecretFile(u"settings.ini"_s, "allowed_hosts = @openai\n");
    input.readsState = true;
    const auto loaded = loadSettings(input);
    QVERIFY(loaded);
    const QString text = checkConfigText(*loaded);
    QVERIFY2(text.split(u'\n').contains(line), qPrintable(text));
    QVERIFY(!text.contains(u"hunter2"_s));
}

void TstSettingsText::checkConfigShowsThePresetsInUse()
{
    const ConfigFixture fixture;
    const auto lines = [&fixture](const QString &hosts) {
        const auto loaded = loadSettings(fixture.input({ u"ALLOWED_HOSTS="_s + hosts }));
        return checkConfigText(loaded.value()).split(u'\n').filter(u"   (checked "_s);
    };
    QCOMPARE(lines(u"a.example"_s), QStringList());
    QCOMPARE(lines(u"a.example,@deepseek"_s).size(), 1);
    QVERIFY(
        lines(u"@deepseek"_s).first().startsWith(u"@deepseek = api.deepseek.com   (checked 20"_s));
    QCOMPARE(lines(u"@xai,@llm"_s).size(), 7);
}

void TstSettingsText::helpAndMarkdownNameEveryPreset()
{
    for (const QByteArray &word : policy::hostPresetWords()) {
        const QString name = QString::fromLatin1(word);
        QVERIFY2(helpText(u"sami"_s, {}).contains(name), word.constData());
        QVERIFY2(settingsTableMarkdown().contains(name), word.constData());
    }
    for (const policy::HostPreset &preset : policy::hostPresets()) {
        for (const policy::HostPattern &host : preset.hosts())
            QVERIFY(hostPresetsMarkdown().contains(u'`' + QString::fromLatin1(host.toByteArray())
                                                   + u'`'));
    }
}

void TstSettingsText::checkConfigHasEveryOptionOnce()
{
    const ConfigFixture fixture;
    const QString text = checkConfigText(loadSettings(fixture.input({})).value());
    QCOMPARE(text.count(u'\n'), optionTable().size());
    for (const Option &option : optionTable())
        QVERIFY(text.contains(option.environmentName() + u" = "_s));
}

void TstSettingsText::helpNamesEverything()
{
    Settings defaults;
    defaults.listen.address = QHostAddress(QHostAddress::LocalHost);
    const QString text = helpText(u"sami-llm-proxy"_s, defaults);
    for (const Option &option : optionTable()) {
        QVERIFY(text.contains(option.flag() + u" VALUE"_s));
        QVERIFY(text.contains(option.environmentName()));
    }
    for (const QString &flag :
         { u"--config FILE"_s, u"--check-config"_s, u"--healthcheck"_s, u"--version"_s,
           u"-h, --help"_s, u"--pin"_s, u"--export-cert"_s, u"--export-bundle"_s,
           u"--new-identity"_s,
           u"link [--host HOST] [--name TEXT] [--qr] [--user NAME] [--new-password]"_s,
           u"user add NAME [--hosts HOSTS] [--until DAY] [--connections N] [--note TEXT]"_s,
           u"user passwd NAME"_s, u"user list"_s })
        QVERIFY(text.contains(flag));
    QVERIFY(text.contains(u"Default: 127.0.0.1"_s));
    QVERIFY(!text.contains(u"--print-settings-table"_s));
    QVERIFY(!text.contains(u'`'));
}

void TstSettingsText::helpFitsTheScreen()
{
    const QStringList lines = helpText(u"sami-llm-proxy"_s, {}).split(u'\n');
    for (const QString &line : lines)
        QVERIFY2(line.size() <= 90, qPrintable(line));
}

void TstSettingsText::markdownHasEveryOption()
{
    const QStringList lines = settingsTableMarkdown().trimmed().split(u'\n');
    QCOMPARE(lines.size(), optionTable().size() + 2);
    QVERIFY(lines.contains(u"| environment | default | meaning |"_s));
    for (const QString &line : lines)
        QCOMPARE(line.count(u'|'), 4);
    QVERIFY(lines.at(2).startsWith(u"| `PROXY_PORT` | `8080` | The port"_s));
    const QString all = lines.join(u'\n');
    QVERIFY(all.contains(u"| `ALLOWED_IPS` | – (everyone) |"_s));
    for (const Option &option : optionTable())
        QVERIFY(all.contains(u"| `%1` |"_s.arg(option.environmentName())));
}

QTEST_APPLESS_MAIN(TstSettingsText)
#include "tst_settingstext.moc"
