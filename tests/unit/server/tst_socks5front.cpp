// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Whole conversations, each sent at once and byte by byte: the proxy's answers and the account must
// be the same.
#include "doorrig.h"
#include "server/socks5front.h"
#include "socks/writing.h"

#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using namespace std::chrono_literals;
using fuzzing::Wire;
using policy::Refusal;
using socks::Method;

namespace {

using Change = std::function<void(config::Settings &)>;

constexpr char user[] = "sami";
constexpr char password[] = "right";

QByteArray hex(const char *digits)
{
    return QByteArray::fromHex(digits);
}

QByteArray replied(socks::ReplyCode code)
{
    return socks::reply(code);
}

config::Settings settingsWith(const Change &change = {})
{
    config::Settings settings;
    settings.door.socks5 = true;
    if (change)
        change(settings);
    return settings;
}

void withCredentials(config::Settings &settings)
{
    settings.access.credentials = policy::Credentials { user, password };
    settings.access.guard = { 2, std::chrono::minutes(1) };
}

void withHosts(config::Settings &settings)
{
    settings.access.allowedHosts = { policy::HostEntry::parse("good.test").value() };
}

void strangersOnly(config::Settings &settings)
{
    settings.access.allowedClients = { policy::Cidr::parse("203.0.113.0/24").value() };
}

QByteArray to(const QByteArray &host, quint16 port = 443)
{
    return socks::request(socks::Command::Connect, { host, port });
}

/// Sent as a name, whatever it looks like.
QByteArray toName(const QByteArray &name, quint16 port = 443)
{
    return hex("05010003") + char(name.size()) + name + char(port >> 8) + char(port & 0xff);
}

QByteArray pair(const QByteArray &name, const QByteArray &secret)
{
    return socks::userPassword({ name, secret });
}

const QByteArray open = socks::greeting({ Method::NoAuthentication });
const QByteArray locked = socks::greeting({ Method::UserPassword });
const QByteArray either = socks::greeting({ Method::NoAuthentication, Method::UserPassword });
const QByteArray right = pair(user, password);
const QByteArray chosenOpen = hex("0500");
const QByteArray chosenLocked = hex("0502");
const QByteArray noMethod = hex("05ff");
const QByteArray accepted = hex("0100");
const QByteArray rejected = hex("0101");
const QByteArray success = hex("05000001000000000000");

} // namespace

Q_DECLARE_METATYPE(Change)

class TestSocks5Front : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void conversations_data();
    void conversations();
    void dialFaults_data();
    void dialFaults();
    void aTunnel();
    void whatIsSaidEarlyIsTheTunnels();
    void theClientEndsAmidIt_data();
    void theClientEndsAmidIt();
    void theClientEndsDuringTheDial();
    void tooSlow_data();
    void tooSlow();
    void crowded_data();
    void crowded();
    void whileTheProxyStops();
    void otherRulesMeanwhile_data();
    void otherRulesMeanwhile();
    void aGuesser();
    void aReportedRule();
    void aPrivateAddress();
    void theAccount();
};

