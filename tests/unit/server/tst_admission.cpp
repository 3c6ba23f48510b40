// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/admission.h"
#include "serverrig.h"

#include <initializer_list>
#include <utility>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;
using account::EndedHow;
using policy::Refusal;

namespace {

const policy::Caller listed { QHostAddress(u"192.0.2.7"_s) };
const policy::Caller stranger { QHostAddress(u"198.51.100.7"_s) };
const QHostAddress doorAddress(u"192.0.2.1"_s);

/// What can be wrong with a request, in the order in which admit() checks it.
enum Wrong : unsigned {
    Looping = 1U << 0,
    Crowded = 1U << 1,
    NotListed = 1U << 2,
    Blocked = 1U << 3,
    BadCredentials = 1U << 4,
    Draining = 1U << 5,
    BadHops = 1U << 6,
    BadHost = 1U << 7,
    AllWrong = (1U << 8) - 1,
};

config::Settings settingsFor(config::PagesFor pages = config::PagesFor::All)
{
    config::Settings settings;
    settings.listen.address = doorAddress;
    settings.pages = pages;
    settings.access.allowedClients = { policy::Cidr::parse("192.0.2.0/24").value() };
    settings.access.credentials = policy::Credentials { "sami", "right" };
    settings.access.guard = { 1, std::chrono::minutes(1) };
    settings.access.allowedHosts = { policy::HostEntry::parse("good.test").value() };
    return settings;
}

QByteArray credentials(const QByteArray &password)
{
    return "Proxy-Authorization: Basic " + ("sami:" + password).toBase64() + "\r\n";
}

QByteArray request(const QByteArray &line, const QByteArray &fields)
{
    return line + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

/// Makes one wrong guess, after which the settings above block.
void block(rig::Proxy &proxy, const policy::Caller &client)
{
    Intake guess = rig::intakeOf(request("GET http://good.test/", credentials("guessed")));
    static_cast<void>(admit(guess, proxy.active, proxy.shared, client, Crowding::None));
}

/// Judges a request with all the faults in `wrong`. `line` replaces the request to a host.
Admission admitWith(unsigned wrong, const QByteArray &line = {})
{
    rig::Proxy proxy(settingsFor());
    const policy::Caller client = wrong & NotListed ? stranger : listed;
    if (wrong & Blocked)
        block(proxy, client);
    proxy.shared.draining = (wrong & Draining) != 0;

    const QByteArray host = wrong & BadHost ? "bad.test" : "good.test";
    QByteArray fields = credentials(wrong & BadCredentials ? "wrong" : "right");
    if (wrong & Looping)
        fields += QByteArray("Via: 1.1 other, 1.1 ") + rig::Proxy::pseudonym + "\r\n";
    if (wrong & BadHops)
        fields += "Max-Forwards: x\r\n";
    Intake intake =
        rig::intakeOf(request(line.isEmpty() ? "OPTIONS http://" + host + "/" : line, fields));
    return admit(intake, proxy.active, proxy.shared, client,
                 wrong & Crowded ? Crowding::ClientFull : Crowding::None);
}

Admission admitOne(rig::Proxy &proxy, const QByteArray &line, const QByteArray &fields = {},
                   const policy::Caller &client = listed)
{
    Intake intake = rig::intakeOf(request(line, fields));
    return admit(intake, proxy.active, proxy.shared, client, Crowding::None);
}

} // namespace

class TestAdmission : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstThatIsWrongIsTold_data();
    void theFirstThatIsWrongIsTold();
    void nothingIsWrong();
    void crowding_data();
    void crowding();
    void noCredentialsAreAskedFor();
    void nobodyIsAsked();
    void aPageIsThereWhateverIsWrong();
    void aPageInALoopIsNone();
    void whoSeesThePages_data();
    void whoSeesThePages();
    void whoIsToldSeesNoLocalPage();
    void aBalancersOwnConnectionIsForPages();
    void aHiddenPageIsLikeNone();
    void pagesWhileDraining();
    void whatIsNoPage_data();
    void whatIsNoPage();
    void maxForwards_data();
    void maxForwards();
    void anEchoHasNoSecrets();
    void clearTextWhereTlsIsRequired();
    void clearCredentialsAreNotCounted();
    void reportedOnly_data();
    void reportedOnly();
};

