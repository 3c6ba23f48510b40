// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/gatekeeper.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;
using namespace sami::server;
using namespace std::chrono_literals;

/// The gatekeeper with a users file: what it answers at once, and what needs a hash. Nothing is
/// hashed here; the test knows which pairs are right. Three wrong guesses block.
class TstGatekeeperUsers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stories_data();
    void stories();
    void whoMayNotComeInIsAskedNothing();
    void aVerdictOfAnOlderListLeavesNoTrace();
    void whoWasBlockedMeanwhileHearsThat();
};

namespace {

const TimePoint start { 1'000'000s };
const GuardLimits limits { 3, 60s };

users::UserPtr makeUser(const QByteArray &name, bool isDisabled = false, char hashed = 'A')
{
    const auto hash = users::PasswordHash::parse("$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0c2FsdA$"
                                                 + QByteArray(86, hashed));
    if (!hash)
        qFatal("%s", qPrintable(hash.error()));
    return std::make_shared<const users::User>(
        users::User { name, *hash, 0, {}, {}, isDisabled, {} });
}

/// The users a and b; `change` is "-a", "!a" or "*a" as in a story, or anything else for none.
users::RosterPtr makeRoster(const QByteArray &change = {})
{
    QList<users::UserPtr> list { makeUser("b") };
    if (change != "-a")
        list.append(makeUser("a", change == "!a", change == "*a" ? 'Q' : 'A'));
    return std::make_shared<const users::Roster>(users::UsersList(list));
}

QHostAddress addressOf(char number)
{
    return QHostAddress(0xc0000200 + quint32(number));
}

/// "a" and "b" are right pairs from the file, "s" is the settings' pair, "-" is none, other letters
/// are wrong.
GivenCredentials given(char letter)
{
    if (letter == '-')
        return readCredentials(std::optional<Credentials>());
    return readCredentials(Credentials { QByteArray(1, letter), "secret" });
}

AccessPolicy policyOf(bool hasPair)
{
    AccessRules rules;
    if (hasPair)
        rules.credentials = Credentials { "s", "secret" };
    return AccessPolicy(rules);
}

class Gate
{
public:
    users::RosterPtr roster = makeRoster();
    AccessPolicy policy = policyOf(true);
    Gatekeeper gatekeeper { limits, policy.authenticator(), roster };
    TimePoint now = start;

    [[nodiscard]] Gatekeeper::Answer ask(const QByteArray &who) const
    {
        return const_cast<Gatekeeper &>(gatekeeper)
            .ask(policy, roster, Caller(addressOf(who.at(0))), given(who.at(1)), now);
    }
    [[nodiscard]] Gatekeeper::GateResult conclude(const Gatekeeper::Question &question)
    {
        return gatekeeper.conclude(question, roster->list().find(question.pair.username), now);
    }
    /// The user's name or the refusal's code; "?" before it if a hash was needed.
    QByteArray told(const QByteArray &who)
    {
        Gatekeeper::Answer answer = ask(who);
        if (const auto *question = std::get_if<Gatekeeper::Question>(&answer))
            return '?' + text(conclude(*question));
        return text(std::get<Gatekeeper::GateResult>(answer));
    }
    [[nodiscard]] static QByteArray text(const Gatekeeper::GateResult &admission)
    {
        switch (admission.decision.refusal) {
        case Refusal::None:
            return admission.user;
        case Refusal::CredentialsMissing:
            return "407";
        case Refusal::CredentialsWrong:
            return "wrong";
        case Refusal::GuesserBlocked:
            return "429";
        default:
            return toString(admission.decision.refusal);
        }
    }
    /// Whether a client is known when it gives a pair that nobody else gives.
    [[nodiscard]] QByteArray standing(char client) const
    {
        const Gatekeeper::Answer answer = ask(QByteArray(1, client) + 'q');
        const auto *question = std::get_if<Gatekeeper::Question>(&answer);
        return !question ? "answered" : question->isKnown ? "known" : "strange";
    }
    void renew(const QByteArray &change = {})
    {
        roster = makeRoster(change);
        gatekeeper.renew(limits, policy.authenticator(), now, roster);
    }
};

} // namespace

