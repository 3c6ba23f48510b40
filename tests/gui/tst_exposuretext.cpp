// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/exposure.h"
#include "config/optionparsers.h"
#include "gui/text/exposuretext.h"
#include "gui/text/shutouttext.h"
#include "policy/clientacl.h"

#include <QMap>
#include <QTest>

#include <algorithm>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstExposureText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sentences_data();
    void sentences();
    void whatItSaysIsWhatTheRulesDo_data();
    void whatItSaysIsWhatTheRulesDo();
    void theWayInIsSaid_data();
    void theWayInIsSaid();
    void iconAndWordsFollowTheState_data();
    void iconAndWordsFollowTheState();
    void aListThatIsOnlyReportedIsSaid();
    void onlyAnOpenProxyNeedsMending();
    void questionNamesWhoIsShutOut_data();
    void questionNamesWhoIsShutOut();
    void whoIsShutOutDependsOnThisComputer();
};

namespace {

QList<policy::ClientEntry> ranges(const QByteArrayList &texts)
{
    QList<policy::ClientEntry> list;
    for (const QByteArray &text : texts)
        list.append(policy::ClientEntry::parse(text).value());
    return list;
}

config::Settings settingsOf(const QString &address, bool asks, const QByteArrayList &allowed)
{
    config::Settings settings;
    // Parse it like the setting: "::" means both address families.
    settings.listen.address = config::parseListenAddress(address).value();
    if (asks)
        settings.access.credentials = policy::Credentials { "user", "secret" };
    settings.access.allowedClients = ranges(allowed);
    return settings;
}

QString running(const config::Settings &settings)
{
    return ExposureText::of(settings, ProxyState::Running, 8080).sentence;
}

const QStringList publicIpv4 { u"1.0.0.1"_s, u"8.8.8.8"_s, u"223.255.254.1"_s };
const QStringList publicIpv6 { u"2a00::1"_s, u"2600::1"_s };
const QStringList privateIpv4 { u"192.168.1.9"_s, u"192.168.1.20"_s, u"10.0.0.9"_s };
const QStringList privateIpv6 { u"fd00::9"_s };
const QStringList loopbackIpv4 { u"127.0.0.1"_s, u"127.0.0.9"_s };
const QStringList loopbackIpv6 { u"::1"_s };

/// The clients that can reach a listener there.
QStringList whoComesTo(const QString &address)
{
    if (address == u"127.0.0.1"_s)
        return loopbackIpv4;
    if (address == u"::1"_s)
        return loopbackIpv6;
    if (address == u"192.168.1.20"_s)
        return publicIpv4 + privateIpv4;
    if (address == u"fd00::20"_s)
        return publicIpv6 + privateIpv6;
    QStringList all = publicIpv4 + privateIpv4 + loopbackIpv4;
    if (address == u"::"_s)
        all += publicIpv6 + privateIpv6 + loopbackIpv6;
    return all;
}

/// The clients that are let in there, by asking the rules about each.
QStringList letIn(const QString &address, const QByteArrayList &allowed)
{
    const policy::ClientAcl acl(ranges(allowed));
    QStringList let;
    for (const QString &client : whoComesTo(address)) {
        if (acl.check(policy::Caller(QHostAddress(client))).isAllowed())
            let.append(client);
    }
    return let;
}

/// The level, computed from the rules themselves.
ExposureLevel levelByTheRules(const QString &address, bool asks, const QByteArrayList &allowed)
{
    const QStringList all = whoComesTo(address);
    const QStringList let = letIn(address, allowed);
    if (let.isEmpty())
        return ExposureLevel::Nobody;
    const auto isLoopback = [](const QString &client) { return QHostAddress(client).isLoopback(); };
    if (std::all_of(let.cbegin(), let.cend(), isLoopback))
        return ExposureLevel::ThisComputer;
    for (const QStringList &family : { publicIpv4, publicIpv6 }) {
        if (all.contains(family.first())
            && std::all_of(family.cbegin(), family.cend(),
                           [&let](const QString &client) { return let.contains(client); }))
            return asks ? ExposureLevel::WhoKnowsPassword : ExposureLevel::Everyone;
    }
    return ExposureLevel::ListedClients;
}

const QStringList addresses { u"127.0.0.1"_s, u"::1"_s,     u"192.168.1.20"_s,
                              u"fd00::20"_s,  u"0.0.0.0"_s, u"::"_s };

QList<std::pair<const char *, QByteArrayList>> lists()
{
    return { { "no list", {} },
             { "private", { "private" } },
             { "loopback of both", { "127.0.0.0/8", "::1" } },
             { "loopback of IPv4", { "127.0.0.1" } },
             { "loopback of IPv6", { "::1" } },
             { "an odd address of loopback", { "127.0.0.9" } },
             { "a network of IPv4", { "192.168.1.0/24" } },
             { "a network of IPv6", { "fd00::/64" } },
             { "a network and loopback", { "192.168.1.0/24", "127.0.0.0/8" } },
             { "private and a public network", { "private", "8.8.8.0/24" } },
             { "all of IPv4", { "0.0.0.0/0" } },
             { "all of IPv4 in halves", { "0.0.0.0/1", "128.0.0.0/1" } },
             { "half of IPv4", { "0.0.0.0/1" } },
             { "all of IPv6", { "::/0" } },
             { "all of IPv6 and a network of IPv4", { "::/0", "192.168.1.0/24" } },
             { "all of both", { "0.0.0.0/0", "::/0" } },
             { "what no client has", { "224.0.0.0/4", "0.0.0.0/8", "ff00::/8" } } };
}

} // namespace