/// Runs each row with every combination of the later faults: the earliest one decides the answer.
void TestAdmission::theFirstThatIsWrongIsTold_data()
{
    QTest::addColumn<unsigned>("wrong");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<EndedHow>("how");
    QTest::addColumn<bool>("mustClose");
    QTest::addColumn<bool>("isVerified"); // the user is known at that point
    QTest::newRow("B§4: a loop before all else")
        << unsigned(Looping) << 508 << "loop"_ba << EndedHow::Refused << false << false;
    QTest::newRow("B§2: the connection limits, then")
        << unsigned(Crowded) << 503 << "client_full"_ba << EndedHow::Limit << true << false;
    QTest::newRow("B§2: the client's address, then")
        << unsigned(NotListed) << 403 << "client_not_listed"_ba << EndedHow::Refused << false
        << false;
    QTest::newRow("B§2: the brute-force guard, then")
        << unsigned(Blocked) << 429 << "guesser_blocked"_ba << EndedHow::Refused << false << false;
    QTest::newRow("B§2: credentials, then")
        << unsigned(BadCredentials) << 407 << "credentials_wrong"_ba << EndedHow::Refused << false
        << false;
    QTest::newRow("B§7: the shutdown, then")
        << unsigned(Draining) << 503 << "draining"_ba << EndedHow::Drained << true << true;
    QTest::newRow("B§4: Max-Forwards, then") << unsigned(BadHops) << 400 << "bad_max_forwards"_ba
                                             << EndedHow::BadRequest << false << true;
    QTest::newRow("B§2: the destination, last")
        << unsigned(BadHost) << 403 << "host_not_listed"_ba << EndedHow::Refused << false << true;
}

void TestAdmission::theFirstThatIsWrongIsTold()
{
    QFETCH(unsigned, wrong);
    QFETCH(int, status);
    QFETCH(QByteArray, reason);
    QFETCH(EndedHow, how);
    QFETCH(bool, mustClose);
    QFETCH(bool, isVerified);

    for (unsigned later = 0; later <= AllWrong; later += 2 * wrong) {
        const Admission admission = admitWith(wrong | later);
        QVERIFY2(admission.answer, qPrintable(QString::number(wrong | later)));
        QCOMPARE(rig::code(admission.answer->reply.reason), reason);
        QCOMPARE(admission.answer->reply.status, status);
        QCOMPARE(rig::name(admission.answer->how), rig::name(how));
        QCOMPARE(admission.answer->mustClose, mustClose);
        QCOMPARE(admission.user, isVerified ? "sami"_ba : ""_ba);
    }
}

void TestAdmission::nothingIsWrong()
{
    for (const char *line : { "GET http://good.test/", "CONNECT good.test:443" }) {
        const Admission admission = admitWith(0, line);
        QVERIFY2(!admission.answer, line);
        QCOMPARE(admission.user, "sami"_ba);
        QCOMPARE(rig::name(admission.wouldRefuse), rig::name(Refusal::None));
    }
}

void TestAdmission::crowding_data()
{
    QTest::addColumn<Crowding>("crowding");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("B§2: the client's own limit is told as that")
        << Crowding::ClientFull << "client_full"_ba;
    QTest::newRow("B§2: the one of all as that") << Crowding::ProxyFull << "full"_ba;
}

void TestAdmission::crowding()
{
    QFETCH(Crowding, crowding);
    QFETCH(QByteArray, reason);
    rig::Proxy proxy;
    Intake intake = rig::intakeOf(request("GET http://a/", {}));
    const Admission admission = admit(intake, proxy.active, proxy.shared, listed, crowding);
    QVERIFY(admission.answer);
    QCOMPARE(rig::code(admission.answer->reply.reason), reason);
    QVERIFY2(admission.answer->reply.fields.contains("Retry-After"), "B§2: 503 with Retry-After");
    QVERIFY(admission.answer->mustClose);
}

