// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "gui/models/traffichistory.h"
#include "gui/text/formatting.h"
#include "gui/widgets/trafficchart.h"
#include "guirig.h"

#include <QApplication>
#include <QEvent>
#include <QMouseEvent>
#include <QTest>

#include <algorithm>
#include <cstdlib>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using Kind = TrafficPoint::Kind;

namespace {

constexpr WallTime began { 1'790'000'000s };
const QColor down(0x0b, 0x5c, 0xad);
const QColor up(0xb3, 0x54, 0x00);

/// One letter a second: m(easured), s(topped), a(sleep).
QString letters(const TrafficHistory &history)
{
    QString all;
    for (qsizetype i = 0; i < history.size(); ++i)
        all += u"msa"[int(history.at(i).kind)];
    return all;
}

} // namespace

class TrafficChartTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatNobodyMeasuredIsNoRate_data();
    void whatNobodyMeasuredIsNoRate();
    void aStoppedProxyHasNoRates();
    void aTenfoldDifferenceIsSeen_data();
    void aTenfoldDifferenceIsSeen();
    void labelsFitAndNameTheirRates_data();
    void labelsFitAndNameTheirRates();
    void aGapIsNoLine_data();
    void aGapIsNoLine();
    void labelsTakeNoMoreRoomThanTheyNeed_data();
    void labelsTakeNoMoreRoomThanTheyNeed();
    void theMouseReadsASecond();
    void theKeysReadASecond();

private:
    /// A visible chart in a light palette; only the test ticks.
    struct Shown
    {
        Shown() : history(rig.controller), chart(history)
        {
            QPalette palette = chart.palette();
            palette.setColor(QPalette::Base, Qt::white);
            palette.setColor(QPalette::Text, Qt::black);
            chart.setPalette(palette);
            chart.resize(800, 260);
            chart.show();
            // The controller's ticks would add real seconds.
            QObject::disconnect(&rig.controller, nullptr, &history, nullptr);
        }
        GuiRig rig;
        TrafficHistory history;
        TrafficChart chart;
    };
};

void TrafficChartTest::whatNobodyMeasuredIsNoRate_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<bool>("isServing");
    QTest::addColumn<QString>("points");
    QTest::newRow("a second later") << 1 << true << u"mm"_s;
    QTest::newRow("a busy second is one of its sample's") << 4 << true << u"mmmmm"_s;
    QTest::newRow("a sleep") << 14 << true << u"maaaaaaaaaaaaam"_s;
    QTest::newRow("a sleep while stopped") << 14 << false << u"mssssssssssssss"_s;
    QTest::newRow("a night") << 8 * 3600 << true << QString(599, u'a') + u'm';
    QTest::newRow("a clock that was set back") << -3600 << true << u"mm"_s;
    QTest::newRow("a stop") << 1 << false << u"ms"_s;
}

void TrafficChartTest::whatNobodyMeasuredIsNoRate()
{
    QFETCH(const int, seconds);
    QFETCH(const bool, isServing);
    GuiRig rig;
    TrafficHistory history(rig.controller);
    history.add({ 100, 200, 3 }, true, began);
    history.add({ 300, 400, 5 }, isServing, began + std::chrono::seconds(seconds));
    QTEST(letters(history), "points");
    for (qsizetype i = 0; i < history.size(); ++i) {
        const TrafficPoint &point = history.at(i);
        if (point.kind != Kind::Measured)
            QCOMPARE(point.up + point.down, 0.0);
        if (i > 0 && seconds > 0) // each point is one second with a time of its own
            QVERIFY(point.at > history.at(i - 1).at);
    }
    if (isServing)
        QCOMPARE(history.at(history.size() - 1).down, 400.0);
}

void TrafficChartTest::aStoppedProxyHasNoRates()
{
    GuiRig rig;
    TrafficHistory history(rig.controller);
    rig.controller.tick();
    rig.controller.stop();
    rig.controller.tick();
    start(rig.controller);
    rig.controller.tick();
    QCOMPARE(letters(history), u"msm"_s);
}

void TrafficChartTest::aTenfoldDifferenceIsSeen_data()
{
    QTest::addColumn<double>("end");
    for (const double end : { 1e3, 5e3, 1e5, 2e6, 1e9 })
        QTest::newRow(qPrintable(QString::number(end))) << end;
}