void TestSocks5Front::conversations_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("told");
    QTest::addColumn<QByteArray>("end"); ///< empty: a tunnel
    const auto row = [](const char *name, const Change &change, const QByteArray &said,
                        const QByteArray &told, const QByteArray &end = {}) {
        QTest::newRow(name) << change << said << told << end;
    };
    row("B§10: nobody is asked: method 0", {}, open + to("a.test"), chosenOpen + success);
    row("B§10: nobody is asked: 0 before 2", {}, either + to("a.test"), chosenOpen + success);
    row("B§10: nobody is asked: any pair will do where 2 is all that is offered", {},
        locked + pair("any", "thing") + to("a.test"), chosenLocked + accepted + success);
    row("B§10: nobody is asked: GSSAPI alone is not spoken", {}, hex("050101"), noMethod,
        "400 proxy bad_request socks_method");
    row("B§10: a greeting without a method", {}, hex("0500"), noMethod,
        "400 proxy bad_request socks_no_method");

    row("B§10: credentials: 2 before 0", withCredentials, either + right + to("a.test"),
        chosenLocked + accepted + success);
    row("B§10: credentials: 2 alone", withCredentials, locked + right + to("a.test"),
        chosenLocked + accepted + success);
    row("B§10: credentials: 0 alone is refused", withCredentials, open, noMethod,
        "407 proxy refused credentials_missing");
    row("B§10: credentials: GSSAPI alone is refused", withCredentials, hex("050101"), noMethod,
        "407 proxy refused credentials_missing");
    row("B§10: credentials: a wrong password", withCredentials, locked + pair(user, "wrong"),
        chosenLocked + rejected, "407 proxy refused credentials_wrong");
    row("B§10: credentials: a wrong user", withCredentials, locked + pair("root", password),
        chosenLocked + rejected, "407 proxy refused credentials_wrong");
    row("B§10: credentials: nothing", withCredentials, locked + pair("", ""),
        chosenLocked + rejected, "407 proxy refused credentials_wrong");
    row("B§10: credentials: a colon in the user's name does not split it", withCredentials,
        locked + pair(QByteArray(user) + ':' + password, ""), chosenLocked + rejected,
        "407 proxy refused credentials_wrong");
    row("B§10: credentials: NUL does not end them", withCredentials,
        locked + pair(user, QByteArray(password) + '\0'), chosenLocked + rejected,
        "407 proxy refused credentials_wrong");
    row("B§10: credentials: another version of the sub-negotiation", withCredentials,
        locked + hex("0504"), chosenLocked + rejected, "400 proxy bad_request socks_version");
    row("B§10: credentials: no request in their place", withCredentials, locked + to("a.test"),
        chosenLocked + rejected, "400 proxy bad_request socks_version");

    row("B§10: a client that is not listed hears why when it has asked", strangersOnly,
        open + to("a.test"), chosenOpen + replied(socks::ReplyCode::NotAllowed),
        "403 proxy refused client_not_listed");
    const Change neither = [](config::Settings &settings) {
        withCredentials(settings);
        strangersOnly(settings);
    };
    row("B§10: no password is asked of it", neither, either + to("a.test"),
        chosenOpen + replied(socks::ReplyCode::NotAllowed), "403 proxy refused client_not_listed");
    row("B§10: none that it gives is looked at", neither, locked + right + to("a.test"),
        chosenLocked + accepted + replied(socks::ReplyCode::NotAllowed),
        "403 proxy refused client_not_listed");
    row("B§10: a host that is not listed", withHosts, open + to("a.test"),
        chosenOpen + replied(socks::ReplyCode::NotAllowed), "403 proxy refused host_not_listed");
    row("B§10: a host that is listed, with the root's dot", withHosts, open + to("good.test."),
        chosenOpen + success);
    row("B§10: a port that is not listed", {}, open + to("a.test", 25),
        chosenOpen + replied(socks::ReplyCode::NotAllowed), "403 proxy refused port_not_listed");

    row("B§10: BIND", {}, open + socks::request(socks::Command::Bind, { "192.0.2.7", 443 }),
        chosenOpen + replied(socks::ReplyCode::CommandNotSupported),
        "400 proxy bad_request socks_command");
    row("B§10: UDP ASSOCIATE", {},
        open + socks::request(socks::Command::UdpAssociate, { "0.0.0.0", 0 }),
        chosenOpen + replied(socks::ReplyCode::CommandNotSupported),
        "400 proxy bad_request socks_command");
    row("B§10: an address type that there is not", {}, open + hex("05010005"),
        chosenOpen + replied(socks::ReplyCode::AddressTypeNotSupported),
        "400 proxy bad_request socks_address_type");
    row("B§10: a request of version 4", {}, open + hex("0401"),
        chosenOpen + replied(socks::ReplyCode::GeneralFailure),
        "400 proxy bad_request socks_version");
    row("B§10: port 0", {}, open + to("a.test", 0),
        chosenOpen + replied(socks::ReplyCode::GeneralFailure), "400 proxy bad_request socks_port");
    row("B§10: an IPv4 address", {}, open + to("8.8.8.8"), chosenOpen + success);
    row("B§10: an IPv6 address", {}, open + to("2001:4860::8888"), chosenOpen + success);
    row("B§10: an IPv6 address as a name", {}, open + toName("2001:4860::8888"),
        chosenOpen + success);
    row("B§10: an IPv6 address as a name in brackets", {}, open + toName("[2001:4860::8888]"),
        chosenOpen + success);
    for (const QByteArray &name :
         { "0x7f.1"_ba, "2130706433"_ba, "127.1"_ba, "0177.0.0.1"_ba, ""_ba, "."_ba, "a\r\nb"_ba,
           "a\0b"_ba, "a b"_ba, "\xc3\xa9"_ba, "[a.test]"_ba, "[]"_ba, "fe80::1%lo"_ba, "a@b"_ba,
           "a:443"_ba, "a%2e"_ba }) {
        row(("B§10: a name that is none: " + name.toHex()).constData(), {}, open + toName(name),
            chosenOpen + replied(socks::ReplyCode::GeneralFailure),
            "400 proxy bad_request socks_host");
    }
    row("B§10: the longest name", {}, open + toName(QByteArray(255, 'a')), chosenOpen + success);
}

