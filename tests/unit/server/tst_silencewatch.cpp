// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/silencewatch.h"

#include <QList>
#include <QTest>

#include <algorithm>

using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds limit = 5s;
constexpr qsizetype notAsked = -1;

/// One check, and its result.
struct Look
{
    Clock::duration idle;
    qsizetype undelivered; ///< notAsked: the watch must not ask for it
    std::optional<std::chrono::milliseconds> again;
};

} // namespace

/// The truth table of SilenceWatch.
class TestSilenceWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void truthTable_data();
    void truthTable();
    void thePatienceIsNoLongerThanTheLimit();
};

void TestSilenceWatch::truthTable_data()
{
    constexpr auto soon = net::TakingWatch::interval;
    QTest::addColumn<QList<Look>>("looks");
    const auto row = [](const char *name, const QList<Look> &looks) {
        QTest::newRow(name) << looks;
    };
    row("octets moved just now", { { 0s, notAsked, limit } });
    row("less than the limit", { { 4s, notAsked, 1s } });
    row("a moment less", { { limit - 1ns, notAsked, 1ms } });
    row("the limit, nothing is undelivered", { { limit, 0, std::nullopt } });
    row("longer, nothing is undelivered", { { 2 * limit, 0, std::nullopt } });
    row("the limit, the first look at what is undelivered", { { limit, 100, soon } });
    row("the same is undelivered for as long as the patience",
        { { limit, 100, soon },
          { limit + 2s, 100, soon },
          { limit + 4s, 100, 1s },
          { limit + 5s, 100, std::nullopt } });
    row("less is, and less, and then the same",
        { { limit, 100, soon },
          { limit + 2s, 60, soon },
          { limit + 4s, 20, soon },
          { limit + 6s, 20, soon },
          { limit + 8s, 20, 1s },
          { limit + 9s, 20, std::nullopt } });
    row("at last all is delivered", { { limit, 100, soon }, { limit + 2s, 0, std::nullopt } });
    row("octets moved between two looks, which forgets the first",
        { { limit, 100, soon },
          { limit + 2s, 100, soon },
          { 1s, notAsked, 4s },
          { limit, 100, soon },
          { limit + 2s, 100, soon },
          { limit + 4s, 100, 1s } });
}

void TestSilenceWatch::truthTable()
{
    QFETCH(QList<Look>, looks);
    SilenceWatch watch;
    for (const Look &look : std::as_const(looks)) {
        bool isAsked = false;
        const auto again = watch.look(look.idle, limit, [&] {
            isAsked = true;
            return look.undelivered;
        });
        QCOMPARE(isAsked, look.undelivered != notAsked);
        QVERIFY(again == look.again);
    }
}

void TestSilenceWatch::thePatienceIsNoLongerThanTheLimit()
{
    for (const std::chrono::milliseconds time : { 200ms, 60'000ms, 1'200'000ms }) {
        SilenceWatch watch;
        std::chrono::milliseconds idle = time;
        while (const auto again = watch.look(idle, time, [] { return qsizetype(1); }))
            idle += *again;
        QVERIFY(idle == time + std::min(time, net::TakingWatch::usualPatience));
    }
}

QTEST_APPLESS_MAIN(TestSilenceWatch)
#include "tst_silencewatch.moc"
