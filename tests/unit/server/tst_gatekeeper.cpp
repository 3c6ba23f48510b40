// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/gatekeeper.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;
using namespace sami::server;
using namespace std::chrono_literals;

/// Credentials change while clients at one address still use the old ones. Two wrong guesses block.
class TstGatekeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stories_data();
    void stories();
    void workersThatLag();
    void whoIsNotListedIsNotAsked();
    void aPairIsWorthAsMuch();
    void liftsOneBlock();
    void blocksEnd();
};

namespace {

const QHostAddress client(u"192.0.2.7"_s);
const TimePoint start { 1'000'000s };
const GuardLimits limits { 2, 60s };

const QHostAddress neighbour(u"192.0.2.8"_s);

/// Without a users file the answer comes at once.
Gatekeeper::GateResult ask(Gatekeeper &gatekeeper, const AccessPolicy &policy,
                           const QHostAddress &who, GivenCredentials given, TimePoint now = start)
{
    return std::get<Gatekeeper::GateResult>(
        gatekeeper.ask(policy, nullptr, Caller(who), std::move(given), now));
}

GivenCredentials inField(const QByteArray &password)
{
    const QByteArray field = "Basic " + ("sami:" + password).toBase64();
    return readCredentials(QList<QByteArrayView> { field });
}

/// The code of the answer: "none" if the client is let in.
QByteArray answer(Gatekeeper &gatekeeper, const AccessPolicy &policy, const QHostAddress &who,
                  const QByteArray &password, TimePoint now = start)
{
    const Decision decision = ask(gatekeeper, policy, who, inField(password), now).decision;
    return decision.isAllowed() ? "none" : toString(decision.refusal);
}

AccessPolicy policyOf(const QByteArray &password)
{
    AccessRules rules;
    if (password != "none")
        rules.credentials = Credentials { "sami", password };
    return AccessPolicy(rules);
}

} // namespace

/// A story: "a" to "f" is a client that gives this password, "A" to "F" are settings with that
/// password, "0" settings without any. The outcome of the last step shows the rest.
void TstGatekeeper::stories_data()
{
    QTest::addColumn<QByteArray>("story");
    QTest::addColumn<Refusal>("last");

    QTest::newRow("B§2: two different wrong passwords block")
        << "A b c a"_ba << Refusal::GuesserBlocked;
    QTest::newRow("B§2: one of a client that knows no better does not")
        << "A b b b b b b a"_ba << Refusal::None;
    QTest::newRow("B§2: what was right before the change is wrong")
        << "A B a"_ba << Refusal::CredentialsWrong;
    QTest::newRow("B§2: and no guess") << "A B a c a a b"_ba << Refusal::None;
    QTest::newRow("B§2: nor is it after other settings with the same password")
        << "A B B B a c b"_ba << Refusal::None;
    QTest::newRow("B§2: nor when nobody was asked in between") << "A 0 B a c b"_ba << Refusal::None;
    QTest::newRow("B§2: what was right two changes ago is a guess")
        << "A B C a d c"_ba << Refusal::GuesserBlocked;
    QTest::newRow("B§2: but one only") << "A B C a b a b c"_ba << Refusal::None;
    QTest::newRow("B§2: a change forgets what was counted") << "A c B d b"_ba << Refusal::None;
    QTest::newRow("B§2: a change lifts the block") << "A b c a B b"_ba << Refusal::None;
    QTest::newRow("B§2: so do other settings with the same password")
        << "A b c a A a"_ba << Refusal::None;
    QTest::newRow("B§2: a guesser has his full number afterwards, and no more")
        << "A b c A d e a"_ba << Refusal::GuesserBlocked;
    QTest::newRow("B§2: whoever was let in before passes while blocked")
        << "A a b c a"_ba << Refusal::None;
    QTest::newRow("B§2: with the old password he does not")
        << "A a B b c d a"_ba << Refusal::GuesserBlocked;
}

void TstGatekeeper::stories()
{
    QFETCH(QByteArray, story);
    QFETCH(Refusal, last);

    AccessPolicy policy = policyOf(story.first(1).toLower());
    Gatekeeper gatekeeper(limits, policy.authenticator());
    Refusal outcome = Refusal::None;
    for (const QByteArray &step : story.mid(2).split(' ')) {
        if (step == "0" || step != step.toLower()) {
            policy = policyOf(step == "0" ? "none" : step.toLower());
            gatekeeper.renew(limits, policy.authenticator(), start);
            continue;
        }
        outcome = ask(gatekeeper, policy, client, inField(step)).decision.refusal;
    }
    QCOMPARE(outcome, last);
}