void TestSocks5Front::conversations()
{
    QFETCH(Change, change);
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, told);
    QFETCH(QByteArray, end);
    for (const qsizetype piece : { said.size(), qsizetype(1), qsizetype(7) }) {
        rig::Door door(settingsWith(change));
        door.accept();
        for (qsizetype at = 0; at < said.size(); at += piece)
            door.say(said.mid(at, piece));
        QCOMPARE(door.client->accepted.toHex(), told.toHex());
        if (end.isEmpty()) {
            QCOMPARE(int(door.dialer->wires.size()), 1);
            QCOMPARE(int(door.client->proxyEnd), int(Wire::ProxyEnd::Open));
            continue;
        }
        QCOMPARE(door.end(), end);
        QCOMPARE(int(door.dialer->wires.size()), 0);
        QCOMPARE(int(door.client->proxyEnd), int(Wire::ProxyEnd::Fin));
        QCOMPARE(rig::name(door.finished().constLast().entrance.front), "socks5"_ba);
    }
}

void TestSocks5Front::dialFaults_data()
{
    using net::DialFault;
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("end");
    const auto row = [](const char *name, DialFault fault, int code, const QByteArray &end) {
        QTest::newRow(name) << int(fault) << code << end;
    };
    row("B§10: refused", DialFault::ConnectionRefused, 5,
        "502 proxy dial_failed connection_refused");
    row("B§10: cut at once", DialFault::ConnectionReset, 5,
        "502 proxy dial_failed connection_terminated");
    row("B§10: no such name", DialFault::NameNotFound, 4, "502 proxy dial_failed name_not_found");
    row("B§10: the name server failed", DialFault::DnsFailure, 4,
        "502 proxy dial_failed dns_error");
    row("B§10: no route", DialFault::Unreachable, 3,
        "502 proxy dial_failed destination_ip_unroutable");
    row("B§10: no address of the wanted family", DialFault::FamilyExcluded, 3,
        "502 proxy dial_failed exit_family");
    row("B§10: no answer in time", DialFault::ConnectTimeout, 6,
        "504 proxy timeout:dial connection_timeout");
    row("B§10: no answer of the name server", DialFault::DnsTimeout, 6,
        "504 proxy timeout:dial dns_timeout");
    row("B§10: short of resources", DialFault::OutOfResources, 1,
        "503 proxy dial_failed proxy_internal_error");
    row("B§10: the source address is gone", DialFault::SourceUnavailable, 1,
        "502 proxy dial_failed source_address");
}

void TestSocks5Front::dialFaults()
{
    QFETCH(int, fault);
    QFETCH(int, code);
    QFETCH(QByteArray, end);
    rig::Door door(settingsWith());
    door.dialer->fault = net::DialFault(fault);
    door.accept();
    door.say(open + to("a.test"));
    QCOMPARE(door.client->accepted.toHex(), (chosenOpen + replied(socks::ReplyCode(code))).toHex());
    QCOMPARE(door.end(), end);
}

void TestSocks5Front::aTunnel()
{
    rig::Door door(settingsWith());
    door.dialer->waits = true;
    door.accept();
    door.say(open + to("a.test."));
    QVERIFY2(door.client->accepted == chosenOpen, "success is said when the way is there");
    QCOMPARE(rig::name(door.record->phase.load()), "connecting"_ba);
    door.dialer->answer();
    door.turn();
    QCOMPARE(door.client->accepted, chosenOpen + success);
    QCOMPARE(door.dialer->wires.front()->wish.endpoint, (Endpoint { "a.test", 443 }));
    door.say("ping");
    QCOMPARE(door.dialer->wires.front()->accepted, "ping"_ba);
    door.dialer->wires.front()->sent = "pong";
    door.turn();
    QCOMPARE(door.client->accepted, chosenOpen + success + "pong");
    door.client->peerFin = true;
    door.dialer->wires.front()->peerFin = true;
    door.turn();
    QVERIFY(door.isClosed);
    QVERIFY(door.end().startsWith("200 "));
}

