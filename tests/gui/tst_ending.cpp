// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "corereasons.h"
#include "fakeengine.h"
#include "gui/app/language.h"
#include "gui/text/wording.h"
#include "proxyrig.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <utility>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using account::EndedBy;
using account::EndedHow;
using account::FinishedWork;
using test::ProxyRig;

namespace {

using Cutter = std::optional<CutBy>;

FinishedWork work(EndedBy by, EndedHow how, const QByteArray &reason, const QByteArray &method,
                  int status)
{
    FinishedWork work = FakeEngine::makeWork(61, "api.example.com");
    work.ending.by = by;
    work.ending.how = how;
    work.ending.reason = account::Reason::ofCode(reason);
    work.method = method;
    work.status = status;
    if (status == 0)
        work.up = 0;
    return work;
}

/// All values that the core has names for.
QList<EndedHow> allHows()
{
    QList<EndedHow> all;
    for (int i = 0; *account::toString(EndedHow(i)) != '\0'; ++i)
        all.append(EndedHow(i));
    return all;
}

bool isRussian(const QString &text)
{
    return std::any_of(text.cbegin(), text.cend(),
                       [](QChar c) { return c.script() == QChar::Script_Cyrillic; });
}

/// Answers the first bytes of each connection, then closes it or holds it open.
class Origin : public QObject
{
public:
    Origin(const QByteArray &answer, bool holds)
    {
        connect(&m_server, &QTcpServer::newConnection, this, [this, answer, holds] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [socket, answer, holds] {
                socket->readAll();
                socket->write(answer);
                if (!holds)
                    socket->disconnectFromHost();
            });
        });
        m_server.listen(QHostAddress::LocalHost);
    }
    [[nodiscard]] QByteArray authority() const
    {
        return "127.0.0.1:" + QByteArray::number(m_server.serverPort());
    }

private:
    QTcpServer m_server;
};

/// What happens after the client has sent its bytes.
enum class Then { ServerEnds, ClientEnds, UserCloses, ProxyStops };

} // namespace

Q_DECLARE_METATYPE(Cutter)

class TstEnding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isCutWhatWasBegunAndNotWhole_data();
    void isCutWhatWasBegunAndNotWhole();
    void everyEndHasItsSentence_data();
    void everyEndHasItsSentence();
    void anEndThatLooksHealthySaysWhatIsMissing_data();
    void anEndThatLooksHealthySaysWhatIsMissing();
    void theServersPageSaysTheSame_data();
    void theServersPageSaysTheSame();
    void theCoreMakesTheseEnds_data();
    void theCoreMakesTheseEnds();
};

