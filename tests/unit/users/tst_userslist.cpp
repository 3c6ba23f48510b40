// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/userslist.h"

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::users;

namespace {

UserPtr someone(const QByteArray &name)
{
    static const PasswordHash hash = PasswordHash::make("right", 1000).value();
    return std::make_shared<const User>(User { name, hash, 0, {}, {}, false, {} });
}

/// A user whose hash differs from the others'.
UserPtr saltedOne(const QByteArray &name)
{
    return std::make_shared<const User>(
        User { name, PasswordHash::make("right", 1000).value(), 0, {}, {}, false, {} });
}

QByteArray unknownName(int number)
{
    return "unknown" + QByteArray::number(number);
}

} // namespace

class TstUsersList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsByName();
    void keepsTheOrder();
    void aStandInIsOneOfTheHashes();
    void aStandInStaysTheSame();
    void aStandInIsTheSameInEachProcess();
    void standInsMostlyOutliveANewUser();
    void anEmptyListHasAStandInToo();
};

void TstUsersList::findsByName()
{
    const UsersList list({ someone("anna"), someone("boris") });
    QCOMPARE(list.find("boris")->name, "boris");
    QVERIFY(!list.find("clara"));
    QVERIFY(!list.find("Anna"));
    QVERIFY(!list.find(""));
    QVERIFY(!UsersList().find("anna"));
}

void TstUsersList::keepsTheOrder()
{
    const UsersList list({ someone("zoe"), someone("anna") }, "print");
    QCOMPARE(list.users().first()->name, "zoe");
    QCOMPARE(list.fingerprint(), "print");
    QVERIFY(!list.isEmpty());
    QVERIFY(UsersList().isEmpty());
}

/// An unknown name must cost what a known one costs.
void TstUsersList::aStandInIsOneOfTheHashes()
{
    QList<UserPtr> users;
    QSet<QByteArray> hashes;
    for (int i = 0; i < 4; ++i) {
        users.append(saltedOne("user" + QByteArray::number(i)));
        hashes.insert(users.last()->hash.text());
    }
    const UsersList list(users);
    QSet<QByteArray> seen;
    for (int i = 0; i < 400; ++i)
        seen.insert(list.dummyHashFor(unknownName(i)).text());
    // Usually all four; a user with a thin part of the ring may be missed.
    QVERIFY(hashes.contains(seen));
    QVERIFY(seen.size() > 1);
}

void TstUsersList::aStandInStaysTheSame()
{
    const QList<UserPtr> users { saltedOne("anna"), saltedOne("boris"), saltedOne("clara") };
    const UsersList list(users);
    const UsersList again({ users[0], users[2], users[1] });
    for (int i = 0; i < 50; ++i) {
        const QByteArray name = unknownName(i);
        QCOMPARE(list.dummyHashFor(name).text(), list.dummyHashFor(name).text());
        QCOMPARE(again.dummyHashFor(name).text(), list.dummyHashFor(name).text());
    }
}

/// Where costs differ, an unknown name that cost more before a restart than after it would be told
/// from a known one.
void TstUsersList::aStandInIsTheSameInEachProcess()
{
    QList<UserPtr> users;
    for (const char *name : { "anna", "boris", "clara", "dora" }) {
        const QByteArray text =
            "$pbkdf2-sha512$1000$AAAAAAAAAAAAAAAAAAAAAA$" + QByteArray(name).leftJustified(86, 'A');
        users.append(std::make_shared<const User>(
            User { name, PasswordHash::parse(text).value(), 0, {}, {}, false, {} }));
    }
    const UsersList list(users);
    QByteArray initials;
    for (int i = 0; i < 24; ++i)
        initials += list.dummyHashFor(unknownName(i)).text().split('$').last().front();
    QCOMPARE(initials, "bbbbbcabbbbcbcbbbccccbbb");
}

void TstUsersList::standInsMostlyOutliveANewUser()
{
    QList<UserPtr> users;
    for (int i = 0; i < 20; ++i)
        users.append(saltedOne("user" + QByteArray::number(i)));
    const UsersList before(users);
    users.append(saltedOne("newcomer"));
    const UsersList after(users);
    int moved = 0;
    for (int i = 0; i < 300; ++i) {
        const QByteArray name = unknownName(i);
        moved += before.dummyHashFor(name).text() == after.dummyHashFor(name).text() ? 0 : 1;
    }
    // Only the newcomer's part of the ring moves: 1/21 on average.
    QVERIFY2(moved < 150, qPrintable(QString::number(moved)));
}

void TstUsersList::anEmptyListHasAStandInToo()
{
    QVERIFY(UsersList().dummyHashFor("anna").text().startsWith("$pbkdf2-sha512$210000$"));
}

QTEST_APPLESS_MAIN(TstUsersList)
#include "tst_userslist.moc"
