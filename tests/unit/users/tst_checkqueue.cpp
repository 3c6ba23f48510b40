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
    void whoLeavesBeforeTheHashHearsNothing();
    void whoLeavesDuringTheHashHearsTheVerdict();
    void isBounded_data();
    void isBounded();
    void waitersAreBounded_data();
    void waitersAreBounded();
    void whoLeavesGivesItsPlaceUp();
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
    QTest::newRow("known clients among each other wait in turn") << "B1 C1 D1 > > >"_ba
                                                                 << "B1 C1 D1"_ba;
    QTest::newRow("B§17: every second turn is a stranger's") << "a1 b1 C1 D1 E1 > > > > >"_ba
                                                             << "C1 a1 D1 b1 E1"_ba;
    QTest::newRow("B§17: however many a known client brings meanwhile")
        << "a1 b1 C1 > . C2 > . C3 > . C4 > ."_ba
        << "C1 a1 C2 b1"_ba;
    QTest::newRow("a stranger whose check runs already misses its turn")
        << "C1 > a1 > a2 D1 E1 > >"_ba
        << "C1 a1 D1 E1"_ba;
    QTest::newRow("a known client's turn follows whatever the stranger's was")
        << "a1 > b1 C1 > >"_ba
        << "a1 C1 b1"_ba;
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

void TstCheckQueue::whoLeavesBeforeTheHashHearsNothing()
{
    CheckQueue queue;
    const auto stays = queue.add(check(1, "same", false), {});
    const auto leaves = queue.add(check(2, "same", false), {});
    QVERIFY(stays && leaves);
    queue.cancel(*leaves);
    QCOMPARE(queue.waiters(), 1u);
    const auto turn = queue.next();
    QVERIFY(turn);
    QCOMPARE(queue.finish(turn->check).size(), 1u);
    queue.cancel(*stays); // too late, but harmless
    QCOMPARE(queue.waiters(), 0u);
}

/// Each client hears it, so that a wrong guess counts; a crowd of one client that has left, once.
void TstCheckQueue::whoLeavesDuringTheHashHearsTheVerdict()
{
    CheckQueue queue;
    QHash<quint64, int> heard;
    const auto add = [&](quint64 client) {
        const auto ticket = queue.add(check(client, "same", false),
                                      [&heard, client](const UserPtr &) { ++heard[client]; });
        return ticket.value_or(CheckQueue::Ticket {});
    };
    add(1); // stays
    const auto early = add(2);
    const auto turn = queue.next();
    QVERIFY(turn);
    queue.cancel(early);
    queue.cancel(early); // once more has no effect
    QCOMPARE(queue.waiters(), 1u);
    for (int i = 0; i < 20; ++i)
        queue.cancel(add(3));
    queue.cancel(add(1)); // of a client that still waits
    QCOMPARE(queue.waiters(), 1u);
    for (const CheckQueue::Answer &answer : queue.finish(turn->check))
        answer(nullptr);
    QCOMPARE(heard, (QHash<quint64, int> { { 1, 1 }, { 2, 1 }, { 3, 1 } }));
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

void TstCheckQueue::waitersAreBounded_data()
{
    QTest::addColumn<int>("strangers"); // addresses, each with as many waiters as it gets
    QTest::addColumn<int>("known");
    QTest::addColumn<bool>("stranger"); // whether another stranger may wait then
    QTest::addColumn<bool>("knownOne"); // whether another known client may

    QTest::newRow("B§17: one stranger cannot fill them") << 1 << 0 << true << true;
    QTest::newRow("B§17: a thousand strangers leave a quarter to known clients")
        << 1000 << 0 << false << true;
    QTest::newRow("B§17: nor can one known client") << 0 << 1 << true << true;
    QTest::newRow("they are full in the end") << 1000 << 100 << false << false;
}

/// All ask for one pair, so that only the waiters count.
void TstCheckQueue::waitersAreBounded()
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
            while (queue.add(check(client, "same", isKnown), {})) {}
        }
    };
    fill(strangers, false);
    fill(known, true);
    QVERIFY(queue.waiters() <= CheckQueue::maxWaiters);
    QCOMPARE(queue.add(check(++last, "same", false), {}).has_value(), stranger);
    QCOMPARE(queue.add(check(++last, "same", true), {}).has_value(), knownOne);
}

void TstCheckQueue::whoLeavesGivesItsPlaceUp()
{
    CheckQueue queue;
    std::optional<CheckQueue::Ticket> ticket;
    for (std::size_t i = 0; i < CheckQueue::maxWaitersPerStranger; ++i)
        ticket = queue.add(check(1, "same", false), {});
    QVERIFY(ticket);
    QVERIFY(!queue.add(check(1, "same", false), {}));
    QVERIFY(!queue.add(check(1, "other", false), {}));
    queue.cancel(*ticket);
    QVERIFY(queue.add(check(1, "same", false), {}));
    QVERIFY(!queue.add(check(1, "same", false), {}));
    const auto turn = queue.next();
    QVERIFY(turn);
    QCOMPARE(queue.finish(turn->check).size(), CheckQueue::maxWaitersPerStranger);
    QCOMPARE(queue.waiters(), 0u);
    QVERIFY(queue.add(check(1, "same", false), {}));
}

QTEST_APPLESS_MAIN(TstCheckQueue)
#include "tst_checkqueue.moc"