void TstExposureText::sentences_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<QByteArrayList>("allowed");
    QTest::addColumn<int>("level");
    QTest::addColumn<QString>("begins");
    const auto row = [](const char *name, const char *address, bool asks,
                        const QByteArrayList &allowed, ExposureLevel level, const char *begins) {
        QTest::newRow(name) << QString::fromLatin1(address) << asks << allowed << int(level)
                            << QString::fromLatin1(begins);
    };
    row("loopback is this computer alone", "127.0.0.1", false, {}, ExposureLevel::ThisComputer,
        "Only programs on this computer can use it.");
    row("so is loopback of IPv6, with a password", "::1", true, {}, ExposureLevel::ThisComputer,
        "Only programs on this computer can use it, with the password.");
    row("a list without loopback shuts this computer out", "127.0.0.1", false, { "192.168.1.0/24" },
        ExposureLevel::Nobody,
        "Nobody can use it: no program that can reach 127.0.0.1 is in the list of allowed IPs.");
    row("a password does not help against the list", "127.0.0.1", true, { "192.168.1.0/24" },
        ExposureLevel::Nobody, "Nobody can use it: no program that can reach 127.0.0.1");
    row("the other family's loopback is none", "127.0.0.1", false, { "::1" }, ExposureLevel::Nobody,
        "Nobody can use it: no program that can reach 127.0.0.1");
    row("private networks have loopback in them", "127.0.0.1", false, { "private" },
        ExposureLevel::ThisComputer, "Only programs on this computer can use it.");
    row("a list of loopback closes an open listener", "0.0.0.0", false, { "127.0.0.0/8" },
        ExposureLevel::ThisComputer, "Only programs on this computer can use it.");
    row("an odd address of loopback is not every program's", "0.0.0.0", false, { "127.0.0.9" },
        ExposureLevel::ThisComputer,
        "Only programs on this computer that connect from an address in the list");
    row("a list of IPv6 alone has no client of IPv4", "0.0.0.0", false, { "::/0" },
        ExposureLevel::Nobody, "Nobody can use it: no program that can reach 0.0.0.0");
    row("an open listener is everyone's", "0.0.0.0", false, {}, ExposureLevel::Everyone,
        "ANYONE who can reach port 8080 can use it, without a password. A firewall may still");
    row("one address of this machine is as open", "192.0.2.7", false, {}, ExposureLevel::Everyone,
        "ANYONE who can reach port 8080");
    row("a list of a whole family is no list", "0.0.0.0", false, { "0.0.0.0/0" },
        ExposureLevel::Everyone, "ANYONE");
    row("nor is it with a password", "0.0.0.0", true, { "0.0.0.0/0" },
        ExposureLevel::WhoKnowsPassword, "Anyone who can reach port 8080 and knows the password");
    row("a password lets in who knows it", "0.0.0.0", true, {}, ExposureLevel::WhoKnowsPassword,
        "Anyone who can reach port 8080 and knows the password can use it. A firewall may still");
    row("a list lets in who is in it", "0.0.0.0", false, { "192.0.2.0/24" },
        ExposureLevel::ListedClients,
        "The clients in the list of allowed IPs can use it, without a password. A firewall");
    row("private networks are named", "0.0.0.0", false, { "private" }, ExposureLevel::ListedClients,
        "Devices in private networks, such as a home network, can use it, without a password. A "
        "firewall");
    row("a list and a password", "0.0.0.0", true, { "192.0.2.0/24" }, ExposureLevel::ListedClients,
        "The clients in the list of allowed IPs can use it, with the password. A firewall");
}