/// A story: "1a" is client 1 giving pair a, "new" another file with the same users, "-a" one
/// without a, "!a" one in which a is disabled, "*a" one in which a has another hash, "same" other
/// settings with the same file, "k1" a look at what client 1 counts as, "+N" a pause of N seconds.
void TstGatekeeperUsers::stories_data()
{
    QTest::addColumn<QByteArray>("story");
    QTest::addColumn<QByteArray>("told");

    QTest::newRow("B§17: the first time a password needs a hash, then no more") << "1a 1a 1a"_ba
                                                                                << "?a a a"_ba;
    QTest::newRow("B§17: not from another address either") << "1a 2a"_ba
                                                           << "?a a"_ba;
    QTest::newRow("B§17: each user has its own") << "1a 1b 1a 1b"_ba
                                                 << "?a ?b a b"_ba;
    QTest::newRow("B§17: five minutes after its last use it needs one again")
        << "1a +299 1a +299 1a +300 1a"_ba
        << "?a a a ?a"_ba;
    QTest::newRow("B§17: another file needs all of them again") << "1a new 1a 1a"_ba
                                                                << "?a ?a a"_ba;
    QTest::newRow("B§17: other settings with the same file do not") << "1a same 1a"_ba
                                                                    << "?a a"_ba;
    QTest::newRow("B§17: the settings' pair is one more user, and needs none") << "1s 1s"_ba
                                                                               << "s s"_ba;
    QTest::newRow("B§17: a wrong pair needs a hash once") << "1x 1x 1x"_ba
                                                          << "?wrong wrong wrong"_ba;
    QTest::newRow("B§17: and counts once") << "1x 1x 1x 1x 1a"_ba
                                           << "?wrong wrong wrong wrong ?a"_ba;
    QTest::newRow("B§17: of another client it is looked at for itself") << "1x 2x"_ba
                                                                        << "?wrong ?wrong"_ba;
    QTest::newRow("B§17: once the window is over it needs one again") << "1x +60 1x"_ba
                                                                      << "?wrong ?wrong"_ba;
    QTest::newRow("B§17: in another file it may be right") << "1x new 1x"_ba
                                                           << "?wrong ?wrong"_ba;
    QTest::newRow("B§17: no credentials need none and count for nothing")
        << "1- 1- 1- 1- 1a"_ba
        << "407 407 407 407 ?a"_ba;
    QTest::newRow("B§17: different wrong ones block, and then nothing is hashed")
        << "1x 1y 1z 1w 1a 1s 1-"_ba
        << "?wrong ?wrong ?wrong 429 429 429 429"_ba;
    QTest::newRow("B§17: nobody else") << "1x 1y 1z 2a"_ba
                                       << "?wrong ?wrong ?wrong ?a"_ba;
    QTest::newRow("B§17: a guesser does not hear that a guess was good, though it is remembered")
        << "2a 1x 1y 1z 1a"_ba
        << "?a ?wrong ?wrong ?wrong 429"_ba;
    QTest::newRow("B§17: who was let in from there before still is")
        << "1a 1x 1y 1z 1a 1b 1-"_ba
        << "?a ?wrong ?wrong ?wrong a 429 407"_ba;
    QTest::newRow("B§17: also when it needs a hash by then") << "1a +300 1x 1y 1z 1a"_ba
                                                             << "?a ?wrong ?wrong ?wrong ?a"_ba;
    QTest::newRow("B§17: so is the settings' pair") << "1s 1x 1y 1z 1s 1a"_ba
                                                    << "s ?wrong ?wrong ?wrong s 429"_ba;
    QTest::newRow("B§17: a neighbour does not lock it out after another file either")
        << "1a new 1x 1y 1z 1a"_ba
        << "?a ?wrong ?wrong ?wrong ?a"_ba;
    QTest::newRow("B§17: unless the user is gone") << "1a -a 1x 1y 1z 1a"_ba
                                                   << "?a ?wrong ?wrong ?wrong 429"_ba;
    QTest::newRow("B§17: or is disabled") << "1a !a 1x 1y 1z 1a"_ba
                                          << "?a ?wrong ?wrong ?wrong 429"_ba;
    QTest::newRow("B§17: or has another password") << "1a *a 1x 1y 1z 1a"_ba
                                                   << "?a ?wrong ?wrong ?wrong 429"_ba;
    QTest::newRow("B§17: whoever has signed in is known from then on") << "k1 1a k1 k2"_ba
                                                                       << "strange ?a known "
                                                                          "strange"_ba;
    QTest::newRow("B§17: with the settings' pair too") << "1s k1"_ba
                                                       << "s known"_ba;
    QTest::newRow("B§17: also after another file") << "1a new k1"_ba
                                                   << "?a known"_ba;
    QTest::newRow("B§17: not while the window holds a wrong guess")
        << "1a 1x k1 1a k1 +60 k1"_ba
        << "?a ?wrong strange a strange known"_ba;
    QTest::newRow("B§17: nor once the user is gone") << "1a -a k1"_ba
                                                     << "?a strange"_ba;
    QTest::newRow("B§17: nor once it is disabled, even if it signs in again")
        << "1a !a k1 1a k1"_ba
        << "?a strange ?a strange"_ba;
    QTest::newRow("B§17: but if another user signed in from there") << "1a 1b -a k1"_ba
                                                                    << "?a ?b known"_ba;
    QTest::newRow("B§17: another file lifts the block") << "1x 1y 1z 1a new 1a"_ba
                                                        << "?wrong ?wrong ?wrong 429 ?a"_ba;
}

