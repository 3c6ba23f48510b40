// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/durationedit.h"

#include <QDoubleSpinBox>
#include <QLocale>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::gui;
using namespace std::chrono_literals;

class TstDurationEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::C); }
    void keepsEveryMillisecond_data();
    void keepsEveryMillisecond();
    void isTyped();
    void saysWhatItTakes();
};

void TstDurationEdit::keepsEveryMillisecond_data()
{
    QTest::addColumn<int>("milliseconds");
    QTest::addColumn<int>("minutes");
    QTest::addColumn<QString>("seconds");
    QTest::newRow("whole minutes") << 1'200'000 << 20 << u"0 s"_s;
    QTest::newRow("minutes and seconds") << 75'000 << 1 << u"15 s"_s;
    QTest::newRow("less than a second") << 100 << 0 << u"0.1 s"_s;
    QTest::newRow("the last before a minute") << 59'999 << 0 << u"59.999 s"_s;
    QTest::newRow("a day") << 86'400'000 << 1440 << u"0 s"_s;
}

void TstDurationEdit::keepsEveryMillisecond()
{
    QFETCH(int, milliseconds);
    QFETCH(int, minutes);
    QFETCH(QString, seconds);
    DurationEdit edit(100ms, 24h, 3);
    edit.setValue(std::chrono::milliseconds(milliseconds));
    QCOMPARE(edit.value().count(), milliseconds);
    QCOMPARE(edit.minutes()->value(), minutes);
    QCOMPARE(edit.seconds()->text(), seconds);
    QVERIFY(edit.problem().isEmpty());
}

void TstDurationEdit::isTyped()
{
    DurationEdit edit(0s, 2h, 0);
    QSignalSpy changed(&edit, &DurationEdit::changed);
    edit.minutes()->selectAll();
    QTest::keyClicks(edit.minutes(), u"3"_s);
    edit.seconds()->selectAll();
    QTest::keyClicks(edit.seconds(), u"7"_s);
    QCOMPARE(edit.value(), 187s);
    QVERIFY(changed.size() >= 2);
}

void TstDurationEdit::saysWhatItTakes()
{
    DurationEdit edit(100ms, 10min, 3);
    edit.setValue(0ms);
    QVERIFY2(edit.problem().contains(u"0.1 second"_s), qPrintable(edit.problem()));
    edit.setValue(100ms);
    QVERIFY(edit.problem().isEmpty());
    edit.setValue(10min);
    QVERIFY(edit.problem().isEmpty());
    edit.setValue(10min + 1s);
    QVERIFY2(edit.problem().contains(u"10 minute"_s), qPrintable(edit.problem()));
}

QTEST_MAIN(TstDurationEdit)
#include "tst_durationedit.moc"