/// A request without credentials is the first half of a 407 exchange and does not count as a guess.
void TestAdmission::noCredentialsAreAskedFor()
{
    rig::Proxy proxy(settingsFor());
    for (int i = 0; i < 3; ++i) {
        const Admission admission = admitOne(proxy, "CONNECT good.test:443");
        QVERIFY(admission.answer);
        QCOMPARE(rig::code(admission.answer->reply.reason), "credentials_missing"_ba);
        QVERIFY(admission.answer->reply.fields.contains("Proxy-Authenticate"));
        QVERIFY2(!admission.answer->mustClose, "B§2: the connection stays open for the second try");
    }
    QVERIFY(!admitOne(proxy, "CONNECT good.test:443", credentials("right")).answer);
    QVERIFY2(admitOne(proxy, "CONNECT good.test:443", credentials("right") + credentials("right"))
                 .answer,
             "B§2: two fields at once are wrong ones");
}

void TestAdmission::nobodyIsAsked()
{
    rig::Proxy proxy;
    const Admission admission = admitOne(proxy, "GET http://a/", credentials("any"), stranger);
    QVERIFY(!admission.answer);
    QCOMPARE(admission.user, ""_ba);
}

void TestAdmission::aPageIsThereWhateverIsWrong()
{
    for (unsigned wrong = 0; wrong <= AllWrong; wrong += 2 * Looping) {
        const Admission admission = admitWith(wrong, "GET /health");
        QVERIFY(admission.answer);
        QCOMPARE(admission.answer->reply.status, wrong & Draining ? 503 : 200);
        QVERIFY(admission.answer->reply.body.contains("\"status\":"));
    }
}

/// Whatever else is right or wrong; nobody is asked for a password.
void TestAdmission::clearTextWhereTlsIsRequired()
{
    const account::Entrance encrypted { account::FrontKind::Http, account::TlsVersion::Tls13 };
    for (const char *line : { "GET http://good.test/", "CONNECT good.test:443", "GET /no-page",
                              "GET http://bad.test/", "TRACE http://good.test/" }) {
        for (const QByteArray &fields :
             { QByteArray(), credentials("right"), credentials("wrong") }) {
            for (const policy::Caller &client : { listed, stranger }) {
                config::Settings settings = settingsFor();
                settings.tls.mode = config::TlsMode::Require;
                rig::Proxy proxy(settings);
                const Admission clear = admitOne(proxy, line, fields, client);
                QVERIFY2(clear.answer, line);
                QCOMPARE(clear.answer->reply.status, 403);
                QCOMPARE(rig::code(clear.answer->reply.reason), "tls_required"_ba);
                QCOMPARE(rig::name(clear.answer->how), rig::name(EndedHow::Refused));
                QVERIFY(clear.user.isEmpty());
                Intake intake = rig::intakeOf(request(line, fields));
                const Admission inside =
                    admit(intake, proxy.active, proxy.shared, client, Crowding::None, encrypted);
                QVERIFY(!inside.answer
                        || rig::code(inside.answer->reply.reason) != "tls_required"_ba);
            }
        }
    }
    config::Settings settings = settingsFor();
    settings.tls.mode = config::TlsMode::Require;
    rig::Proxy proxy(settings);
    QCOMPARE(admitOne(proxy, "GET /health").answer->reply.status, 200);
}

void TestAdmission::clearCredentialsAreNotCounted()
{
    config::Settings settings = settingsFor();
    settings.tls.mode = config::TlsMode::Require;
    rig::Proxy proxy(settings);
    for (int i = 0; i < 5; ++i)
        static_cast<void>(
            admitOne(proxy, "GET http://good.test/", credentials("wrong" + QByteArray::number(i))));
    Intake intake = rig::intakeOf(request("GET http://good.test/", credentials("right")));
    const Admission inside = admit(intake, proxy.active, proxy.shared, listed, Crowding::None,
                                   { account::FrontKind::Http, account::TlsVersion::Tls12 });
    QVERIFY(!inside.answer);
    QCOMPARE(inside.user, "sami"_ba);
}

