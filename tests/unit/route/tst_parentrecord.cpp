// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parentrecord.h"

#include <QTest>

using namespace sami;
using namespace sami::route;
using namespace std::chrono_literals;

namespace {

TimePoint at(int seconds)
{
    return TimePoint() + 1h + std::chrono::seconds(seconds);
}

/// Tells the record of an event, given with its second: "fault@0". "late:fault@3" began a second
/// before that.
void tell(ParentRecord &record, const QByteArray &word)
{
    const bool isLate = word.startsWith("late:");
    const QByteArray event = word.mid(isLate ? 5 : 0, word.indexOf('@') - (isLate ? 5 : 0));
    const TimePoint now = at(word.mid(word.indexOf('@') + 1).toInt());
    const TimePoint began = isLate ? now - 1s : now;
    if (event == "fault")
        record.failed(ParentFault::Unreachable, 1, began, now);
    else if (event == "pin")
        record.failed(ParentFault::Tls, 1, began, now);
    else if (event == "slow")
        record.failed(ParentFault::TimedOut, 1, began, now);
    else if (event == "slowtls")
        record.failed(ParentFault::TlsLate, 1, began, now);
    else if (event == "silent1")
        record.failed(ParentFault::Silent, 1, began, now);
    else if (event == "silent2")
        record.failed(ParentFault::Silent, 2, began, now);
    else if (event == "answer")
        record.failed(ParentFault::Destination, 1, began, now);
    else if (event == "ours")
        record.failed(ParentFault::Ourselves, 1, began, now);
    else if (event == "407")
        record.failed(ParentFault::Credentials, 1, began, now);
    else if (event == "journey")
        record.succeeded(std::nullopt, began, now);
    else if (event == "good")
        record.probed(Clock::duration(3ms), began, now);
    else if (event == "bad")
        record.probed(Unexpected(ParentFault::TimedOut), began, now);
    else if (event == "unprobed")
        record.probed(Unexpected(ParentFault::Ourselves), began, now);
    else if (event == "settings")
        record.settingsChanged(now);
    else if (event == "network")
        record.networkChanged(now);
    else
        qFatal("no such event: %s", word.constData());
}

} // namespace

class TestParentRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsItsCondition_data();
    void tellsItsCondition();
    void isDistrusted_data();
    void isDistrusted();
    void isProbedWhenItIsDue();
    void remembersTheLatency();
};