void TstEnding::isCutWhatWasBegunAndNotWhole_data()
{
    QTest::addColumn<FinishedWork>("work");
    QTest::addColumn<EndKind>("ending");
    QTest::addColumn<Cutter>("cutter");
    const auto row = [](const char *name, const FinishedWork &work, EndKind ending,
                        Cutter cutter = std::nullopt) {
        QTest::newRow(name) << work << ending << cutter;
    };
    using enum EndedHow;
    constexpr auto Client = EndedBy::Client;
    constexpr auto Upstream = EndedBy::Upstream;
    constexpr auto Proxy = EndedBy::Proxy;
    row("an answer in full", work(Upstream, Complete, "", "GET", 200), EndKind::Complete);
    row("a page of the proxy's own", work(Proxy, Complete, "not_found", "GET", 404),
        EndKind::Complete);
    row("a tunnel that the client closed", work(Client, Fin, "", "CONNECT", 200),
        EndKind::Complete);
    row("a WebSocket that the server closed", work(Upstream, Fin, "", "GET", 101),
        EndKind::Complete);
    row("a client that left amid the answer", work(Client, Fin, "", "GET", 200), EndKind::Cut,
        CutBy::Client);
    row("a client that left while the server was dialled", work(Client, Fin, "", "CONNECT", 0),
        EndKind::Cut, CutBy::Client);
    row("a connection without a request", work(Client, Fin, "", "", 0), EndKind::Unused);
    row("one that was reset without a request", work(Client, Reset, "", "", 0), EndKind::Unused);
    row("half a head", work(Client, Fin, "request_incomplete", "", 0), EndKind::Cut, CutBy::Client);
    row("half a body", work(Client, Fin, "request_incomplete", "POST", 0), EndKind::Cut,
        CutBy::Client);
    for (const EndedHow how : { Fin, Reset, Keepalive, Error }) {
        for (const char *reason : { "no_response", "response_incomplete" })
            row(qPrintable(u"%1 with %2"_s.arg(QLatin1StringView(account::toString(how)),
                                               QLatin1StringView(reason))),
                work(Upstream, how, reason, "POST", 502), EndKind::Cut, CutBy::Server);
        if (how != Fin)
            row(qPrintable(u"a tunnel's %1"_s.arg(QLatin1StringView(account::toString(how)))),
                work(Upstream, how, "", "CONNECT", 200), EndKind::Cut, CutBy::Server);
    }
    row("silence in a tunnel", work(Proxy, TimeoutSilence, "", "CONNECT", 200), EndKind::Cut,
        CutBy::Proxy);
    row("silence before the answer", work(Proxy, TimeoutSilence, "silence", "POST", 504),
        EndKind::Cut, CutBy::Proxy);
    row("a head that took too long", work(Proxy, TimeoutHead, "head_timeout", "", 408),
        EndKind::Cut, CutBy::Proxy);
    row("no request at all in time", work(Proxy, TimeoutIdle, "", "", 0), EndKind::Unused);
    row("a server that did not answer the dial",
        work(Proxy, TimeoutDial, "connection_timeout", "CONNECT", 504), EndKind::Unreached);
    row("a name that is not there", work(Proxy, DialFailed, "name_not_found", "CONNECT", 502),
        EndKind::Unreached);
    row("a rule's refusal", work(Proxy, Refused, "port_not_listed", "CONNECT", 403),
        EndKind::Refused);
    row("a head that is no HTTP", work(Proxy, BadRequest, "socks5", "", 400), EndKind::Refused);
    row("a body that is no HTTP",
        work(Client, BadRequest, "a chunk size is malformed", "POST", 400), EndKind::Cut,
        CutBy::Client);
    row("an answer that is no HTTP", work(Upstream, BadResponse, "unasked_upgrade", "GET", 502),
        EndKind::Cut, CutBy::Server);
    row("a request to a proxy that stops", work(Proxy, Drained, "draining", "CONNECT", 503),
        EndKind::Refused);
    row("a tunnel that a stop ended", work(Proxy, Drained, "", "CONNECT", 200), EndKind::Cut,
        CutBy::Proxy);
    row("a stop that ended nothing", work(Proxy, Drained, "", "", 0), EndKind::Unused);
    row("a tunnel closed by hand", work(Proxy, Closed, "", "CONNECT", 200), EndKind::Cut,
        CutBy::User);
    row("a tunnel whose user was removed", work(Proxy, Closed, "user_removed", "CONNECT", 200),
        EndKind::Cut, CutBy::Proxy);
    row("a user who is disabled by now", work(Proxy, Closed, "user_disabled", "GET", 200),
        EndKind::Cut, CutBy::Proxy);
    row("a user who may not come in", work(Proxy, Refused, "user_expired", "CONNECT", 403),
        EndKind::Refused);
    row("a user with too much under way", work(Proxy, Limit, "user_full", "CONNECT", 503),
        EndKind::Refused);
    row("a password that nobody had time for", work(Proxy, Limit, "sign_in_full", "CONNECT", 503),
        EndKind::Refused);
    row("a full proxy", work(Proxy, Limit, "full", "CONNECT", 503), EndKind::Refused);
    row("a limit amid the answer", work(Proxy, Limit, "kept_input", "GET", 200), EndKind::Cut,
        CutBy::Proxy);
}

void TstEnding::isCutWhatWasBegunAndNotWhole()
{
    QFETCH(const FinishedWork, work);
    QFETCH(const EndKind, ending);
    QFETCH(const Cutter, cutter);
    QCOMPARE(endingOf(work), ending);
    QCOMPARE(cutBy(work), cutter);
    QCOMPARE(Wording::ending(work) != Wording::ending(ending), cutter.has_value());
}

void TstEnding::everyEndHasItsSentence_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<EndedHow>("how");
    // A scan that finds fewer is broken.
    if (allHows().size() < 16 || reasonCodes().size() < 45 || faultSentences().size() < 35)
        qFatal("the core's codes are not found");
    for (const QString &language : { u"en"_s, u"ru"_s }) {
        for (const EndedHow how : allHows())
            QTest::newRow(
                qPrintable(language + u", "_s + QLatin1StringView(account::toString(how))))
                << language << how;
    }
}