void TestAdmission::aPageInALoopIsNone()
{
    const Admission admission = admitWith(Looping, "GET /health");
    QVERIFY(admission.answer);
    QCOMPARE(admission.answer->reply.status, 508);
    QCOMPARE(rig::name(admission.answer->how), rig::name(EndedHow::Refused));
}

void TestAdmission::whoSeesThePages_data()
{
    using config::PagesFor;
    QTest::addColumn<PagesFor>("pages");
    QTest::addColumn<QString>("client");
    QTest::addColumn<bool>("sees");
    QTest::newRow("B§3: everybody") << PagesFor::All << u"198.51.100.7"_s << true;
    QTest::newRow("B§3: listed: who is on the list") << PagesFor::Listed << u"192.0.2.7"_s << true;
    QTest::newRow("B§3: listed: and no stranger") << PagesFor::Listed << u"198.51.100.7"_s << false;
    QTest::newRow("B§3: listed: and this machine") << PagesFor::Listed << u"127.0.0.1"_s << true;
    QTest::newRow("B§3: local: nobody but this machine")
        << PagesFor::Local << u"192.0.2.7"_s << false;
    QTest::newRow("B§3: local: loopback") << PagesFor::Local << u"127.0.0.1"_s << true;
    QTest::newRow("B§3: local: all of it") << PagesFor::Local << u"127.9.9.9"_s << true;
    QTest::newRow("B§3: local: IPv6's too") << PagesFor::Local << u"::1"_s << true;
    QTest::newRow("B§3: local: loopback in IPv6's form")
        << PagesFor::Local << u"::ffff:127.0.0.1"_s << true;
    QTest::newRow("B§3: local: the address that is listened on")
        << PagesFor::Local << u"192.0.2.1"_s << true;
    QTest::newRow("B§3: local: that address in IPv6's form")
        << PagesFor::Local << u"::ffff:192.0.2.1"_s << true;
}

void TestAdmission::whoSeesThePages()
{
    QFETCH(config::PagesFor, pages);
    QFETCH(QString, client);
    QFETCH(bool, sees);
    for (const char *line : { "GET /", "HEAD /health", "GET /status", "OPTIONS *" }) {
        rig::Proxy proxy(settingsFor(pages));
        const Admission admission = admitOne(proxy, line, {}, policy::Caller(QHostAddress(client)));
        QVERIFY2(admission.answer, line);
        QCOMPARE(admission.answer->reply.status == 200, sees);
        if (!sees)
            continue;
        QCOMPARE(rig::name(admission.answer->how), rig::name(EndedHow::Complete));
        QVERIFY(!admission.answer->mustClose);
    }
}

/// An address from a balancer's header is never this machine's.
void TestAdmission::whoIsToldSeesNoLocalPage()
{
    for (const QHostAddress &here : { QHostAddress(u"127.0.0.1"_s), doorAddress }) {
        const policy::Caller told { here, policy::Caller::Known::ByHeader };
        rig::Proxy hidden(settingsFor(config::PagesFor::Local));
        const Admission admission = admitOne(hidden, "GET /health", credentials("right"), told);
        QVERIFY(admission.answer);
        QVERIFY(admission.answer->reply.status != 200);
        rig::Proxy open(settingsFor());
        QCOMPARE(admitOne(open, "GET /health", {}, told).answer->reply.status, 200);
    }
}

void TestAdmission::aBalancersOwnConnectionIsForPages()
{
    const policy::Caller balancer { stranger.address, policy::Caller::Known::NotAtAll };
    for (const auto pages :
         { config::PagesFor::All, config::PagesFor::Listed, config::PagesFor::Local }) {
        rig::Proxy proxy(settingsFor(pages));
        const Admission page = admitOne(proxy, "OPTIONS *", {}, balancer);
        QVERIFY(page.answer);
        QCOMPARE(page.answer->reply.status, 200);
        for (const char *line : { "CONNECT good.test:443", "GET http://good.test/", "GET /none" }) {
            const Admission proxied = admitOne(proxy, line, credentials("right"), balancer);
            QVERIFY2(proxied.answer, line);
            QCOMPARE(proxied.answer->reply.status, 403);
            QCOMPARE(QByteArray(proxied.answer->reply.reason.code()),
                     QByteArray("client_not_named"));
            QCOMPARE(rig::name(proxied.answer->how), rig::name(EndedHow::Refused));
        }
    }
}

