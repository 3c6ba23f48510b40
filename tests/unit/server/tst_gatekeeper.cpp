// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/gatekeeper.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;
using namespace sami::server;
using namespace std::chrono_literals;

/// Credentials change while clients of one address go on with old ones. Two wrong guesses block.
class TstGatekeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stories_data();
    void stories();
    void workersThatLag();
};

namespace {

const QHostAddress client(u"192.0.2.7"_s);
const TimePoint start { 1'000'000s };
const GuardLimits limits { 2, 60s };

AccessPolicy policyOf(const QByteArray &password)
{
    AccessRules rules;
    if (password != "none")
        rules.credentials = Credentials { "sami", password };
    return AccessPolicy(rules);
}

} // namespace

/// A story: "a" to "f" is somebody who gives that as the password, "A" to "F" the settings with
/// that password, "0" those without any. What became of the last one tells the rest.
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
        const QByteArray field = "Basic " + ("sami:" + step).toBase64();
        outcome = gatekeeper.admit(policy, client, { field }, start).decision.refusal;
    }
    QCOMPARE(outcome, last);
}

/// Each worker takes the new settings when it comes to them.
void TstGatekeeper::workersThatLag()
{
    const AccessPolicy before = policyOf("old");
    const AccessPolicy after = policyOf("new");
    Gatekeeper gatekeeper({ 1, 60s }, before.authenticator());
    gatekeeper.renew({ 1, 60s }, after.authenticator(), start);
    const QByteArray right = "Basic " + QByteArray("sami:new").toBase64();
    QCOMPARE(gatekeeper.admit(before, client, { right }, start).decision.refusal,
             Refusal::CredentialsWrong);
    QCOMPARE(gatekeeper.admit(after, client, { right }, start).decision.refusal, Refusal::None);
}

QTEST_APPLESS_MAIN(TstGatekeeper)
#include "tst_gatekeeper.moc"
