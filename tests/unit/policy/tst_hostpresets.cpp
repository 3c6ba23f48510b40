// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/destinationrules.h"
#include "policy/hostpresets.h"

#include <QDate>
#include <QTest>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;

class TstHostPresets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRowIsWhatItShouldBe();
    void entries_data();
    void entries();
    void badEntries_data();
    void badEntries();
    void whoPasses_data();
    void whoPasses();
    void aWordThatNobodyKnowsOpensNothing();
};

void TstHostPresets::everyRowIsWhatItShouldBe()
{
    QCOMPARE(hostPresetWords(),
             QList<QByteArray>({ "@openai", "@anthropic", "@google", "@openrouter", "@mistral",
                                 "@deepseek", "@xai", "@llm" }));
    QList<HostPattern> all;
    for (const HostPreset &preset : hostPresets()) {
        const QDate checked = QDate::fromString(QString::fromLatin1(preset.checked), Qt::ISODate);
        QVERIFY2(checked.isValid() && checked >= QDate(2026, 11, 1), preset.word.constData());
        QVERIFY2(!preset.sources.isEmpty(), preset.word.constData());
        for (const QByteArray &source : preset.sources)
            QVERIFY2(QUrl(QString::fromLatin1(source)).scheme() == u"https"_s, source.constData());
        QVERIFY2(!preset.groups.isEmpty(), preset.word.constData());
        for (const HostPreset::Group &group : preset.groups)
            QVERIFY2(!group.purpose.isEmpty() && !group.hosts.isEmpty(), group.purpose.constData());
        for (const HostPattern &host : preset.hosts()) {
            QVERIFY2(!all.contains(host), host.toByteArray().constData());
            QVERIFY2(host.host.contains('.') && !host.port, host.toByteArray().constData());
            // Anybody can get a host name there, or store data for others to fetch.
            for (const char *shared : { "googleapis.com", "amazonaws.com", "azure.com",
                                        "windows.net", "cloudfront.net", "workers.dev" })
                QVERIFY2(!host.matchesSubdomains || !host.host.endsWith(shared),
                         host.host.constData());
            QVERIFY(host.host != "storage.googleapis.com" && host.host != "github.com");
            all.append(host);
        }
        QCOMPARE(hostsOfPreset(preset.word), preset.hosts());
    }
    QCOMPARE(hostsOfPreset(everyPreset), all);
}

void TstHostPresets::entries_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("printed");
    for (const QByteArray &word : hostPresetWords())
        QTest::newRow(("B§1: " + word + " stays a word").constData()) << word << word;
    QTest::newRow("B§1: the case of a preset does not count") << "@LLM"_ba
                                                              << "@llm"_ba;
    QTest::newRow("B§1: a name is an entry") << "API.example.com"_ba
                                             << "api.example.com"_ba;
    QTest::newRow("B§1: a suffix is one") << "*.example.com:443"_ba
                                          << "*.example.com:443"_ba;
    QTest::newRow("B§1: the word without its @ is a name") << "openai"_ba
                                                           << "openai"_ba;
}

void TstHostPresets::entries()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, printed);
    const auto entry = HostEntry::parse(text);
    QVERIFY(entry);
    QCOMPARE(entry->toByteArray(), printed);
    QCOMPARE(entry->preset.isEmpty(), !text.startsWith('@'));
    QCOMPARE(HostEntry::parse(printed).value(), *entry);
}

void TstHostPresets::badEntries_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("said");
    QTest::newRow("B§1: the sign alone") << "@"_ba << u"@openai, @anthropic"_s;
    QTest::newRow("B§1: a word that is not known") << "@grok"_ba << u"@xai, @llm"_s;
    QTest::newRow("B§1: a blank after the sign") << "@ openai"_ba << u"no such preset"_s;
    QTest::newRow("B§1: a port after a preset") << "@openai:443"_ba << u"ALLOWED_PORTS"_s;
    QTest::newRow("B§1: a suffix of a preset") << "*.@openai"_ba << u"letters"_s;
    QTest::newRow("B§1: a preset that is no ASCII") << "@о"_ba << u"no such preset"_s;
}

void TstHostPresets::badEntries()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, said);
    const auto entry = HostEntry::parse(text);
    QVERIFY(!entry);
    QVERIFY2(entry.error().contains(said), qPrintable(entry.error()));
}

void TstHostPresets::whoPasses_data()
{
    QTest::addColumn<QList<QByteArray>>("list");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("passes");
    const auto row = [](const char *name, const QList<QByteArray> &list, const char *host,
                        bool passes) { QTest::newRow(name) << list << QByteArray(host) << passes; };
    for (const char *host : { "api.anthropic.com", "platform.claude.com", "claude.com", "claude.ai",
                              "downloads.claude.ai" })
        row(("B§1: Claude Code reaches " + QByteArray(host)).constData(), { "@anthropic" }, host,
            true);
    for (const char *host :
         { "api.openai.com", "auth.openai.com", "chatgpt.com", "eu.api.openai.com" })
        row(("B§1: Codex reaches " + QByteArray(host)).constData(), { "@openai" }, host, true);
    row("B§1: a preset has one provider's hosts alone", { "@openai" }, "api.anthropic.com", false);
    row("B§1: a name in a preset matches itself, not what is below it", { "@anthropic" },
        "x.claude.ai", false);
    row("B§1: nor what it ends", { "@anthropic" }, "notclaude.ai", false);
    row("B§1: case and a trailing dot do not count", { "@anthropic" }, "Claude.AI.", true);
    row("B§1: a region of Vertex AI is in its preset", { "@google" },
        "europe-west4-aiplatform.googleapis.com", true);
    row("B§1: a bucket is not", { "@google" }, "storage.googleapis.com", false);
    row("B§1: presets, names and suffixes mix", { "@xai", "a.example", "*.b.example" },
        "x.b.example", true);
    row("B§1: whichever comes first", { "a.example", "@xai" }, "api.x.ai", true);
    row("B§1: what none of them has is refused", { "@xai", "a.example", "*.b.example" },
        "c.example", false);
    for (const char *host :
         { "api.openai.com", "api.anthropic.com", "openrouter.ai", "api.x.ai",
           "generativelanguage.googleapis.com", "api.mistral.ai", "api.deepseek.com" })
        row(("B§1: @llm has " + QByteArray(host)).constData(), { "@llm" }, host, true);
    row("B§1: @llm has nothing else", { "@llm" }, "example.com", false);
}

void TstHostPresets::whoPasses()
{
    QFETCH(QList<QByteArray>, list);
    QFETCH(QByteArray, host);
    QFETCH(bool, passes);
    AccessRules rules;
    for (const QByteArray &text : list)
        rules.allowedHosts.append(HostEntry::parse(text).value());
    const Decision decision = DestinationRules(rules).checkName({ host, 443 });
    QCOMPARE(decision.refusal, passes ? Refusal::None : Refusal::HostNotListed);
    const bool isHeld =
        std::any_of(rules.allowedHosts.cbegin(), rules.allowedHosts.cend(),
                    [&](const HostEntry &entry) { return entry.matches(host, 443); });
    QCOMPARE(isHeld, passes);
}

void TstHostPresets::aWordThatNobodyKnowsOpensNothing()
{
    AccessRules rules;
    HostEntry entry;
    entry.preset = "@gone";
    rules.allowedHosts = { entry };
    QCOMPARE(DestinationRules(rules).checkName({ "a.example", 443 }).refusal,
             Refusal::HostNotListed);
}

QTEST_GUILESS_MAIN(TstHostPresets)
#include "tst_hostpresets.moc"