void TstEnding::everyEndHasItsSentence()
{
    QFETCH(const QString, language);
    QFETCH(const EndedHow, how);
    Language chosen;
    chosen.use(language);
    const QStringList reasons = reasonCodes() + faultSentences();
    for (const EndedBy by : { EndedBy::Client, EndedBy::Upstream, EndedBy::Proxy }) {
        for (const int status : { 0, 200 }) {
            const QString plain = Wording::whyEnded(work(by, how, {}, "CONNECT", status));
            QSet<QString> sentences { plain };
            for (const QString &reason : reasons) {
                const QString sentence =
                    Wording::whyEnded(work(by, how, reason.toUtf8(), "CONNECT", status));
                const bool isOwn = !sentences.contains(sentence);
                // These reasons mean what the `how` already says.
                const bool isMeant =
                    (how == EndedHow::TimeoutDial && reason == "connection_timeout"_L1)
                    || (how == EndedHow::TimeoutHead && reason == "head_timeout"_L1);
                QVERIFY2(isOwn || isMeant, qPrintable(reason + u" reads: "_s + sentence));
                sentences.insert(sentence);
                QCOMPARE(isRussian(sentence), language == "ru"_L1);
                QVERIFY2(!sentence.contains(u'%') && !sentence.contains(u'_')
                             && !sentence.contains("Wording"_L1),
                         qPrintable(sentence));
            }
        }
    }
}

void TstEnding::anEndThatLooksHealthySaysWhatIsMissing_data()
{
    QTest::addColumn<FinishedWork>("work");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const FinishedWork &work, const QString &sentence) {
        QTest::newRow(name) << work << sentence;
    };
    row("a chunked answer that broke off",
        work(EndedBy::Upstream, EndedHow::Fin, "response_incomplete", "POST", 200),
        u"The server closed the connection before its answer was complete, after 1m 01s"_s);
    row("no answer at all", work(EndedBy::Upstream, EndedHow::Fin, "no_response", "POST", 502),
        u"The server closed the connection without an answer, after 1m 01s"_s);
    row("half a request", work(EndedBy::Client, EndedHow::Fin, "request_incomplete", "POST", 0),
        u"The client closed the connection before its request was complete, after 1m 01s"_s);
    row("a client that gave up a dial", work(EndedBy::Client, EndedHow::Fin, {}, "CONNECT", 0),
        u"The client gave up before the server was reached, after 1m 01s"_s);
    row("a client that left amid the answer", work(EndedBy::Client, EndedHow::Fin, {}, "GET", 200),
        u"The client closed the connection before the answer was complete, after 1m 01s"_s);
    row("a bare connection", work(EndedBy::Client, EndedHow::Fin, {}, {}, 0),
        u"The client closed the connection without a request, after 1m 01s"_s);
    row("a limit amid an answer", work(EndedBy::Proxy, EndedHow::Limit, "kept_input", "GET", 200),
        u"Cut because of a limit, after 1m 01s: the proxy holds too much unfinished data"_s);
    row("a tunnel's orderly end is what it looks like",
        work(EndedBy::Upstream, EndedHow::Fin, {}, "CONNECT", 200),
        u"The server closed the connection after 1m 01s"_s);
}

void TstEnding::anEndThatLooksHealthySaysWhatIsMissing()
{
    QFETCH(const FinishedWork, work);
    QTEST(Wording::whyEnded(work), "sentence");
}

void TstEnding::theServersPageSaysTheSame_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("English") << u"en"_s;
    QTest::newRow("Russian") << u"ru"_s;
}