void TestSocks5Front::whatIsSaidEarlyIsTheTunnels()
{
    rig::Door door(settingsWith(withCredentials));
    door.dialer->waits = true;
    door.accept();
    door.say(locked + right + to("a.test") + "early");
    door.say(" and earlier");
    door.dialer->answer();
    door.turn();
    QCOMPARE(door.client->accepted, chosenLocked + accepted + success);
    QCOMPARE(door.dialer->wires.front()->accepted, "early and earlier"_ba);
}

void TestSocks5Front::theClientEndsAmidIt_data()
{
    QTest::addColumn<bool>("isReset");
    QTest::newRow("B§10: FIN at each octet") << false;
    QTest::newRow("B§10: RST at each octet") << true;
}

void TestSocks5Front::theClientEndsAmidIt()
{
    QFETCH(bool, isReset);
    const QByteArray said = locked + right + to("a.test");
    for (qsizetype size = 1; size < said.size(); ++size) {
        rig::Door door(settingsWith(withCredentials));
        door.accept();
        door.say(said.first(size));
        (isReset ? door.client->peerReset : door.client->peerFin) = true;
        door.turn();
        QVERIFY(door.isClosed);
        QCOMPARE(door.end(),
                 isReset ? "0 client reset request_incomplete"_ba
                         : "0 client fin request_incomplete"_ba);
    }
}

void TestSocks5Front::theClientEndsDuringTheDial()
{
    rig::Door door(settingsWith());
    door.dialer->waits = true;
    door.accept();
    door.say(open + to("a.test"));
    door.client->peerFin = true;
    door.turn();
    QVERIFY2(door.isClosed, "nobody is there for the tunnel");
    QCOMPARE(door.end(), "0 client fin"_ba);
    QCOMPARE(door.client->accepted, chosenOpen);
}

void TestSocks5Front::tooSlow_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("B§10: amid the greeting") << open.first(1) << noMethod;
    QTest::newRow("B§10: amid the credentials")
        << locked + right.first(3) << chosenLocked + rejected;
    QTest::newRow("B§10: before the request")
        << locked + right << chosenLocked + accepted + replied(socks::ReplyCode::GeneralFailure);
}

void TestSocks5Front::tooSlow()
{
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, told);
    rig::Door door(settingsWith([](config::Settings &settings) {
        withCredentials(settings);
        settings.timeouts.header = 20ms;
    }));
    door.accept();
    door.say(said);
    QTRY_VERIFY(!door.finished().isEmpty());
    door.turn();
    QCOMPARE(door.client->accepted.toHex(), told.toHex());
    QCOMPARE(door.end(), "408 proxy timeout:head head_timeout"_ba);
}

void TestSocks5Front::crowded_data()
{
    QTest::addColumn<Change>("change");
    QTest::newRow("B§10: over the limit") << Change();
    QTest::newRow("B§10: over the limit no password is asked") << Change(withCredentials);
}

void TestSocks5Front::crowded()
{
    QFETCH(Change, change);
    rig::Door door(settingsWith(change));
    door.accept(true);
    door.say(either + to("a.test"));
    QCOMPARE(door.client->accepted, chosenOpen + replied(socks::ReplyCode::GeneralFailure));
    QCOMPARE(door.end(), "503 proxy limit full"_ba);
}

void TestSocks5Front::whileTheProxyStops()
{
    rig::Door door(settingsWith(withCredentials));
    door.accept();
    door.say(locked);
    door.shared().draining = true;
    door.session->drain();
    QVERIFY(!door.isClosed);
    door.say(right + to("a.test"));
    QCOMPARE(door.client->accepted,
             chosenLocked + accepted + replied(socks::ReplyCode::GeneralFailure));
    QCOMPARE(door.end(), "503 proxy drained draining"_ba);
}

void TestSocks5Front::otherRulesMeanwhile_data()
{
    QTest::addColumn<Change>("before");
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<Change>("after");
    QTest::addColumn<QByteArray>("end"); ///< empty: a tunnel
    const Change otherPassword = [](config::Settings &settings) {
        withCredentials(settings);
        settings.access.credentials->password = "new";
    };
    QTest::newRow("B§10: another password since it was checked")
        << Change(withCredentials) << locked + right << otherPassword
        << "407 proxy refused credentials_wrong"_ba;
    QTest::newRow("B§10: credentials since nobody was asked")
        << Change() << open << Change(withCredentials)
        << "407 proxy refused credentials_missing"_ba;
    QTest::newRow("B§10: a pair that nobody looked at then is looked at")
        << Change() << locked + right << Change(withCredentials) << ""_ba;
    QTest::newRow("B§10: off the list meanwhile")
        << Change() << open << Change(strangersOnly) << "403 proxy refused client_not_listed"_ba;
    QTest::newRow("B§10: a list of hosts meanwhile")
        << Change() << open << Change(withHosts) << "403 proxy refused host_not_listed"_ba;
    QTest::newRow("B§10: the same rules again")
        << Change(withCredentials) << locked + right << Change(withCredentials) << ""_ba;
}

