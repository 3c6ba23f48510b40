// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/passwordchecks.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <mutex>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::users;

/// Hashes that take a millisecond. CheckQueue decides who is next.
class TstPasswordChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhosePairItIs_data();
    void saysWhosePairItIs();
    void everybodyIsAnsweredOnce();
    void whoCancelsIsNotAnswered();
    void itsEndWaitsForNobody();
};

namespace {

RosterPtr roster()
{
    static const RosterPtr made = [] {
        const auto hash = PasswordHash::make("secret", 1000);
        if (!hash)
            qFatal("%s", qPrintable(hash.error()));
        return std::make_shared<const Roster>(UsersList(
            { std::make_shared<const User>(User { "ada", *hash, 0, {}, {}, false, {} }) }));
    }();
    return made;
}

PasswordCheck check(const QByteArray &name, const QByteArray &password, quint64 client = 1)
{
    PasswordCheck check;
    check.roster = roster();
    check.pair = { name, password };
    check.digest = check.roster->digestOf(check.pair);
    check.client = client;
    return check;
}

} // namespace

void TstPasswordChecks::saysWhosePairItIs_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<bool>("isRight");
    QTest::newRow("the right pair") << "ada"_ba
                                    << "secret"_ba << true;
    QTest::newRow("another password") << "ada"_ba
                                      << "Secret"_ba << false;
    QTest::newRow("somebody's password under a name that is not there") << "bob"_ba
                                                                        << "secret"_ba << false;
    QTest::newRow("nothing") << ""_ba
                             << ""_ba << false;
}

void TstPasswordChecks::saysWhosePairItIs()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, password);
    QFETCH(bool, isRight);
    PasswordChecks checks(1);
    std::atomic<int> verdict { 0 };
    QVERIFY(checks.ask(check(name, password), [&verdict](const UserPtr &user) {
        verdict = user && user->name == "ada" ? 1 : 2;
    }));
    QTRY_VERIFY(verdict != 0);
    QCOMPARE(verdict == 1, isRight);
}

void TstPasswordChecks::everybodyIsAnsweredOnce()
{
    constexpr int clients = 60;
    PasswordChecks checks(2);
    std::atomic<int> answers { 0 };
    std::atomic<int> right { 0 };
    for (int i = 0; i < clients; ++i) {
        const QByteArray password = i % 3 == 0 ? "secret" : QByteArray::number(i);
        QVERIFY(checks.ask(check("ada", password, quint64(i)), [&](const UserPtr &user) {
            right += user ? 1 : 0;
            ++answers;
        }));
    }
    QTRY_COMPARE(answers.load(), clients);
    QCOMPARE(right.load(), clients / 3);
}

void TstPasswordChecks::whoCancelsIsNotAnswered()
{
    PasswordChecks checks(1);
    // The only thread is held in the first answer until the second asker has left.
    std::mutex holding;
    std::atomic<bool> hasBegun { false };
    std::atomic<bool> wasAnswered { false };
    std::unique_lock hold(holding);
    QVERIFY(checks.ask(check("ada", "1"), [&](const UserPtr &) {
        hasBegun = true;
        const std::lock_guard wait(holding);
    }));
    QTRY_VERIFY(hasBegun);
    const auto ticket = checks.ask(check("ada", "2"), [&](const UserPtr &) { wasAnswered = true; });
    QVERIFY(ticket);
    checks.cancel(*ticket);
    hold.unlock();
    std::atomic<bool> isLast { false };
    QVERIFY(checks.ask(check("ada", "3"), [&](const UserPtr &) { isLast = true; }));
    QTRY_VERIFY(isLast);
    QVERIFY(!wasAnswered);
}

void TstPasswordChecks::itsEndWaitsForNobody()
{
    struct Held
    {
        std::mutex mutex;
        std::atomic<bool> hasBegun { false };
        std::atomic<bool> isOver { false };
    };
    const auto held = std::make_shared<Held>();
    std::unique_lock hold(held->mutex);
    {
        PasswordChecks checks(1);
        QVERIFY(checks.ask(check("ada", "1"), [held](const UserPtr &) {
            held->hasBegun = true;
            const std::lock_guard wait(held->mutex);
            held->isOver = true;
        }));
        QTRY_VERIFY(held->hasBegun);
    }
    QVERIFY(!held->isOver);
    hold.unlock();
    QTRY_VERIFY(held->isOver);
}

QTEST_GUILESS_MAIN(TstPasswordChecks)
#include "tst_passwordchecks.moc"