/// The page chooses among these sentences with code of its own (core/admin/page/words.js).
/// tests/page/words.mjs asks it for the same ends in the same order, and must get the same digest.
void TstEnding::theServersPageSaysTheSame()
{
    QFETCH(const QString, language);
    Language chosen;
    chosen.use(language);
    const QList<QByteArray> reasons {
        {},
        "request_incomplete",
        "no_response",
        "response_incomplete",
        "silence",
        "connection_timeout",
        "dns_timeout",
        "head_timeout",
        "parent_lost",
        "kept_input",
        "full",
        "private_target",
        "tls_truncated",
        "a CR is not followed by LF",
        "parent_pin",
        "socks_port",
    };
    const QList<std::pair<QByteArray, int>> shapes { { "", 0 },          { "CONNECT", 0 },
                                                     { "CONNECT", 200 }, { "GET", 200 },
                                                     { "GET", 101 },     { "POST", 502 } };
    QStringList sentences;
    for (const EndedHow how : allHows()) {
        if (how == EndedHow::Closed) // on the page it may be anybody with a token
            continue;
        for (const EndedBy by : { EndedBy::Client, EndedBy::Upstream, EndedBy::Proxy })
            for (const QByteArray &reason : reasons)
                for (const auto &[method, status] : shapes)
                    for (const quint64 up : { 0, 7 }) {
                        FinishedWork one = work(by, how, reason, method, status);
                        one.up = up;
                        one.duration = 61s;
                        one.silence = 5s;
                        sentences.append(Wording::whyEnded(one));
                    }
    }
    QFile file(QStringLiteral(SAMI_SOURCE_DIR "/tests/page/ends.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray said = sentences.join(u'\n').toUtf8();
    QCOMPARE(
        QString::fromLatin1(QCryptographicHash::hash(said, QCryptographicHash::Sha256).toHex()),
        QJsonDocument::fromJson(file.readAll()).object().value(language).toString());
}

void TstEnding::theCoreMakesTheseEnds_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<Then>("then");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<EndKind>("ending");
    QTest::addColumn<Cutter>("cutter");
    const auto row = [](const char *name, const QByteArray &request, const QByteArray &answer,
                        Then then, const QByteArray &reason, EndKind ending,
                        Cutter cutter = std::nullopt) {
        QTest::newRow(name) << request << answer << then << reason << ending << cutter;
    };
    // "@" stands for the origin.
    const QByteArray get = "GET http://@/ HTTP/1.1\r\nHost: @\r\n\r\n";
    const QByteArray post = "POST http://@/ HTTP/1.1\r\nHost: @\r\nContent-Length: 9\r\n\r\nhalf";
    const QByteArray connect = "CONNECT @ HTTP/1.1\r\nHost: @\r\n\r\nhello";
    const QByteArray chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    using enum Then;
    row("a whole answer", get, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ServerEnds, {},
        EndKind::Complete);
    row("a chunked answer breaks off", get, chunked + "5\r\nhello\r\n", ServerEnds,
        "response_incomplete", EndKind::Cut, CutBy::Server);
    row("a server says nothing", get, {}, ServerEnds, "no_response", EndKind::Cut, CutBy::Server);
    row("a chunk's size is no number", get, chunked + "zz\r\n", ServerEnds,
        "a chunk size is malformed", EndKind::Cut, CutBy::Server);
    row("half a request", "GET http", {}, ClientEnds, "request_incomplete", EndKind::Cut,
        CutBy::Client);
    row("half a body", post, {}, ClientEnds, "request_incomplete", EndKind::Cut, CutBy::Client);
    row("nothing is asked", {}, {}, ClientEnds, {}, EndKind::Unused);
    row("a tunnel's server closes", connect, "bye", ServerEnds, {}, EndKind::Complete);
    row("a tunnel is closed by hand", connect, {}, UserCloses, {}, EndKind::Cut, CutBy::User);
    row("a tunnel is ended by a stop", connect, {}, ProxyStops, {}, EndKind::Cut, CutBy::Proxy);
    row("a port is not in the list", "CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n", {},
        ServerEnds, "port_not_listed", EndKind::Refused);
    row("it is no HTTP", "hello you\r\n\r\n", {}, ServerEnds, {}, EndKind::Refused);
    row("nobody listens", "CONNECT 127.0.0.1:2 HTTP/1.1\r\nHost: x\r\n\r\n", {}, ServerEnds,
        "connection_refused", EndKind::Unreached);
}

void TstEnding::theCoreMakesTheseEnds()
{
    QFETCH(QByteArray, request);
    QFETCH(const QByteArray, answer);
    QFETCH(const Then, then);
    QFETCH(const QByteArray, reason);
    QFETCH(const Cutter, cutter);
    const Origin origin(answer, then != Then::ServerEnds);
    ProxyRig rig({ "--allowed-ports=2-65535" });
    start(*rig.controller);
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, rig.controller->listenAddress().port);
    QVERIFY(client.waitForConnected());
    client.write(request.replace('@', origin.authority()));
    if (then == Then::ClientEnds)
        client.disconnectFromHost();
    if (then == Then::UserCloses || then == Then::ProxyStops)
        QTRY_COMPARE(rig.controller->snapshot().totals.tunnels, 1U);
    if (then == Then::UserCloses)
        rig.controller->closeAllConnections();
    if (then == Then::ProxyStops)
        rig.controller->stop();
    QTRY_COMPARE(rig.controller->finishedWork().size(), 1);
    const FinishedWork finished = rig.controller->finishedWork().first();
    if (finished.ending.how != EndedHow::BadRequest) // which fault it was is the parser's business
        QCOMPARE(QByteArray(finished.ending.reason.code()), reason);
    QTEST(endingOf(finished), "ending");
    QCOMPARE(cutBy(finished), cutter);
}

QTEST_GUILESS_MAIN(TstEnding)
#include "tst_ending.moc"
