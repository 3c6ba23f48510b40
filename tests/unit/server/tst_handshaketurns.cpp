// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/clientleg.h"
#include "server/handshaketurns.h"

#include <QCoreApplication>
#include <QTest>

#include <memory>
#include <vector>

using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr auto stepTime = 400us;

/// What the connections of a test did, in order.
struct Story
{
    QList<quint64> steps;
    QList<qsizetype> stepsAtTick; ///< the number of steps at each turn of the event loop
};

/// Takes an expensive step, as a session does.
class Connection : public QObject
{
public:
    Connection(HandshakeTurns &turns, quint64 id, const QString &client, Story &story, int wishes)
        : m_claim(std::make_unique<HandshakeTurns::Claim>(turns, id, QHostAddress(client), this)),
          m_id(id), m_story(story), m_wishes(wishes)
    {
        m_claim->askForTurn();
    }
    void letGo() { m_claim.reset(); }

protected:
    void customEvent(QEvent *event) override
    {
        QCOMPARE(int(static_cast<FrontNote *>(event)->event), int(FrontEvent::Continue));
        const TimePoint until = Clock::now() + stepTime;
        while (Clock::now() < until) {}
        m_story.steps.append(m_id);
        if (--m_wishes > 0)
            m_claim->askForTurn();
        else
            letGo();
    }

private:
    std::unique_ptr<HandshakeTurns::Claim> m_claim;
    const quint64 m_id;
    Story &m_story;
    int m_wishes;
};

} // namespace

class TestHandshakeTurns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void othersComeInBetween();
    void nothingHappensInsideACall();
    void furtherStepsComeFirst();
    void whoIsGoneHearsNothing();
};

/// Sixty handshakes that are ready at once must not delay others by sixty steps.
void TestHandshakeTurns::othersComeInBetween()
{
    HandshakeTurns turns(nullptr);
    Story story;
    std::vector<std::unique_ptr<Connection>> connections;
    for (quint64 i = 0; i < 60; ++i)
        connections.push_back(
            std::make_unique<Connection>(turns, i, u"192.0.2.%1"_s.arg(i), story, 1));
    QTimer tick;
    connect(&tick, &QTimer::timeout, this,
            [&story] { story.stepsAtTick.append(story.steps.size()); });
    tick.start(0);
    QTRY_COMPARE(story.steps.size(), 60);
    // The step that exceeds the turn's time is the last of the turn.
    const qsizetype most = door::HandshakeBounds::turn / stepTime + 1;
    qsizetype before = 0;
    for (const qsizetype steps : std::as_const(story.stepsAtTick)) {
        QVERIFY2(steps - before <= most, QByteArray::number(steps - before).constData());
        before = steps;
    }
}

void TestHandshakeTurns::nothingHappensInsideACall()
{
    HandshakeTurns turns(nullptr);
    Story story;
    const Connection connection(turns, 1, u"192.0.2.1"_s, story, 1);
    QVERIFY(story.steps.isEmpty());
    QTRY_COMPARE(story.steps.size(), 1);
}

void TestHandshakeTurns::furtherStepsComeFirst()
{
    HandshakeTurns turns(nullptr);
    Story story;
    std::vector<std::unique_ptr<Connection>> connections;
    for (quint64 i = 0; i < 4; ++i)
        connections.push_back(
            std::make_unique<Connection>(turns, i, u"192.0.2.%1"_s.arg(i), story, 2));
    QTRY_COMPARE(story.steps.size(), 8);
    QCOMPARE(story.steps, (QList<quint64> { 0, 0, 1, 1, 2, 2, 3, 3 }));
}

void TestHandshakeTurns::whoIsGoneHearsNothing()
{
    HandshakeTurns turns(nullptr);
    Story story;
    Connection gone(turns, 1, u"192.0.2.1"_s, story, 1);
    const Connection other(turns, 2, u"192.0.2.1"_s, story, 1);
    gone.letGo();
    QTRY_COMPARE(story.steps.size(), 1);
    QTest::qWait(5);
    QCOMPARE(story.steps, QList<quint64> { 2 });
}

QTEST_GUILESS_MAIN(TestHandshakeTurns)
#include "tst_handshaketurns.moc"