/// A hidden page is answered like an unknown path, whichever step answers.
void TestAdmission::aHiddenPageIsLikeNone()
{
    for (const unsigned wrong : { 0U, unsigned(NotListed), unsigned(BadCredentials) }) {
        QList<OwnAnswer> answers;
        for (const char *line : { "GET /health", "GET /no-such-page" }) {
            rig::Proxy proxy(settingsFor(config::PagesFor::Local));
            const auto admission =
                admitOne(proxy, line, credentials(wrong & BadCredentials ? "wrong" : "right"),
                         wrong & NotListed ? stranger : listed);
            QVERIFY(admission.answer);
            answers.append(*admission.answer);
        }
        const OwnAnswer &hidden = answers.first();
        const OwnAnswer &missing = answers.last();
        QCOMPARE(hidden.reply.status, wrong == 0 ? 404 : wrong & NotListed ? 403 : 407);
        QCOMPARE(hidden.reply.status, missing.reply.status);
        QCOMPARE(hidden.reply.phrase, missing.reply.phrase);
        QVERIFY(hidden.reply.fields == missing.reply.fields);
        QCOMPARE(hidden.reply.body, missing.reply.body);
        QCOMPARE(rig::name(hidden.how), rig::name(missing.how));
        QCOMPARE(hidden.mustClose, missing.mustClose);
    }
}

/// A probe must not hold up a proxy that shuts down.
void TestAdmission::pagesWhileDraining()
{
    const Admission admission = admitWith(Draining, "GET /health");
    QVERIFY(admission.answer);
    QCOMPARE(admission.answer->reply.status, 503);
    QVERIFY(admission.answer->reply.body.contains("\"status\":\"draining\""));
    QCOMPARE(rig::name(admission.answer->how), rig::name(EndedHow::Drained));
    QVERIFY(admission.answer->mustClose);
}

void TestAdmission::whatIsNoPage_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("status");
    QTest::newRow("B§3: another path") << "GET /favicon.ico"_ba << 404;
    QTest::newRow("B§3: a page's path and more") << "GET /health/"_ba << 404;
    QTest::newRow("B§3: in another case") << "GET /Health"_ba << 404;
    QTest::newRow("B§3: a page with a query is that page") << "GET /health?x"_ba << 200;
    QTest::newRow("B§3: another method") << "DELETE /health"_ba << 405;
    QTest::newRow("B§3: another method of another path") << "DELETE /x"_ba << 404;
}

void TestAdmission::whatIsNoPage()
{
    QFETCH(QByteArray, line);
    QFETCH(int, status);
    rig::Proxy proxy(settingsFor());
    const Admission admission = admitOne(proxy, line, credentials("right"));
    QVERIFY(admission.answer);
    QCOMPARE(admission.answer->reply.status, status);
    QCOMPARE(rig::name(admission.answer->how), rig::name(EndedHow::Complete));
    QVERIFY(!admission.answer->mustClose);
}

void TestAdmission::maxForwards_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("hops");
    QTest::addColumn<int>("status"); // 0: the request passes
    QTest::addColumn<QByteArray>("left");
    QTest::newRow("S§7.6.2: OPTIONS counts down") << "OPTIONS"_ba
                                                  << "5"_ba << 0 << "4"_ba;
    QTest::newRow("S§7.6.2: TRACE counts down") << "TRACE"_ba
                                                << "1"_ba << 0 << "0"_ba;
    QTest::newRow("S§7.6.2: OPTIONS at 0 is answered here") << "OPTIONS"_ba
                                                            << "0"_ba << 200 << "0"_ba;
    QTest::newRow("S§7.6.2: TRACE at 0 is answered here") << "TRACE"_ba
                                                          << "0"_ba << 200 << "0"_ba;
    QTest::newRow("S§7.6.2: others take no notice") << "GET"_ba
                                                    << "0"_ba << 0 << "0"_ba;
    QTest::newRow("S§7.6.2: not even of nonsense") << "GET"_ba
                                                   << "x"_ba << 0 << "x"_ba;
    QTest::newRow("S§7.6.2: nonsense is refused") << "TRACE"_ba
                                                  << "-1"_ba << 400 << "-1"_ba;
}

