// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/userplaces.h"
#include "server/userrules.h"

#include <QTest>

#include <vector>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;

/// What the users file grants a user whose password is right: places, and the rules of userrules.h.
class TstUserPlaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachUserHasItsOwn_data();
    void eachUserHasItsOwn();
    void aSmallerLimitTakesNothingAway();
    void whoIsLetIn_data();
    void whoIsLetIn();
    void todayIsTheWallClocks();
};

namespace {

const QDate today(2027, 1, 31);

users::User userOf(const QByteArray &name, int connections = 0)
{
    const auto hash = users::PasswordHash::parse("$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0c2FsdA$"
                                                 + QByteArray(86, 'A'));
    if (!hash)
        qFatal("%s", qPrintable(hash.error()));
    return { name, *hash, connections, {}, {}, false, {} };
}

users::UserPtr shared(users::User user)
{
    return std::make_shared<const users::User>(std::move(user));
}

} // namespace

void TstUserPlaces::eachUserHasItsOwn_data()
{
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("asked");
    QTest::addColumn<int>("given");
    QTest::newRow("B§17: as many as the limit") << 3 << 5 << 3;
    QTest::newRow("B§17: one") << 1 << 2 << 1;
    QTest::newRow("B§17: no limit") << 0 << 50 << 50;
}

void TstUserPlaces::eachUserHasItsOwn()
{
    QFETCH(int, limit);
    QFETCH(int, asked);
    QFETCH(int, given);
    UserPlaces places;
    const users::UserPtr ada = shared(userOf("ada", limit));
    std::vector<UserPlaces::PlacePtr> held;
    for (int i = 0; i < asked; ++i) {
        if (auto place = places.take(ada))
            held.push_back(std::move(place));
    }
    QCOMPARE(int(held.size()), given);
    QCOMPARE(places.held("ada"), given);
    QVERIFY(places.take(shared(userOf("bob", 1))));
    held.pop_back();
    QVERIFY(places.take(ada));
    held.clear();
    QCOMPARE(places.held("ada"), 0);
}

void TstUserPlaces::aSmallerLimitTakesNothingAway()
{
    UserPlaces places;
    const auto first = places.take(shared(userOf("ada", 2)));
    auto second = places.take(shared(userOf("ada", 2)));
    QVERIFY(first && second);
    QVERIFY(!places.take(shared(userOf("ada", 1))));
    QCOMPARE(places.held("ada"), 2);
    second.reset();
    QVERIFY(!places.take(shared(userOf("ada", 1))));
}

void TstUserPlaces::whoIsLetIn_data()
{
    QTest::addColumn<QByteArray>("user"); // "none": the list has another
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("B§17: a user") << "plain"_ba
                                  << ""_ba;
    QTest::newRow("B§17: on the last day") << "until 0"_ba
                                           << ""_ba;
    QTest::newRow("B§17: the day after") << "until -1"_ba
                                         << "user_expired"_ba;
    QTest::newRow("B§17: disabled") << "disabled"_ba
                                    << "user_disabled"_ba;
    QTest::newRow("B§17: not there any more") << "none"_ba
                                              << "user_removed"_ba;
    QTest::newRow("B§17: no list any more") << "no list"_ba
                                            << "user_removed"_ba;
}

void TstUserPlaces::whoIsLetIn()
{
    QFETCH(QByteArray, user);
    QFETCH(QByteArray, why);
    users::User ada = userOf(user == "none" ? "bob" : "ada");
    ada.isDisabled = user == "disabled";
    if (user.startsWith("until"))
        ada.until = today.addDays(user.mid(6).toInt());
    const auto roster = std::make_shared<const users::Roster>(users::UsersList({ shared(ada) }));
    const account::Reason reason = whyNoLonger("ada", user == "no list" ? nullptr : roster, today);
    QCOMPARE(QByteArray(reason.code()), why);
    if (why != "user_removed")
        QCOMPARE(account::Reason(refusalOf(ada, today)).code(),
                 why.isEmpty() ? policy::toString(policy::Refusal::None) : reason.code());
}

void TstUserPlaces::todayIsTheWallClocks()
{
    const QDate before = QDateTime::currentDateTimeUtc().date();
    const QDate told = todayInUtc();
    QVERIFY(told >= before && told <= QDateTime::currentDateTimeUtc().date());
}

QTEST_APPLESS_MAIN(TstUserPlaces)
#include "tst_userplaces.moc"
