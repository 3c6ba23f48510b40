// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/connectionsmodel.h"
#include "gui/text/livestate.h"
#include "gui/text/wording.h"

#include <QTest>

#include <optional>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using Phase = account::ConnectionPhase;

Q_DECLARE_METATYPE(sami::account::ConnectionSnapshot)
Q_DECLARE_METATYPE(sami::gui::LiveState)

/// What a live connection is doing: the whole table of livestate.h.
class TstLiveState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void state_data();
    void state();
    void eachStateHasWords_data();
    void eachStateHasWords();
    void unusedSaysForHowLong();
};

namespace {

/// One connection as a history: when it opened, when the current request or tunnel began, who sent
/// when. Times are seconds ago.
struct History
{
    Phase phase = Phase::Tunnel;
    int opened = 1000;
    quint32 requests = 1;
    int began = 1000;               ///< the current request or tunnel
    std::optional<int> client = {}; ///< its last byte in the current one
    std::optional<int> server = {};
    int earlier = 0; ///< when both last sent in an earlier request; 0: there was none

    [[nodiscard]] account::ConnectionSnapshot snapshot() const
    {
        // As core/net/traffic.h counts.
        account::ConnectionSnapshot row;
        row.phase = phase;
        row.requests = requests;
        row.age = std::chrono::seconds(opened);
        row.sinceUp = row.sinceDown = std::chrono::seconds(earlier ? earlier : opened);
        row.up = row.down = earlier ? 500 : 0;
        int activity = began;
        if (client) {
            row.up += 100;
            row.sinceUp = std::chrono::seconds(*client);
            activity = std::min(activity, *client);
        }
        if (server) {
            row.down += 100;
            row.sinceDown = std::chrono::seconds(*server);
            row.firstByte = 50ms;
            activity = std::min(activity, *server);
        }
        row.longestSilence = std::chrono::seconds(activity);
        return row;
    }
};

} // namespace

void TstLiveState::state_data()
{
    QTest::addColumn<account::ConnectionSnapshot>("row");
    QTest::addColumn<LiveState>("expected");
    const auto add = [](const char *what, const History &history, LiveState expected) {
        QTest::newRow(what) << history.snapshot() << expected;
    };
    using enum LiveState;
    add("connected, asked for nothing",
        { .phase = Phase::AwaitingRequest, .opened = 90, .requests = 0, .began = 90 }, Unused);
    add("connected a moment ago, asked for nothing",
        { .phase = Phase::AwaitingRequest, .opened = 1, .requests = 0, .began = 1 }, Unused);
    add("answered, kept for the next request",
        { .phase = Phase::AwaitingRequest, .client = 60, .server = 50 }, Idle);
    add("answered a moment ago", { .phase = Phase::AwaitingRequest, .client = 2, .server = 1 },
        Idle);
    add("reaching the server", { .phase = Phase::Connecting, .requests = 1 }, Connecting);
    add("reaching the server for the next request",
        { .phase = Phase::Connecting, .began = 9, .earlier = 60 }, Connecting);
    add("closing, having spoken", { .phase = Phase::Closing, .client = 9, .server = 8 }, Closing);
    add("closing, having said nothing", { .phase = Phase::Closing }, Closing);

    add("tunnel: neither has spoken", {}, Unused);
    add("tunnel: neither has spoken, opened a moment ago", { .opened = 1, .began = 1 }, Unused);
    add("tunnel: neither has spoken, after other requests", { .began = 100, .earlier = 200 },
        Unused);
    add("tunnel: neither has spoken, other requests a moment ago", { .began = 1, .earlier = 2 },
        Unused);
    add("tunnel: the client alone, now", { .client = 1 }, Streaming);
    add("tunnel: the client alone, for long", { .client = 192 }, Waiting);
    add("tunnel: the client alone at its very begin", { .client = 1000 }, Waiting);
    add("tunnel: the client alone, after other requests",
        { .began = 100, .client = 50, .earlier = 200 }, Waiting);
    add("tunnel: the server alone, now", { .server = 1 }, Streaming);
    add("tunnel: the server alone, for long", { .server = 60 }, Idle);
    add("tunnel: both, the client last", { .client = 192, .server = 500 }, Waiting);
    add("tunnel: both, the server last", { .client = 500, .server = 192 }, Idle);
    add("tunnel: both at once", { .client = 60, .server = 60 }, Waiting);
    add("tunnel: both, the client a moment ago", { .client = 4, .server = 500 }, Streaming);
    add("tunnel: both, the server a moment ago", { .client = 500, .server = 4 }, Streaming);
    add("tunnel: the limit", { .client = 5, .server = 500 }, Waiting);

    add("exchange: asked, nothing forwarded yet", { .phase = Phase::Exchange, .began = 60 },
        Waiting);
    add("exchange: asked, no answer, now", { .phase = Phase::Exchange, .client = 1 }, Streaming);
    add("exchange: asked, no answer for long", { .phase = Phase::Exchange, .client = 192 },
        Waiting);
    add("exchange: asked again, nothing forwarded yet, the server spoke last before",
        { .phase = Phase::Exchange, .began = 30, .earlier = 60 }, Waiting);
    add("exchange: the server last, now", { .phase = Phase::Exchange, .client = 9, .server = 1 },
        Streaming);
    add("exchange: the server last, for long",
        { .phase = Phase::Exchange, .client = 90, .server = 60 }, Idle);
    add("exchange: the client last, for long",
        { .phase = Phase::Exchange, .client = 60, .server = 90 }, Waiting);
}

void TstLiveState::state()
{
    QFETCH(const account::ConnectionSnapshot, row);
    QFETCH(const LiveState, expected);
    QCOMPARE(liveState(row), expected);
}

void TstLiveState::eachStateHasWords_data()
{
    QTest::addColumn<LiveState>("state");
    QTest::newRow("unused") << LiveState::Unused;
    QTest::newRow("connecting") << LiveState::Connecting;
    QTest::newRow("streaming") << LiveState::Streaming;
    QTest::newRow("waiting") << LiveState::Waiting;
    QTest::newRow("idle") << LiveState::Idle;
    QTest::newRow("closing") << LiveState::Closing;
}

void TstLiveState::eachStateHasWords()
{
    QFETCH(const LiveState, state);
    QVERIFY(!Wording::state(state).isEmpty());
    QVERIFY(!Wording::stateExplanation(state).isEmpty());
}

void TstLiveState::unusedSaysForHowLong()
{
    LiveConnection row;
    row.values = History { .opened = 192, .began = 192 }.snapshot();
    row.state = liveState(row.values);
    QCOMPARE(ConnectionsModel::stateText(row), QStringLiteral("no data yet 3m 12s"));
}

QTEST_MAIN(TstLiveState)
#include "tst_livestate.moc"