void TestAdmission::maxForwards()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, hops);
    QFETCH(int, status);
    QFETCH(QByteArray, left);
    rig::Proxy proxy;
    Intake intake = rig::intakeOf(request(method + " http://a/", "Max-Forwards: " + hops + "\r\n"));
    const Admission admission = admit(intake, proxy.active, proxy.shared, listed, Crowding::None);
    QCOMPARE(admission.answer ? admission.answer->reply.status : 0, status);
    QCOMPARE(intake.head.fields.value("Max-Forwards")->toByteArray(), left);
    if (!admission.answer)
        return;
    QCOMPARE(rig::name(admission.answer->how),
             rig::name(status == 200 ? EndedHow::Complete : EndedHow::BadRequest));
    QVERIFY(!admission.answer->mustClose);
    QCOMPARE(admission.answer->reply.contentType == "message/http",
             status == 200 && method == "TRACE");
}

void TestAdmission::anEchoHasNoSecrets()
{
    rig::Proxy proxy(settingsFor());
    const Admission admission =
        admitOne(proxy, "TRACE http://u:secret@good.test/b",
                 credentials("right") + "Max-Forwards: 0\r\nCookie: secret\r\nX-Plain: shown\r\n");
    QVERIFY(admission.answer);
    const QByteArray &body = admission.answer->reply.body;
    QVERIFY2(body.startsWith("TRACE http://good.test/b HTTP/1.1\r\n"), body.constData());
    QVERIFY2(body.contains("\r\nX-Plain: shown\r\n"), body.constData());
    QVERIFY2(!body.contains("secret") && !body.contains("Basic"), body.constData());
}

void TestAdmission::reportedOnly_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QByteArray>("reason"); // of an answer, if there is one
    QTest::addColumn<Refusal>("wouldRefuse");
    QTest::newRow("B§2: a host that is not listed passes, and is told")
        << "GET http://bad.test/"_ba
        << "right"_ba
        << ""_ba << Refusal::HostNotListed;
    QTest::newRow("B§2: in a CONNECT too") << "CONNECT bad.test:443"_ba
                                           << "right"_ba
                                           << ""_ba << Refusal::HostNotListed;
    QTest::newRow("B§2: it is told beside a port that is not listed")
        << "CONNECT bad.test:25"_ba
        << "right"_ba
        << "port_not_listed"_ba << Refusal::HostNotListed;
    QTest::newRow("B§2: of one that is listed nothing is") << "GET http://good.test/"_ba
                                                           << "right"_ba
                                                           << ""_ba << Refusal::None;
    QTest::newRow("B§2: nor of a port alone") << "CONNECT good.test:25"_ba
                                              << "right"_ba
                                              << "port_not_listed"_ba << Refusal::None;
    QTest::newRow("B§2: nor of a client whose credentials are wrong")
        << "GET http://bad.test/"_ba
        << "wrong"_ba
        << "credentials_wrong"_ba << Refusal::None;
    QTest::newRow("B§3: nor of a page") << "GET /x"_ba
                                        << "right"_ba
                                        << "not_found"_ba << Refusal::None;
}

void TestAdmission::reportedOnly()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, password);
    QFETCH(QByteArray, reason);
    QFETCH(Refusal, wouldRefuse);
    config::Settings settings = settingsFor();
    settings.access.hostsMode = policy::HostsMode::Report;
    rig::Proxy proxy(settings);
    const Admission admission = admitOne(proxy, line, credentials(password));
    QCOMPARE(admission.answer ? rig::code(admission.answer->reply.reason) : ""_ba, reason);
    QCOMPARE(rig::name(admission.wouldRefuse), rig::name(wouldRefuse));
}

QTEST_APPLESS_MAIN(TestAdmission)
#include "tst_admission.moc"
