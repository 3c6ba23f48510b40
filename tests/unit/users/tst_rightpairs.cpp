// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/rightpairs.h"
#include "users/roster.h"
#include "users/userstext.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::users;
using namespace std::chrono_literals;

class TstRightPairs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isKeptForFiveMinutesAfterItsLastUse_data();
    void isKeptForFiveMinutesAfterItsLastUse();
    void isBounded();
    void isForgottenTogether();
    void aDigestStandsForOnePairOfOneRoster();
};

namespace {

const TimePoint start { 1'000'000s };

UserPtr userOf(const QByteArray &name)
{
    const auto hash =
        PasswordHash::parse("$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0c2FsdA$" + QByteArray(86, 'A'));
    if (!hash)
        qFatal("no hash: %s", qPrintable(hash.error()));
    return std::make_shared<const User>(User { name, *hash, 0, {}, {}, false, {} });
}

} // namespace

/// `waits` are the seconds from one use to the next.
void TstRightPairs::isKeptForFiveMinutesAfterItsLastUse_data()
{
    QTest::addColumn<QList<int>>("waits");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("B§17: at once") << QList<int> { 0 } << true;
    QTest::newRow("B§17: in the last of five minutes") << QList<int> { 299 } << true;
    QTest::newRow("B§17: after five minutes") << QList<int> { 300 } << false;
    QTest::newRow("B§17: a use begins them again") << QList<int> { 299, 299 } << true;
    QTest::newRow("B§17: until nobody uses it") << QList<int> { 299, 299, 300 } << false;
}

void TstRightPairs::isKeptForFiveMinutesAfterItsLastUse()
{
    QFETCH(QList<int>, waits);
    QFETCH(bool, isThere);
    RightPairs pairs;
    TimePoint now = start;
    const UserPtr user = userOf("ada");
    pairs.remember("digest", user, now);
    QVERIFY(!pairs.find("other", now));
    UserPtr found;
    for (const int wait : waits)
        found = pairs.find("digest", now += std::chrono::seconds(wait));
    QCOMPARE(found == user, isThere);
    QCOMPARE(pairs.size(), isThere ? 1 : 0);
}

void TstRightPairs::isBounded()
{
    RightPairs pairs;
    const UserPtr user = userOf("ada");
    for (int i = 0; i < int(RightPairs::maxPairs); ++i)
        pairs.remember(QByteArray::number(i), user, start + std::chrono::milliseconds(i));
    pairs.remember("one more", user, start + 60s);
    QCOMPARE(pairs.size(), RightPairs::maxPairs);
    QVERIFY(!pairs.find("0", start + 60s)); // it would have been forgotten first
    QVERIFY(pairs.find("1", start + 60s));
    // Expired pairs make room before any others.
    pairs.remember("late", user, start + 10min);
    QCOMPARE(pairs.size(), 1);
}

void TstRightPairs::isForgottenTogether()
{
    RightPairs pairs;
    pairs.remember("digest", userOf("ada"), start);
    pairs.clear();
    QVERIFY(!pairs.find("digest", start));
}

void TstRightPairs::aDigestStandsForOnePairOfOneRoster()
{
    const Roster first { UsersList() };
    const Roster second { UsersList() };
    const QByteArray digest = first.digestOf({ "ada", "secret" });
    QCOMPARE(digest.size(), 32);
    QCOMPARE(first.digestOf({ "ada", "secret" }), digest);
    QVERIFY(second.digestOf({ "ada", "secret" }) != digest);
    QVERIFY(first.digestOf({ "ad", "asecret" }) != digest);
    QVERIFY(first.digestOf({ "ada", "secreT" }) != digest);
}

QTEST_APPLESS_MAIN(TstRightPairs)
#include "tst_rightpairs.moc"