void TrafficChartTest::aTenfoldDifferenceIsSeen()
{
    QFETCH(const double, end);
    QCOMPARE(TrafficChart::position(0, end), 0.0);
    QCOMPARE(TrafficChart::position(end, end), 1.0);
    double above = 1;
    // A tenth of the peak is neither at the bottom nor at the top.
    for (double rate = end / 10; rate >= 100; rate /= 10) {
        const double place = TrafficChart::position(rate, end);
        QVERIFY2(place > 0.04, qPrintable(QString::number(rate)));
        QVERIFY2(above - place > 0.1, qPrintable(QString::number(rate)));
        above = place;
    }
    QVERIFY(TrafficChart::position(end / 10, end) > 0.25);
}

void TrafficChartTest::labelsFitAndNameTheirRates_data()
{
    QTest::addColumn<double>("end");
    QTest::addColumn<double>("lines");
    QTest::addColumn<QList<double>>("rates");
    QTest::newRow("the least axis") << 1e3 << 8.0 << QList<double> { 1e3 };
    QTest::newRow("each power of ten") << 1e6 << 12.0 << QList<double> { 1e6, 1e5, 1e4, 1e3 };
    QTest::newRow("an end between two powers") << 5e4 << 12.0 << QList<double> { 5e4, 1e4, 1e3 };
    QTest::newRow("no label is painted on another") << 2e4 << 5.0 << QList<double> { 2e4, 1e3 };
    QTest::newRow("a low chart has fewer") << 1e6 << 3.0 << QList<double> { 1e6, 1e4 };
    QTest::newRow("one line of text") << 1e6 << 1.0 << QList<double> { 1e6 };
}

void TrafficChartTest::labelsFitAndNameTheirRates()
{
    QFETCH(const double, end);
    QFETCH(const double, lines);
    QTEST(TrafficChart::gridRates(end, lines), "rates");
}

void TrafficChartTest::aGapIsNoLine_data()
{
    QTest::addColumn<bool>("isServing");
    QTest::newRow("asleep") << true;
    QTest::newRow("stopped") << false;
}