void TestParentRecord::tellsItsCondition_data()
{
    QTest::addColumn<QByteArray>("story");
    QTest::addColumn<int>("second");
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<int>("restEnds"); // its second, or -1
    const auto row = [](const char *name, const char *story, int second, const char *condition,
                        int restEnds = -1) {
        QTest::newRow(name) << QByteArray(story) << second << QByteArray(condition) << restEnds;
    };
    row("nothing is known: it is healthy", "", 0, "healthy");
    row("a fault rests it for ten seconds", "fault@0", 9, "resting", 10);
    row("after its rest it has to show that it is well", "fault@0", 10, "probing");
    row("a TLS fault rests it as any other", "pin@0", 9, "resting", 10);
    row("a second fault in its rest does not lengthen it", "fault@0 fault@5", 9, "resting", 10);
    row("a bad probe doubles its rest", "fault@0 bad@10", 29, "resting", 30);
    row("a fault after its rest doubles it", "fault@0 fault@12", 31, "resting", 32);
    row("a rest doubles and doubles", "fault@0 bad@10 bad@30 bad@70", 149, "resting", 150);
    row("five minutes is the longest rest",
        "fault@0 bad@10 bad@30 bad@70 bad@150 bad@310 bad@610 bad@910", 1209, "resting", 1210);
    row("one good probe is too few", "fault@0 good@10", 100, "probing");
    row("two good ones are too few, however long it takes", "fault@0 good@10 good@100", 200,
        "probing");
    row("three good ones within a minute are too early", "fault@0 good@10 good@30 good@69", 69,
        "probing");
    row("the third one a minute after the first makes it healthy",
        "fault@0 good@10 good@30 good@70", 70, "healthy");
    row("a later one does", "fault@0 good@10 good@30 good@50 good@70", 70, "healthy");
    row("a bad probe takes the good ones away", "fault@0 good@10 good@30 bad@50 good@90 good@110",
        140, "probing");
    row("a fault takes the good ones away", "fault@0 good@10 good@30 fault@50", 69, "resting", 70);
    row("a journey through it ends its rest", "fault@0 journey@3", 3, "probing");
    row("journeys are good signs", "fault@0 journey@3 journey@4 journey@63", 63, "healthy");
    row("journeys within a minute are not enough", "fault@0 journey@3 journey@4 journey@62", 62,
        "probing");
    row("the fault of a try that began before its rest is the same incident",
        "fault@0 bad@10 late:fault@10", 29, "resting", 30);
    row("it does not count in the next round either", "fault@0 journey@3 fault@3 late:fault@3", 22,
        "resting", 23);
    row("a journey that began before the fault ends no rest", "fault@1 late:journey@1", 5,
        "resting", 11);
    row("a probe that began before the fault is no good sign",
        "fault@0 good@10 fault@30 late:good@30", 49, "resting", 50);
    row("a relapse within five minutes rests twice as long",
        "fault@0 good@10 good@30 good@70 fault@369", 388, "resting", 389);
    row("a relapse after five minutes rests as the first time",
        "fault@0 good@10 good@30 good@70 fault@370", 379, "resting", 380);
    row("what it says of a destination is an answer", "answer@0", 0, "healthy");
    row("what this machine lacks is no fault of its own", "ours@0", 0, "healthy");
    row("one destination of which it is silent is no fault", "silent1@0 silent1@1 silent1@2", 2,
        "healthy");
    row("a second destination of which it is silent is one", "silent1@0 silent2@5", 14, "resting",
        15);
    row("an answer in between clears it", "silent1@0 answer@3 silent2@5", 5, "healthy");
    row("a journey in between clears it", "silent1@0 journey@3 silent2@5", 5, "healthy");
    row("who is late rests", "slow@0", 9, "resting", 10);
    row("whose TLS is late rests", "slowtls@0", 9, "resting", 10);
    row("who is late while a journey got through is busy", "journey@5 late:slow@5", 5, "healthy");
    row("whose TLS is late while a journey got through is busy", "journey@5 late:slowtls@5", 5,
        "healthy");
    row("an answer about a destination is one", "answer@5 late:slow@5", 5, "healthy");
    row("a journey that got through before the late one began says nothing",
        "journey@4 late:slow@5", 14, "resting", 15);
    row("who cannot be reached rests whoever got through", "journey@5 late:fault@5", 14, "resting",
        15);
    row("a wrong pin counts whoever got through", "journey@5 late:pin@5", 14, "resting", 15);
    row("refused credentials shut it out", "407@0", 100'000, "shut_out");
    row("nothing lets it in but settings", "407@0 good@1 journey@2 fault@3 network@4", 100'000,
        "shut_out");
    row("settings let it in", "407@0 settings@1", 1, "healthy");
    row("an old refusal does not shut it out again", "407@0 settings@1 late:407@1", 1, "healthy");
    row("settings end no rest", "fault@0 settings@1", 9, "resting", 10);
    row("another network ends its rest", "fault@0 network@4", 4, "probing");
    row("a fault in the other network rests it as the first time",
        "fault@0 bad@10 bad@30 network@40 bad@40", 49, "resting", 50);
    row("a fault from the network before says nothing", "network@4 late:fault@4", 4, "healthy");
    row("a probe that could not be made says nothing", "fault@0 unprobed@10", 10, "probing");
}

void TestParentRecord::tellsItsCondition()
{
    QFETCH(QByteArray, story);
    QFETCH(int, second);
    QFETCH(int, restEnds);
    ParentRecord record;
    for (const QByteArray &word : story.simplified().split(' ')) {
        if (!word.isEmpty())
            tell(record, word);
    }
    QTEST(QByteArray(toString(record.condition(at(second)))), "condition");
    if (restEnds >= 0)
        QVERIFY(record.standing().restEnd == at(restEnds));
    // A rest ends exactly when announced.
    if (restEnds >= 0) {
        QVERIFY(record.condition(at(restEnds) - 1ms) == ParentCondition::Resting);
        QVERIFY(record.condition(at(restEnds)) == ParentCondition::Probing);
    }
}

void TestParentRecord::isDistrusted_data()
{
    QTest::addColumn<QByteArray>("story");
    QTest::addColumn<bool>("distrusted");
    QTest::newRow("who cannot be reached is not distrusted") << QByteArray("fault@0") << false;
    QTest::newRow("a TLS or pin fault is") << QByteArray("pin@0") << true;
    QTest::newRow("TLS that is late is") << QByteArray("slowtls@0") << true;
    QTest::newRow("TLS that is late while others got through is not")
        << QByteArray("journey@5 late:slowtls@5") << false;
    QTest::newRow("a later fault of another kind changes nothing")
        << QByteArray("pin@0 fault@12") << true;
    QTest::newRow("a TLS fault in its rest counts") << QByteArray("fault@0 pin@5") << true;
    QTest::newRow("a good probe is not enough") << QByteArray("pin@0 good@10") << true;
    QTest::newRow("being healthy again is enough")
        << QByteArray("pin@0 good@10 good@30 good@70") << false;
    QTest::newRow("settings do not trust it") << QByteArray("pin@0 settings@1") << true;
    QTest::newRow("another network does not either") << QByteArray("pin@0 network@1") << true;
}

void TestParentRecord::isDistrusted()
{
    QFETCH(QByteArray, story);
    ParentRecord record;
    for (const QByteArray &word : story.split(' '))
        tell(record, word);
    QTEST(record.isDistrusted(), "distrusted");
}

void TestParentRecord::isProbedWhenItIsDue()
{
    ParentRecord record;
    QVERIFY(!record.probeDue()); // a healthy one needs none
    tell(record, "fault@0");
    QVERIFY(record.probeDue() == at(10));
    record.probeBegins();
    QVERIFY(!record.probeDue()); // one at a time
    tell(record, "bad@12");
    QVERIFY(record.probeDue() == at(32));
    tell(record, "good@32");
    QVERIFY(record.probeDue() == at(52));
    tell(record, "journey@40"); // a journey shows as much as a probe
    QVERIFY(record.probeDue() == at(60));
    tell(record, "unprobed@60");
    QVERIFY(record.probeDue() == at(80));
    tell(record, "fault@61");
    QVERIFY(record.probeDue() == at(101));
    tell(record, "network@65");
    QVERIFY(record.probeDue() == at(65));
    tell(record, "407@66");
    QVERIFY(!record.probeDue());
}

void TestParentRecord::remembersTheLatency()
{
    ParentRecord record;
    QVERIFY(!record.standing().latency);
    record.succeeded(Clock::duration(7ms), at(0), at(0));
    QVERIFY(record.standing().latency == Clock::duration(7ms));
    record.succeeded(std::nullopt, at(1), at(1)); // over a warm connection
    QVERIFY(record.standing().latency == Clock::duration(7ms));
}

QTEST_APPLESS_MAIN(TestParentRecord)
#include "tst_parentrecord.moc"
