// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/snapshot.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace sami::account;

/// Operators search their logs for these codes, so they must not change.
class TestSnapshot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void codes_data();
    void codes();
    void noCodeIsMissingHere();
};

namespace {

/// The codes of all values of an enum whose values begin at 0 and have no gaps.
template <typename Enum> QByteArrayList codesOf()
{
    QByteArrayList codes;
    for (int value = 0; value < 256; ++value) {
        const QByteArray code = toString(static_cast<Enum>(value));
        if (code.isEmpty())
            break;
        codes.append(code);
    }
    return codes;
}

struct Row
{
    QByteArray name;
    const char *code;
    const char *expected;
};

QList<Row> endedBy()
{
    return {
        { "B§8: the code for: the client ended it", toString(EndedBy::Client), "client" },
        { "B§8: the code for: the upstream ended it", toString(EndedBy::Upstream), "upstream" },
        { "B§8: the code for: the proxy ended it", toString(EndedBy::Proxy), "proxy" },
    };
}

QList<Row> howOf()
{
    return {
        { "B§8: the code for: answered in full", toString(EndedHow::Complete), "complete" },
        { "B§8: the code for: an orderly close", toString(EndedHow::Fin), "fin" },
        { "B§8: the code for: a reset", toString(EndedHow::Reset), "reset" },
        { "B§8: the code for: a peer that is dead", toString(EndedHow::Keepalive), "keepalive" },
        { "B§8: the code for: an error", toString(EndedHow::Error), "error" },
        { "B§8: the code for: silence", toString(EndedHow::TimeoutSilence), "timeout:silence" },
        { "B§8: the code for: a dial too long", toString(EndedHow::TimeoutDial), "timeout:dial" },
        { "B§8: the code for: a head too late", toString(EndedHow::TimeoutHead), "timeout:head" },
        { "B§8: the code for: no next request", toString(EndedHow::TimeoutIdle), "timeout:idle" },
        { "B§8: the code for: refused", toString(EndedHow::Refused), "refused" },
        { "B§8: the code for: a dial that failed", toString(EndedHow::DialFailed), "dial_failed" },
        { "B§8: the code for: a bad request", toString(EndedHow::BadRequest), "bad_request" },
        { "B§8: the code for: a bad response", toString(EndedHow::BadResponse), "bad_response" },
        { "B§8: the code for: drained", toString(EndedHow::Drained), "drained" },
        { "B§8: the code for: a limit", toString(EndedHow::Limit), "limit" },
        { "B§8: the code for: an operator's order", toString(EndedHow::Closed), "closed" },
    };
}

QList<Row> phases()
{
    using Phase = ConnectionPhase;
    return {
        { "phase: waiting for a request", toString(Phase::AwaitingRequest), "awaiting_request" },
        { "phase: dialling", toString(Phase::Connecting), "connecting" },
        { "phase: an exchange", toString(Phase::Exchange), "exchange" },
        { "phase: a tunnel", toString(Phase::Tunnel), "tunnel" },
        { "phase: closing", toString(Phase::Closing), "closing" },
    };
}

} // namespace

void TestSnapshot::codes_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("expected");
    for (const Row &row : endedBy() + howOf() + phases())
        QTest::newRow(row.name.constData()) << QByteArray(row.code) << QByteArray(row.expected);
}

void TestSnapshot::codes()
{
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, expected);
    QCOMPARE(code, expected);
}

/// Every value has a code, no two share one, and each is one word in a log line.
void TestSnapshot::noCodeIsMissingHere()
{
    QCOMPARE(codesOf<EndedBy>().size(), endedBy().size());
    QCOMPARE(codesOf<EndedHow>().size(), howOf().size());
    QCOMPARE(codesOf<ConnectionPhase>().size(), phases().size());
    const QRegularExpression word(QStringLiteral("^[a-z_]+(:[a-z]+)?$"));
    for (const QByteArrayList &codes :
         { codesOf<EndedBy>(), codesOf<EndedHow>(), codesOf<ConnectionPhase>() }) {
        QCOMPARE(QSet<QByteArray>(codes.cbegin(), codes.cend()).size(), codes.size());
        for (const QByteArray &code : codes)
            QVERIFY2(word.match(QString::fromLatin1(code)).hasMatch(), code.constData());
    }
}

QTEST_APPLESS_MAIN(TestSnapshot)
#include "tst_snapshot.moc"