void TrafficChartTest::aGapIsNoLine()
{
    QFETCH(const bool, isServing);
    Shown shown;
    for (int second = 0; second < 600; ++second) {
        const bool isGap = second >= 200 && second < 400;
        if (!isGap || !isServing)
            shown.history.add({ 2000, 90'000, 1 }, !isGap, began + std::chrono::seconds(second));
    }
    QCOMPARE(letters(shown.history).count(u'm'), 400);
    const QImage image = shown.chart.grab().toImage();
    const qreal ratio = image.devicePixelRatio();
    // Where the mouse reads a gap there must be no ink of a line, elsewhere ink of both.
    int gaps = 0;
    for (int x = 130; x < shown.chart.width() - 20; x += 10) {
        QMouseEvent move(QEvent::MouseMove, QPointF(x, 100), QPointF(x, 100), Qt::NoButton,
                         Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&shown.chart, &move);
        const bool isGap = !shown.chart.reading().contains("Up:"_L1);
        gaps += isGap;
        int inks = 0;
        const int below = shown.chart.fontMetrics().height() + 6; // the legend has ink of its own
        for (int y = below; y < shown.chart.height(); ++y) {
            for (int dx = 0; dx < 7; ++dx) {
                const QColor pixel = image.pixelColor(int((x + dx) * ratio), int(y * ratio));
                const auto isNear = [&](const QColor &ink) {
                    return qAbs(pixel.red() - ink.red()) + qAbs(pixel.green() - ink.green())
                        + qAbs(pixel.blue() - ink.blue())
                        < 100;
                };
                inks += isNear(down) || isNear(up);
            }
        }
        // At the edge of a gap the line starts within those pixels.
        QMouseEvent further(QEvent::MouseMove, QPointF(x + 8, 100), QPointF(x + 8, 100),
                            Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&shown.chart, &further);
        if (isGap != !shown.chart.reading().contains("Up:"_L1))
            continue;
        QVERIFY2((inks == 0) == isGap, qPrintable(QString::number(x)));
    }
    QVERIFY(gaps > 10);
    QCOMPARE(shown.chart.reading().contains("Up:"_L1), true);
}

void TrafficChartTest::labelsTakeNoMoreRoomThanTheyNeed_data()
{
    QTest::addColumn<int>("lines");
    QTest::newRow("a low chart, without a label for 100 MB/s") << 5;
    QTest::newRow("a high chart, with it") << 40;
}

void TrafficChartTest::labelsTakeNoMoreRoomThanTheyNeed()
{
    QFETCH(const int, lines);
    Shown shown;
    const QFontMetrics metrics = shown.chart.fontMetrics();
    const int line = metrics.height();
    shown.chart.resize(800, lines * line);
    for (int second = 0; second < 600; ++second)
        shown.history.add({ 1000, 2e9, 3 }, true, began + std::chrono::seconds(second));
    const double area = double(lines - 2) * line - 20;
    int widest = 0;
    for (const double rate : TrafficChart::gridRates(2e9, area / line))
        widest = std::max(widest, metrics.horizontalAdvance(Formatting::rate(rate)));

    // The oldest second is at the left edge of the plot.
    int left = 0;
    do {
        ++left;
        QMouseEvent move(QEvent::MouseMove, QPointF(left, 30), QPointF(left, 30), Qt::NoButton,
                         Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&shown.chart, &move);
    } while (shown.chart.cursor() == TrafficHistory::capacity - 1 && left < shown.chart.width());
    QVERIFY2(std::abs(left - (widest + 14)) <= 2,
             qPrintable(u"%1, not %2"_s.arg(left).arg(widest + 14)));
}

void TrafficChartTest::theMouseReadsASecond()
{
    Shown shown;
    for (int second = 0; second < 600; ++second)
        shown.history.add({ 1000, second < 300 ? 20'000.0 : 5e6, 3 }, true,
                          began + std::chrono::seconds(second));
    QCOMPARE(shown.chart.cursor(), -1);
    QCOMPARE(shown.chart.reading(), u"Up: 1.0 kB/s, Down: 5.0 MB/s"_s);
    const auto moveTo = [&](int x) {
        QMouseEvent move(QEvent::MouseMove, QPointF(x, 100), QPointF(x, 100), Qt::NoButton,
                         Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&shown.chart, &move);
    };
    moveTo(200);
    QVERIFY(shown.chart.cursor() > 400);
    const QString old = shown.chart.reading();
    QVERIFY2(old.endsWith(", 3 connection(s), Up: 1.0 kB/s, Down: 20 kB/s"_L1), qPrintable(old));
    QCOMPARE(shown.chart.accessibleDescription(), old);
    moveTo(shown.chart.width() - 12);
    QVERIFY(shown.chart.cursor() <= 3);
    QVERIFY(shown.chart.reading().endsWith("Down: 5.0 MB/s"_L1));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(&shown.chart, &leave);
    QCOMPARE(shown.chart.cursor(), -1);
}

void TrafficChartTest::theKeysReadASecond()
{
    Shown shown;
    QCOMPARE(shown.chart.focusPolicy(), Qt::StrongFocus);
    QTest::keyClick(&shown.chart, Qt::Key_Left); // nothing to move to
    QCOMPARE(shown.chart.cursor(), -1);
    const auto add = [&](int second) {
        shown.history.add({ 0, 1000.0 + second, 1 }, second < 50 || second > 60,
                          began + std::chrono::seconds(second));
    };
    for (int second = 0; second < 100; ++second)
        add(second);
    struct Step
    {
        Qt::Key key;
        int cursor;
    };
    for (const Step &step :
         { Step { Qt::Key_Left, 0 }, Step { Qt::Key_Left, 1 }, Step { Qt::Key_Left, 2 },
           Step { Qt::Key_Right, 1 }, Step { Qt::Key_PageUp, 61 }, Step { Qt::Key_PageUp, 99 },
           Step { Qt::Key_PageDown, 39 }, Step { Qt::Key_Home, 99 }, Step { Qt::Key_End, 0 },
           Step { Qt::Key_Right, 0 } }) {
        QTest::keyClick(&shown.chart, step.key);
        QCOMPARE(shown.chart.cursor(), step.cursor);
        QCOMPARE(shown.chart.accessibleDescription(), shown.chart.reading());
    }
    // The selected second stays selected as time passes.
    QTest::keyClick(&shown.chart, Qt::Key_PageUp);
    const QString read = shown.chart.reading();
    QVERIFY(read.contains("Down: 1.0 kB/s"_L1));
    add(100);
    add(101);
    QCOMPARE(shown.chart.reading(), read);
    QCOMPARE(shown.chart.cursor(), 62);
    for (int i = 0; i < 20; ++i)
        QTest::keyClick(&shown.chart, Qt::Key_Right);
    QVERIFY2(shown.chart.reading().endsWith("the proxy was stopped"_L1),
             qPrintable(shown.chart.reading()));
    QTest::keyClick(&shown.chart, Qt::Key_Escape);
    QCOMPARE(shown.chart.cursor(), -1);
}

QTEST_MAIN(TrafficChartTest)
#include "tst_trafficchart.moc"