void TstExposureText::sentences()
{
    QFETCH(QString, address);
    QFETCH(bool, asks);
    QFETCH(QByteArrayList, allowed);
    QFETCH(int, level);
    QFETCH(QString, begins);
    const config::Settings settings = settingsOf(address, asks, allowed);
    QCOMPARE(int(ExposureText::level(settings)), level);
    const QString sentence = running(settings);
    QVERIFY2(sentence.startsWith(begins), qPrintable(sentence));
    QVERIFY(!sentence.contains(u"secret"_s));
}

void TstExposureText::whatItSaysIsWhatTheRulesDo_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<QByteArrayList>("allowed");
    for (const QString &address : addresses) {
        for (const bool asks : { false, true }) {
            for (const auto &[name, allowed] : lists())
                QTest::addRow("%s, %s, %s", qPrintable(address), asks ? "password" : "no password",
                              name)
                    << address << asks << allowed;
        }
    }
}

void TstExposureText::whatItSaysIsWhatTheRulesDo()
{
    QFETCH(QString, address);
    QFETCH(bool, asks);
    QFETCH(QByteArrayList, allowed);
    const config::Settings settings = settingsOf(address, asks, allowed);
    const ExposureLevel level = levelByTheRules(address, asks, allowed);
    const QMap<ExposureLevel, QString> begins {
        { ExposureLevel::Nobody, u"Nobody can use it: "_s },
        { ExposureLevel::ThisComputer, u"Only programs on this computer "_s },
        { ExposureLevel::ListedClients, u""_s },
        { ExposureLevel::WhoKnowsPassword, u"Anyone who can reach port 8080 and knows"_s },
        { ExposureLevel::Everyone, u"ANYONE who can reach port 8080 can use it"_s },
    };
    QCOMPARE(ExposureText::level(settings), level);
    const QString sentence = running(settings);
    QVERIFY2(sentence.startsWith(begins.value(level)), qPrintable(sentence));
    if (level == ExposureLevel::ListedClients)
        QVERIFY2(sentence.startsWith(u"The clients in the list"_s)
                     || sentence.startsWith(u"Devices in private networks"_s),
                 qPrintable(sentence));
    if (level != ExposureLevel::Nobody && level != ExposureLevel::Everyone)
        QCOMPARE(sentence.contains(u"the password"_s), asks);

    // Never green if a stranger may connect or nobody may; anything else is no warning.
    const Exposure now = ExposureText::of(settings, ProxyState::Running, 8080);
    const bool isAmiss = level == ExposureLevel::Everyone || level == ExposureLevel::Nobody;
    QCOMPARE(now.icon, isAmiss ? IconState::Warning : IconState::Running);
    QCOMPARE(now.warning.isEmpty(), !isAmiss);

    for (const ProxyState state : { ProxyState::Stopped, ProxyState::Failed }) {
        const Exposure then = ExposureText::of(settings, state, 8080);
        QVERIFY2(then.sentence.startsWith(u"Nobody can use it now. When it runs: "_s),
                 qPrintable(then.sentence));
        // While it cannot start, nothing is said about the ways in.
        QVERIFY(state == ProxyState::Failed || then.sentence.endsWith(sentence.mid(1)));
        QCOMPARE(then.icon, state == ProxyState::Failed ? IconState::Failed : IconState::Stopped);
    }
    const Exposure last = ExposureText::of(settings, ProxyState::Draining, 8080);
    QVERIFY2(last.sentence.startsWith(u"It takes no new requests"_s), qPrintable(last.sentence));
    QVERIFY(last.sentence.endsWith(sentence.mid(1)));
    QCOMPARE(last.icon,
             level == ExposureLevel::Everyone ? IconState::Warning : IconState::Draining);
}

void TstExposureText::theWayInIsSaid_data()
{
    whatItSaysIsWhatTheRulesDo_data();
}

