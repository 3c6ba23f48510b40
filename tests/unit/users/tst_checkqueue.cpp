// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/checkqueue.h"

#include <QHash>
#include <QList>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::users;

class TstCheckQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stories_data();
    void stories();
    void everybodyWhoWaitsHearsTheVerdict();
    void whoLeavesHearsNothing();
    void isBounded_data();
    void isBounded();
    void waitersAreBounded();
};

namespace {

PasswordCheck check(quint64 client, const QByteArray &pair, bool isKnown)
{
    PasswordCheck check;
    check.client = client;
    check.digest = pair;
    check.pair = { pair, {} };
    check.isKnown = isKnown;
    return check;
}

} // namespace

/// A story: "a1" is stranger a asking for pair 1, "A1" the same by a client that has signed in
/// before, "-a1" the asker of a1 leaving, ">" the start of the next check, "." the end of the
/// oldest running one. The checks that start show the rest; "_" is none.
void TstCheckQueue::stories_data()
{
    QTest::addColumn<QByteArray>("story");
    QTest::addColumn<QByteArray>("begun");

    QTest::newRow("nobody asks") << ">"_ba
                                 << "_"_ba;
    QTest::newRow("who waits longest is next") << "a1 b1 c1 > > >"_ba
                                               << "a1 b1 c1"_ba;
    QTest::newRow("B§17: a known client goes before strangers") << "a1 b1 C1 > > >"_ba
                                                                << "C1 a1 b1"_ba;
    QTest::newRow("known clients among each other wait in turn") << "a1 B1 C1 > > >"_ba
                                                                 << "B1 C1 a1"_ba;
    QTest::newRow("B§17: of one client one check is made at a time") << "a1 a2 b1 > > >"_ba
                                                                     << "a1 b1 _"_ba;
    QTest::newRow("the client's next one begins when it is over") << "a1 a2 > . >"_ba
                                                                  << "a1 a2"_ba;
    QTest::newRow("nor do a known client's go beside each other") << "A1 A2 b1 > > >"_ba
                                                                  << "A1 b1 _"_ba;
    QTest::newRow("the same pair is checked once") << "a1 b1=a1 > >"_ba
                                                   << "a1 _"_ba;
    QTest::newRow("also where it has begun") << "a1 > b1=a1 >"_ba
                                             << "a1 _"_ba;
    QTest::newRow("and once more when that is over") << "a1 > . b1=a1 >"_ba
                                                     << "a1 a1"_ba;
    QTest::newRow("a known client takes a stranger's check of the same pair forward")
        << "b1 a1 C1=a1 > >"_ba
        << "a1 b1"_ba;
    QTest::newRow("who leaves gives its place up") << "a1 b1 -a1 >"_ba
                                                   << "b1"_ba;
    QTest::newRow("but not where somebody else waits for it") << "a1 c1=a1 -a1 >"_ba
                                                              << "a1"_ba;
    QTest::newRow("what has begun goes on, and its client waits for it") << "a1 > -a1 a2 > . >"_ba
                                                                         << "a1 _ a2"_ba;
}

void TstCheckQueue::stories()
{
    QFETCH(QByteArray, story);
    QFETCH(QByteArray, begun);

    CheckQueue queue;
    QHash<QByteArray, CheckQueue::Ticket> tickets;
    QList<quint64> running;
    QByteArrayList told;
    for (const QByteArray &step : story.split(' ')) {
        if (step == ">") {
            const auto turn = queue.next();
            told.append(turn ? turn->pair.username : "_"_ba);
            if (turn)
                running.append(turn->check);
        } else if (step == ".") {
            static_cast<void>(queue.finish(running.takeFirst()));
        } else if (step.startsWith('-')) {
            queue.cancel(tickets.take(step.mid(1)));
        } else {
            const QByteArray who = step.left(2);
            const QByteArray pair = step.contains('=') ? step.mid(3) : who;
            const char letter = who.at(0);
            const bool isKnown = letter < 'a';
            const auto ticket =
                queue.add(check(quint64(isKnown ? letter - 'A' : letter - 'a'), pair, isKnown), {});
            QVERIFY(ticket);
            tickets.insert(who, *ticket);
        }
    }
    QCOMPARE(told.join(' '), begun);
}

void TstCheckQueue::everybodyWhoWaitsHearsTheVerdict()
{
    CheckQueue queue;
    int heard = 0;
    for (quint64 client = 0; client < 3; ++client)
        QVERIFY(queue.add(check(client, "same", false), [&heard](const UserPtr &) { ++heard; }));
    QCOMPARE(queue.checks(), 1u);
    QCOMPARE(queue.waiters(), 3u);
    const auto turn = queue.next();
    QVERIFY(turn);
    for (const CheckQueue::Answer &answer : queue.finish(turn->check))
        answer(nullptr);
    QCOMPARE(heard, 3);
    QCOMPARE(queue.checks(), 0u);
    QCOMPARE(queue.waiters(), 0u);
}

void TstCheckQueue::whoLeavesHearsNothing()
{
    CheckQueue queue;
    const auto stays = queue.add(check(1, "same", false), {});
    const auto leaves = queue.add(check(2, "same", false), {});
    QVERIFY(stays && leaves);
    const auto turn = queue.next();
    QVERIFY(turn);
    queue.cancel(*leaves);
    QCOMPARE(queue.waiters(), 1u);
    QCOMPARE(queue.finish(turn->check).size(), 1u);
    queue.cancel(*stays); // too late, but harmless
    QCOMPARE(queue.waiters(), 0u);
}

void TstCheckQueue::isBounded_data()
{
    QTest::addColumn<int>("strangers"); // addresses, each with as many checks as it gets
    QTest::addColumn<int>("known");
    QTest::addColumn<bool>("stranger"); // whether another stranger gets a place then
    QTest::addColumn<bool>("knownOne"); // whether another known client does

    QTest::newRow("B§17: one stranger cannot fill it") << 1 << 0 << true << true;
    QTest::newRow("B§17: a thousand strangers leave room for known clients")
        << 1000 << 0 << false << true;
    QTest::newRow("one known client cannot fill it") << 0 << 1 << true << true;
    QTest::newRow("it is full in the end") << 1000 << 100 << false << false;
}

void TstCheckQueue::isBounded()
{
    QFETCH(int, strangers);
    QFETCH(int, known);
    QFETCH(bool, stranger);
    QFETCH(bool, knownOne);

    CheckQueue queue;
    quint64 last = 0;
    const auto fill = [&](int clients, bool isKnown) {
        for (int i = 0; i < clients; ++i) {
            const quint64 client = ++last;
            int given = 0;
            while (queue.add(check(client, QByteArray::number(++last), isKnown), {}))
                ++given;
            QVERIFY(given <= int(isKnown ? CheckQueue::maxPerKnown : CheckQueue::maxPerStranger));
        }
    };
    fill(strangers, false);
    fill(known, true);
    QVERIFY(queue.checks() <= CheckQueue::maxChecks);
    QCOMPARE(queue.add(check(++last, "stranger", false), {}).has_value(), stranger);
    QCOMPARE(queue.add(check(++last, "known", true), {}).has_value(), knownOne);
}

void TstCheckQueue::waitersAreBounded()
{
    CheckQueue queue;
    for (std::size_t i = 0; i < CheckQueue::maxWaiters; ++i)
        QVERIFY(queue.add(check(1, "same", true), {}));
    QVERIFY(!queue.add(check(2, "same", true), {}));
    QVERIFY(!queue.add(check(2, "other", true), {}));
}

QTEST_APPLESS_MAIN(TstCheckQueue)
#include "tst_checkqueue.moc"