void TstGatekeeperUsers::stories()
{
    QFETCH(QByteArray, story);
    QFETCH(QByteArray, told);
    Gate gate;
    QByteArrayList answers;
    for (const QByteArray &step : story.split(' ')) {
        if (QByteArrayList { "new", "-a", "!a", "*a" }.contains(step))
            gate.renew(step);
        else if (step.startsWith('k'))
            answers.append(gate.standing(step.at(1)));
        else if (step == "same")
            gate.gatekeeper.renew(limits, gate.policy.authenticator(), gate.now, gate.roster);
        else if (step.startsWith('+'))
            gate.now += std::chrono::seconds(step.mid(1).toInt());
        else
            answers.append(gate.told(step));
    }
    QCOMPARE(answers.join(' '), told);
}

void TstGatekeeperUsers::whoMayNotComeInIsAskedNothing()
{
    Gate gate;
    AccessRules rules;
    rules.allowedClients = { Cidr::host(addressOf('9')) };
    gate.policy = AccessPolicy(rules);
    QCOMPARE(gate.told("1a"), "client_not_listed"_ba);
    QCOMPARE(gate.told("9a"), "?a"_ba);
}

void TstGatekeeperUsers::aVerdictOfAnOlderListLeavesNoTrace()
{
    Gate gate;
    const Gatekeeper::Answer right = gate.ask("1a");
    const Gatekeeper::Answer wrong = gate.ask("1x");
    const auto &question = std::get<Gatekeeper::Question>(right);
    QVERIFY(!question.isKnown);
    gate.renew();
    QCOMPARE(Gate::text(gate.conclude(question)), "a"_ba);
    QCOMPARE(Gate::text(gate.conclude(std::get<Gatekeeper::Question>(wrong))), "wrong"_ba);
    QCOMPARE(gate.standing('1'), "strange"_ba);
    QCOMPARE(gate.told("1a"), "?a"_ba);
    QCOMPARE(gate.standing('1'), "known"_ba);
    QCOMPARE(gate.told("1x"), "?wrong"_ba);
}

void TstGatekeeperUsers::whoWasBlockedMeanwhileHearsThat()
{
    Gate gate;
    const Gatekeeper::Answer waits = gate.ask("1a");
    QCOMPARE(gate.told("1x"), "?wrong"_ba);
    QCOMPARE(gate.told("1y"), "?wrong"_ba);
    QCOMPARE(gate.told("1z"), "?wrong"_ba);
    QCOMPARE(Gate::text(gate.conclude(std::get<Gatekeeper::Question>(waits))), "429"_ba);
}

QTEST_APPLESS_MAIN(TstGatekeeperUsers)
#include "tst_gatekeeperusers.moc"