/// Each TLS mode, with and without a certificate, with SOCKS5 set and unset.
void TstExposureText::theWayInIsSaid()
{
    QFETCH(QString, address);
    QFETCH(bool, asks);
    QFETCH(QByteArrayList, allowed);
    const QStringList let = letIn(address, allowed);
    const bool comesFromElsewhere =
        std::any_of(let.cbegin(), let.cend(),
                    [](const QString &client) { return !QHostAddress(client).isLoopback(); });
    const bool isForEveryone = levelByTheRules(address, asks, allowed) == ExposureLevel::Everyone;
    using config::TlsMode;
    using Socks5 = std::optional<bool>;
    for (const TlsMode mode : { TlsMode::Off, TlsMode::Auto, TlsMode::Require }) {
        for (const QString &folder : { QString(), u"/not/there"_s }) {
            for (const Socks5 socks5 : { Socks5(), Socks5(true), Socks5(false) }) {
                config::Settings settings = settingsOf(address, asks, allowed);
                settings.tls.mode = mode;
                settings.state.folder = folder;
                settings.door.socks5 = socks5;
                const QString sentence = running(settings);
                // What the door takes without TLS, and whether it contains secrets.
                const bool isReadable = mode != TlsMode::Require && comesFromElsewhere && asks;
                const bool mayBeEncrypted = config::speaksTls(settings);
                QVERIFY2(sentence.contains(u"in clear text"_s) == isReadable, qPrintable(sentence));
                QVERIFY2(sentence.contains(u"Without TLS"_s) == (isReadable && mayBeEncrypted),
                         qPrintable(sentence));
                QVERIFY2(sentence.contains(u"Nothing but TLS"_s)
                             == (mode == TlsMode::Require && !let.isEmpty()),
                         qPrintable(sentence));
                QVERIFY2(sentence.contains(u"SOCKS5"_s)
                             == (isForEveryone && socks5 == true && mode != TlsMode::Require),
                         qPrintable(sentence));
            }
        }
    }
}

void TstExposureText::iconAndWordsFollowTheState_data()
{
    QTest::addColumn<ProxyState>("state");
    QTest::addColumn<bool>("isOpen");
    QTest::addColumn<IconState>("icon");
    QTest::addColumn<QString>("sentence");
    const QString open =
        u"ANYONE who can reach port 8080 can use it, without a password. A firewall "
        "may still block them."_s;
    const QString safe = u"nly programs on this computer can use it."_s;
    QTest::newRow("stopped, nobody can use it")
        << ProxyState::Stopped << false << IconState::Stopped
        << u"Nobody can use it now. When it runs: o"_s + safe;
    QTest::newRow("stopped, an open one is announced")
        << ProxyState::Stopped << true << IconState::Stopped
        << u"Nobody can use it now. When it runs: "_s + open;
    QTest::newRow("running") << ProxyState::Running << false << IconState::Running << u"O"_s + safe;
    QTest::newRow("running, open to everyone is a warning")
        << ProxyState::Running << true << IconState::Warning << open;
    QTest::newRow("draining is not plain green")
        << ProxyState::Draining << false << IconState::Draining
        << u"It takes no new requests; those that run may finish. When it runs again: o"_s + safe;
    QTest::newRow("draining, open to everyone stays a warning")
        << ProxyState::Draining << true << IconState::Warning
        << u"It takes no new requests; those that run may finish. When it runs again: "_s + open;
    QTest::newRow("failed, nobody can use it")
        << ProxyState::Failed << false << IconState::Failed
        << u"Nobody can use it now. When it runs: o"_s + safe;
    QTest::newRow("failed, an open one is announced")
        << ProxyState::Failed << true << IconState::Failed
        << u"Nobody can use it now. When it runs: "_s + open;
}

void TstExposureText::iconAndWordsFollowTheState()
{
    QFETCH(ProxyState, state);
    QFETCH(bool, isOpen);
    const config::Settings settings = settingsOf(isOpen ? u"0.0.0.0"_s : u"127.0.0.1"_s, false, {});
    const Exposure exposure = ExposureText::of(settings, state, 8080);
    QTEST(exposure.icon, "icon");
    QTEST(exposure.sentence, "sentence");
}