/// Each worker takes up new settings in its own time.
void TstGatekeeper::workersThatLag()
{
    const AccessPolicy before = policyOf("old");
    const AccessPolicy after = policyOf("new");
    Gatekeeper gatekeeper({ 1, 60s }, before.authenticator());
    gatekeeper.renew({ 1, 60s }, after.authenticator(), start);
    QCOMPARE(answer(gatekeeper, before, client, "new"), "credentials_wrong"_ba);
    QCOMPARE(answer(gatekeeper, after, client, "new"), "none"_ba);
}

/// The list of clients comes first, so a stranger's credentials are not checked.
void TstGatekeeper::whoIsNotListedIsNotAsked()
{
    AccessRules rules;
    rules.credentials = Credentials { "sami", "right" };
    rules.allowedClients = { Cidr::host(neighbour) };
    const AccessPolicy policy(rules);
    Gatekeeper gatekeeper(limits, policy.authenticator());
    for (const char *password : { "a", "b", "c", "right" })
        QCOMPARE(answer(gatekeeper, policy, client, password), "client_not_listed"_ba);
    QVERIFY2(gatekeeper.blocks(start).isEmpty(), "B§2: and they are no guesses");
    const Gatekeeper::GateResult admission = ask(gatekeeper, policy, neighbour, inField("right"));
    QVERIFY(admission.decision.isAllowed());
    QCOMPARE(admission.user, "sami"_ba);
}

/// A guesser has one budget of guesses, whatever protocol it speaks.
void TstGatekeeper::aPairIsWorthAsMuch()
{
    const AccessPolicy policy = policyOf("right");
    Gatekeeper gatekeeper(limits, policy.authenticator());
    const auto byPair = [&](const std::optional<Credentials> &pair) {
        return ask(gatekeeper, policy, client, readCredentials(pair)).decision.refusal;
    };
    QCOMPARE(byPair({}), Refusal::CredentialsMissing);
    QCOMPARE(answer(gatekeeper, policy, client, "a"), "credentials_wrong"_ba);
    QCOMPARE(byPair(Credentials { "sami", "a" }), Refusal::CredentialsWrong);
    QCOMPARE(answer(gatekeeper, policy, client, "right"), "none"_ba);
    QVERIFY2(gatekeeper.blocks(start).isEmpty(), "B§10: the same pair in two ways is one guess");
    QCOMPARE(byPair(Credentials { "sami", "b" }), Refusal::CredentialsWrong);
    QCOMPARE(gatekeeper.blocks(start).size(), 1);
    QCOMPARE(byPair(Credentials { "sami", "c" }), Refusal::GuesserBlocked);
    QVERIFY2(byPair(Credentials { "sami", "right" }) == Refusal::None, "it was let in before");
    const GivenCredentials right = readCredentials(Credentials { "sami", "right" });
    QCOMPARE(ask(gatekeeper, policy, neighbour, right).user, "sami"_ba);
}

/// For the tray app's button.
void TstGatekeeper::liftsOneBlock()
{
    const AccessPolicy policy = policyOf("right");
    Gatekeeper gatekeeper(limits, policy.authenticator());
    QVERIFY(gatekeeper.blocks(start).isEmpty());
    for (const QHostAddress &guesser : { client, neighbour }) {
        answer(gatekeeper, policy, guesser, "a");
        answer(gatekeeper, policy, guesser, "b");
    }
    QCOMPARE(gatekeeper.blocks(start).size(), 2);
    QVERIFY(gatekeeper.lift(client, start));
    QVERIFY2(!gatekeeper.lift(client, start), "there is no block any more");
    QCOMPARE(gatekeeper.blocks(start).size(), 1);
    QCOMPARE(gatekeeper.blocks(start).constFirst().address, neighbour);
    QCOMPARE(answer(gatekeeper, policy, client, "right"), "none"_ba);
    QCOMPARE(answer(gatekeeper, policy, neighbour, "right"), "guesser_blocked"_ba);
}

void TstGatekeeper::blocksEnd()
{
    const AccessPolicy policy = policyOf("right");
    Gatekeeper gatekeeper(limits, policy.authenticator());
    answer(gatekeeper, policy, client, "a");
    answer(gatekeeper, policy, client, "b");
    QCOMPARE(answer(gatekeeper, policy, client, "right", start + 119s), "guesser_blocked"_ba);
    QCOMPARE(gatekeeper.blocks(start + 119s).size(), 1);
    QVERIFY2(answer(gatekeeper, policy, client, "right", start + 121s) == "none",
             "B§2: the block lasts twice the window");
    QVERIFY(gatekeeper.blocks(start + 121s).isEmpty());
}

QTEST_APPLESS_MAIN(TstGatekeeper)
#include "tst_gatekeeper.moc"