void TestSocks5Front::otherRulesMeanwhile()
{
    QFETCH(Change, before);
    QFETCH(QByteArray, said);
    QFETCH(Change, after);
    QFETCH(QByteArray, end);
    rig::Door door(settingsWith(before));
    door.accept();
    door.say(said);
    door.apply(settingsWith(after));
    door.say(to("a.test"));
    QVERIFY(door.client->accepted.endsWith(end.isEmpty() ? success
                                                         : replied(socks::ReplyCode::NotAllowed)));
    QCOMPARE(door.end(), end.isEmpty() ? "none"_ba : end);
}

/// Two different wrong pairs block; a client that was let in before is not locked out.
void TestSocks5Front::aGuesser()
{
    const auto attempt = [](rig::Door &door, const QByteArray &secret) {
        door.accept();
        door.say(locked + pair(user, secret) + to("a.test"));
        return door.client->accepted;
    };
    rig::Door door(settingsWith(withCredentials));
    for (const char *const guess : { "one", "two" })
        QCOMPARE(attempt(door, guess), chosenLocked + rejected);
    QCOMPARE(attempt(door, password), chosenLocked + rejected);
    QCOMPARE(door.end(), "429 proxy refused guesser_blocked"_ba);

    rig::Door known(settingsWith(withCredentials));
    QVERIFY(attempt(known, password).endsWith(success));
    for (const char *const guess : { "one", "two" })
        QCOMPARE(attempt(known, guess), chosenLocked + rejected);
    QVERIFY(attempt(known, password).endsWith(success));
}

void TestSocks5Front::aReportedRule()
{
    rig::Door door(settingsWith([](config::Settings &settings) {
        withHosts(settings);
        settings.access.hostsMode = policy::HostsMode::Report;
    }));
    door.accept();
    door.say(open + to("a.test", 25));
    QCOMPARE(door.end(), "403 proxy refused port_not_listed"_ba);
    QCOMPARE(rig::name(door.finished().constLast().wouldRefuse), "host_not_listed"_ba);
    door.accept();
    door.say(open + to("a.test"));
    QCOMPARE(door.client->accepted, chosenOpen + success);
}

/// Checked for each address after the lookup, and for the proxy's own door in any case.
void TestSocks5Front::aPrivateAddress()
{
    rig::Door door(settingsWith());
    door.dialer->resolved = QHostAddress(0x7f000001);
    door.accept();
    door.say(open + to("a.test"));
    QCOMPARE(door.client->accepted, chosenOpen + replied(socks::ReplyCode::NotAllowed));
    QCOMPARE(door.end(), "403 proxy refused private_target"_ba);

    rig::Door loop(settingsWith(
        [](config::Settings &settings) { settings.access.privateTargets.all = true; }));
    loop.dialer->resolved = QHostAddress(0xc0000201); // where the client connected
    loop.accept();
    loop.say(open + to("a.test", 8080));
    QCOMPARE(loop.client->accepted, chosenOpen + replied(socks::ReplyCode::NotAllowed));
    QCOMPARE(loop.end(), "508 proxy refused loop"_ba);
}

void TestSocks5Front::theAccount()
{
    rig::Door door(settingsWith(withCredentials));
    door.dialer->waits = true;
    door.accept();
    door.say(locked + right + to("a.test"));
    const ConnectionSnapshot live = door.record->snapshot(Clock::now());
    QCOMPARE(live.method, "CONNECT"_ba);
    QCOMPARE(live.target, "a.test:443"_ba);
    QCOMPARE(live.user, QByteArray(user));
    QCOMPARE(live.requests, 1U);
    door.dialer->answer();
    door.turn();
    door.client->peerFin = true;
    door.dialer->wires.front()->peerFin = true;
    door.turn();
    QCOMPARE(door.finished().size(), 1);
    const FinishedWork work = door.finished().constFirst();
    QCOMPARE(work.method, "CONNECT"_ba);
    QCOMPARE(work.target, "a.test:443"_ba);
    QCOMPARE(work.user, QByteArray(user));
    QCOMPARE(work.status, 200);
}

QTEST_GUILESS_MAIN(TestSocks5Front)
#include "tst_socks5front.moc"