void TstExposureText::aListThatIsOnlyReportedIsSaid()
{
    config::Settings settings;
    const QString words = u"only reported"_s;
    settings.access.hostsMode = policy::HostsMode::Report;
    QVERIFY2(!running(settings).contains(words), "there is no list");
    settings.access.allowedHosts = { policy::HostEntry::parse("@xai").value() };
    QVERIFY(running(settings).contains(words));
    settings.listen.address = QHostAddress(QHostAddress::LocalHost);
    QVERIFY(running(settings).contains(words));
    QVERIFY2(ExposureText::of(settings, ProxyState::Stopped, 8080).sentence.contains(words),
             "it counts when it runs");
    settings.access.allowedClients = ranges({ "192.168.1.0/24" });
    QVERIFY2(!running(settings).contains(words), "nobody can reach a host");
    settings.access.allowedClients.clear();
    settings.access.hostsMode = policy::HostsMode::Enforce;
    QVERIFY(!running(settings).contains(words));
}

void TstExposureText::onlyAnOpenProxyNeedsMending()
{
    for (const ExposureLevel level :
         { ExposureLevel::Nobody, ExposureLevel::ThisComputer, ExposureLevel::ListedClients,
           ExposureLevel::WhoKnowsPassword })
        QVERIFY(ExposureText::fixes(level).isEmpty());
    const QList<ExposureFix> fixes = ExposureText::fixes(ExposureLevel::Everyone);
    QStringList actions;
    for (const ExposureFix fix : fixes)
        actions.append(ExposureText::action(fix));
    QCOMPARE(actions.size(), 3);
    QCOMPARE(actions.removeDuplicates(), 0);
}

void TstExposureText::questionNamesWhoIsShutOut_data()
{
    QTest::addColumn<QByteArrayList>("entries");
    QTest::addColumn<QStringList>("connected");
    QTest::addColumn<QStringList>("has");
    QTest::addColumn<QStringList>("hasNot");
    using Texts = QStringList;

    QTest::newRow("a connected client that no entry holds is named")
        << QByteArrayList { "192.0.2.0/24", "127.0.0.0/8" }
        << Texts { u"192.0.2.9"_s, u"198.51.100.4"_s, u"198.51.100.4"_s }
        << Texts { u"192.0.2.0/24"_s, u"1 connected"_s, u"198.51.100.4"_s }
        << Texts { u"192.0.2.9"_s, u"on this computer"_s };
    QTest::newRow("private networks have this computer and its neighbours in them")
        << QByteArrayList { "private" } << Texts { u"192.168.1.9"_s, u"198.51.100.4"_s }
        << Texts { u"only private may"_s, u"1 connected"_s, u"198.51.100.4"_s }
        << Texts { u"192.168.1.9"_s, u"on this computer"_s };
    QTest::newRow("programs on this computer are named when they are shut out")
        << QByteArrayList { "192.0.2.0/24" } << Texts() << Texts { u"on this computer"_s }
        << Texts { u"connected"_s };
    QTest::newRow("of many clients the first are named")
        << QByteArrayList { "192.0.2.0/24" }
        << Texts { u"198.51.100.1"_s, u"198.51.100.2"_s, u"198.51.100.3"_s,
                   u"198.51.100.4"_s, u"198.51.100.5"_s, u"198.51.100.6"_s }
        << Texts { u"6 connected"_s, u"198.51.100.5, …"_s } << Texts { u"198.51.100.6"_s };
}

void TstExposureText::questionNamesWhoIsShutOut()
{
    QFETCH(QByteArrayList, entries);
    QFETCH(QStringList, connected);
    QFETCH(QStringList, has);
    QFETCH(QStringList, hasNot);
    QList<QHostAddress> clients;
    for (const QString &client : connected)
        clients.append(QHostAddress(client));
    const QString question = ShutOutText::clients(ranges(entries), clients, {});
    for (const QString &text : has)
        QVERIFY2(question.contains(text), qPrintable(question));
    for (const QString &text : hasNot)
        QVERIFY2(!question.contains(text), qPrintable(question));
}

void TstExposureText::whoIsShutOutDependsOnThisComputer()
{
    const policy::PrivateClients here(
        { { QHostAddress(u"100.101.1.2"_s), 32, LinkKind::Shared, {} } }, {});
    const QList<QHostAddress> clients { QHostAddress(u"100.64.0.9"_s) };
    const auto entries = ranges({ "private" });
    QVERIFY(ShutOutText::clients(entries, clients, {}).contains(u"100.64.0.9"_s));
    const QString question = ShutOutText::clients(entries, clients, here);
    QVERIFY2(!question.contains(u"100.64.0.9"_s), qPrintable(question));
}

QTEST_GUILESS_MAIN(TstExposureText)
#include "tst_exposuretext.moc"
