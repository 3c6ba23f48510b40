// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/serverwording.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using route::ParentCondition;
using route::ParentFault;
using route::ParentState;

class TstServerWording : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStateIsSaidInWords_data();
    void aStateIsSaidInWords();
    void everyFaultOfAServerHasWords();
    void aSwitchIsSaidInWords_data();
    void aSwitchIsSaidInWords();
    void aWayHasItsName();
};

namespace {

const WallTime now { 500'000h };

ParentState stateOf(ParentCondition condition, std::optional<ParentFault> fault = {},
                    Clock::duration rest = {}, int goodSigns = 0)
{
    ParentState state;
    state.kind = config::ParentKind::Https;
    state.name = "fra";
    state.condition = condition;
    state.fault = fault;
    state.rest = rest;
    state.goodSigns = goodSigns;
    return state;
}

} // namespace

void TstServerWording::aStateIsSaidInWords_data()
{
    QTest::addColumn<ParentState>("state");
    QTest::addColumn<QString>("words");
    ParentState used = stateOf(ParentCondition::Healthy);
    used.isPreferred = true;
    QTest::newRow("used, and nothing more is known") << used << u"In use"_s;
    used.latency = 31ms;
    used.certificateUntil = now + 24h * 364 + 1h;
    QTest::newRow("used, with latency and certificate")
        << used << u"In use, 31 ms away, its certificate is good for 364 days"_s;
    used.certificateUntil = now + 1h;
    QTest::newRow("the certificate's last day")
        << used << u"In use, 31 ms away, its certificate is good for 0 days"_s;
    used.certificateUntil = now - 1h;
    QTest::newRow("the certificate has expired")
        << used << u"In use, 31 ms away, its certificate has expired"_s;
    QTest::newRow("well, and not used") << stateOf(ParentCondition::Healthy) << u"Ready"_s;
    ParentState barred = stateOf(ParentCondition::Healthy);
    barred.isBarred = true;
    QTest::newRow("barred")
        << barred << u"Not used: it protects less than one before it that cannot show its key"_s;
    QTest::newRow("resting") << stateOf(ParentCondition::Resting, ParentFault::Unreachable, 12s)
                             << u"Resting for another 12 s: it cannot be reached"_s;
    ParentState gone = stateOf(ParentCondition::Resting, ParentFault::Unreachable, 12s);
    gone.latency = 31ms;
    gone.certificateUntil = now + 24h * 364;
    QTest::newRow("what was known of it in better days")
        << gone << u"Resting for another 12 s: it cannot be reached"_s;
    gone.certificateUntil = now - 1h;
    QTest::newRow("resting, with an expired certificate")
        << gone << u"Resting for another 12 s: it cannot be reached, its certificate has expired"_s;
    QTest::newRow("another key") << stateOf(
        ParentCondition::Resting, ParentFault::WrongPin,
        80s) << u"Resting for another 1m 20s: it shows another key than the pinned one"_s;
    QTest::newRow("probing, no good sign")
        << stateOf(ParentCondition::Probing, ParentFault::TimedOut)
        << u"Being tried again: it could not be reached in time"_s;
    QTest::newRow("probing, a good sign")
        << stateOf(ParentCondition::Probing, ParentFault::TimedOut, {}, 1)
        << u"Answers again; used once it has been steady for a minute"_s;
    QTest::newRow("shut out") << stateOf(ParentCondition::ShutOut, ParentFault::Credentials)
                              << u"Not used until the settings change: it refuses the user name "
                                 "or the password"_s;
}

void TstServerWording::aStateIsSaidInWords()
{
    QFETCH(const ParentState, state);
    QFETCH(const QString, words);
    // English has its plurals from a translation, which is not loaded here.
    QCOMPARE(ServerWording::state(state, now).replace(u"day(s)"_s, u"days"_s), words);
}

void TstServerWording::everyFaultOfAServerHasWords()
{
    QStringList all;
    for (int number = 0; number < int(ParentFault::Destination); ++number) {
        const QString words = ServerWording::fault(ParentFault(number));
        QVERIFY2(!words.isEmpty() && !all.contains(words), toString(ParentFault(number)));
        all.append(words);
    }
}

void TstServerWording::aSwitchIsSaidInWords_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<int>("fault");
    QTest::addColumn<QString>("words");
    QTest::newRow("to another server")
        << "fra"_ba
        << "ams"_ba << int(ParentFault::Unreachable)
        << u"fra cannot be reached. New requests go out through ams."_s;
    QTest::newRow("directly") << "fra"_ba
                              << "direct"_ba << int(ParentFault::WrongPin)
                              << u"fra shows another key than the pinned one. New requests go "
                                 "directly: hosts see this computer's own address."_s;
    QTest::newRow("nobody") << "fra"_ba << QByteArray() << int(ParentFault::TimedOut)
                            << u"fra could not be reached in time. No server is well now: new "
                               "requests try each of them and may fail."_s;
    QTest::newRow("back again") << "ams"_ba
                                << "fra"_ba << -1 << u"New requests go out through fra."_s;
    QTest::newRow("back from nobody")
        << QByteArray() << "fra"_ba << -1 << u"New requests go out through fra."_s;
}

void TstServerWording::aSwitchIsSaidInWords()
{
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const int, fault);
    QFETCH(const QString, words);
    QCOMPARE(ServerWording::switched(from, to,
                                     fault < 0 ? std::nullopt : std::optional(ParentFault(fault))),
             words);
}

void TstServerWording::aWayHasItsName()
{
    QCOMPARE(ServerWording::way("fra"), u"fra"_s);
    QCOMPARE(ServerWording::way("direct"), u"directly"_s);
    QCOMPARE(ServerWording::way({}), QString());
}

QTEST_GUILESS_MAIN(TstServerWording)
#include "tst_serverwording.moc"
