// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/takingwatch.h"

#include <QTest>

using namespace sami;
using namespace sami::admin;
using namespace std::chrono_literals;

namespace {

const TimePoint start = TimePoint() + 1h;

} // namespace

class TstTakingWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoTakesNothingHasItsPatience();
    void whoTakesAnythingGoesOn();
    void whatIsWrittenMeanwhileIsNotTaken();
    void eachAnswerBeginsAfresh();
};

void TstTakingWatch::whoTakesNothingHasItsPatience()
{
    TakingWatch watch;
    watch.begin(1000, start);
    QVERIFY(watch.goesOn(1000, start + TakingWatch::patience - 1ms));
    QVERIFY(!watch.goesOn(1000, start + TakingWatch::patience));
}

void TstTakingWatch::whoTakesAnythingGoesOn()
{
    TakingWatch watch;
    watch.begin(1000, start);
    for (int minute = 1; minute <= 60; ++minute)
        QVERIFY2(watch.goesOn(1000 - minute, start + minute * TakingWatch::patience), "one octet");
    QVERIFY(!watch.goesOn(940, start + 61 * TakingWatch::patience));
}

void TstTakingWatch::whatIsWrittenMeanwhileIsNotTaken()
{
    TakingWatch watch;
    watch.begin(1000, start);
    QVERIFY(watch.goesOn(2000, start + 30s));
    QVERIFY(!watch.goesOn(2000, start + TakingWatch::patience));
    QVERIFY(watch.goesOn(1999, start + TakingWatch::patience + 1s));
}

void TstTakingWatch::eachAnswerBeginsAfresh()
{
    TakingWatch watch;
    watch.begin(1000, start);
    QVERIFY(!watch.goesOn(1000, start + 1h));
    watch.begin(1000, start + 1h);
    QVERIFY(watch.goesOn(1000, start + 1h + 30s));
}

QTEST_APPLESS_MAIN(TstTakingWatch)
#include "tst_takingwatch.moc"
