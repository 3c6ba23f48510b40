// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/exposition.h"
#include "openmetricsreader.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::admin;
using namespace std::chrono_literals;
using Kind = Exposition::Kind;

class TestExposition : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachKindInBothFormats_data();
    void eachKindInBothFormats();
    void aHistogramInBothFormats();
    void labelsAreEscaped_data();
    void labelsAreEscaped();
    void theReaderIsStrict_data();
    void theReaderIsStrict();
};

void TestExposition::eachKindInBothFormats_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("open");
    QTest::newRow("a counter")
        << int(Kind::Counter)
        << "# HELP a_bytes_total Help.\n# TYPE a_bytes_total counter\n"
           "a_bytes_total{b=\"c\",d=\"\"} 7\n"_ba
        << "# HELP a_bytes Help.\n# TYPE a_bytes counter\n# UNIT a_bytes bytes\n"
           "a_bytes_total{b=\"c\",d=\"\"} 7\n# EOF\n"_ba;
    QTest::newRow("a gauge") << int(
        Kind::Gauge) << "# HELP a_bytes Help.\n# TYPE a_bytes gauge\na_bytes{b=\"c\",d=\"\"} 7\n"_ba
                             << "# HELP a_bytes Help.\n# TYPE a_bytes gauge\n# UNIT a_bytes bytes\n"
                                "a_bytes{b=\"c\",d=\"\"} 7\n# EOF\n"_ba;
}

void TestExposition::eachKindInBothFormats()
{
    QFETCH(int, kind);
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, open);
    for (const MetricsFormat format : { MetricsFormat::Plain, MetricsFormat::OpenMetrics }) {
        Exposition text(format);
        text.begin({ "a_bytes", Kind(kind), "bytes", "Help" });
        text.add({ { "b", "c" }, { "d", "" } }, 7);
        const QByteArray written = text.take();
        QCOMPARE(written, format == MetricsFormat::Plain ? plain : open);
        if (format == MetricsFormat::OpenMetrics)
            QCOMPARE(rig::OpenMetrics(written).fault(), QByteArray());
    }
    Exposition info(MetricsFormat::Plain);
    info.begin({ "a", Kind::Info, "", "Help" });
    info.add({ { "version", "1" } }, 1);
    QCOMPARE(info.take(), "# HELP a_info Help.\n# TYPE a_info gauge\na_info{version=\"1\"} 1\n"_ba);
}

void TestExposition::aHistogramInBothFormats()
{
    for (const MetricsFormat format : { MetricsFormat::Plain, MetricsFormat::OpenMetrics }) {
        Exposition text(format);
        text.begin({ "a_seconds", Kind::Histogram, "seconds", "Help" });
        text.addBucket(5ms, 1);
        text.addBucket(2500ms, 1);
        text.addBucket(1200s, 4);
        text.endHistogram(5, 3'600'000'001us);
        const QByteArray samples = "a_seconds_bucket{le=\"0.005\"} 1\n"
                                   "a_seconds_bucket{le=\"2.5\"} 1\n"
                                   "a_seconds_bucket{le=\"1200.0\"} 4\n"
                                   "a_seconds_bucket{le=\"+Inf\"} 5\n"
                                   "a_seconds_count 5\n"
                                   "a_seconds_sum 3600.000001\n";
        const bool isOpen = format == MetricsFormat::OpenMetrics;
        const QByteArray written = text.take();
        QCOMPARE(written,
                 QByteArray("# HELP a_seconds Help.\n# TYPE a_seconds histogram\n")
                     + (isOpen ? "# UNIT a_seconds seconds\n" : "") + samples
                     + (isOpen ? "# EOF\n" : ""));
        if (isOpen)
            QCOMPARE(rig::OpenMetrics(written).fault(), QByteArray());
    }
}

void TestExposition::labelsAreEscaped_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("read"); // unescaped by the reader
    QTest::newRow("a word") << "a"_ba
                            << "a"_ba;
    QTest::newRow("what would end the label") << "a\"} 1\nb{c=\""_ba
                                              << "a\"} 1\nb{c=\""_ba;
    QTest::newRow("backslashes") << "\\n\\"_ba
                                 << "\\n\\"_ba;
    QTest::newRow("UTF-8") << "\xd1\x81\xd0\xb0\xd0\xbc\xd0\xb8"_ba
                           << "\xd1\x81\xd0\xb0\xd0\xbc\xd0\xb8"_ba;
    QTest::newRow("what is no UTF-8") << "a\xff"_ba
                                      << "a\xef\xbf\xbd"_ba;
    QTest::newRow("nothing") << ""_ba
                             << ""_ba;
}

void TestExposition::labelsAreEscaped()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, read);
    Exposition text(MetricsFormat::OpenMetrics);
    text.begin({ "a", Kind::Gauge, "", "Help" });
    text.add({ { "b", value } }, 1);
    text.add({ { "b", "other" } }, 1);
    const rig::OpenMetrics reader(text.take());
    QCOMPARE(reader.fault(), QByteArray());
    const auto samples = reader.families()["a"].samples;
    QCOMPARE(samples.size(), 2);
    QCOMPARE(samples.constFirst().labels.constFirst().second, read);
}

/// Tests the tests' own reader, which the others rely on.
void TestExposition::theReaderIsStrict_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isGood");
    const QByteArray head = "# HELP a Help.\n# TYPE a gauge\n";
    const auto row = [](const char *name, const QByteArray &text, bool isGood = false) {
        QTest::newRow(name) << text << isGood;
    };
    row("a gauge", head + "a 1\n# EOF\n", true);
    row("a gauge with labels", head + "a{b=\"1\"} 1\na{b=\"2\"} 1\n# EOF\n", true);
    row("no end", head + "a 1\n");
    row("something behind the end", head + "a 1\n# EOF\n\n");
    row("a series twice", head + "a 1\na 1\n# EOF\n");
    row("a family twice",
        head + "a 1\n# HELP b B.\n# TYPE b gauge\nb 1\n" + head + "a{c=\"\"} 1\n# EOF\n");
    row("a family without samples", head + "# EOF\n");
    row("a sample before its type", "a 1\n" + head + "# EOF\n");
    row("a sample of another family", head + "b 1\n# EOF\n");
    row("no help", "# TYPE a gauge\na 1\n# EOF\n");
    row("no value", head + "a one\n# EOF\n");
    row("a timestamp", head + "a 1 1700000000\n# EOF\n");
    row("an empty line", head + "\na 1\n# EOF\n");
    row("a label twice", head + "a{b=\"1\",b=\"2\"} 1\n# EOF\n");
    row("a bad escape", head + "a{b=\"\\t\"} 1\n# EOF\n");
    row("a counter without total", "# HELP a Help.\n# TYPE a counter\na 1\n# EOF\n");
    row("a name without its unit", head + "# UNIT a seconds\na 1\n# EOF\n");
    const QByteArray buckets = "# HELP a Help.\n# TYPE a histogram\na_bucket{le=\"1.0\"} 2\n";
    row("a histogram", buckets + "a_bucket{le=\"+Inf\"} 3\na_count 3\na_sum 9.5\n# EOF\n", true);
    row("buckets that fall", buckets + "a_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 9.5\n# EOF\n");
    row("a histogram without its last bucket", buckets + "a_count 2\na_sum 9.5\n# EOF\n");
    row("a count that is another",
        buckets + "a_bucket{le=\"+Inf\"} 3\na_count 2\na_sum 9.5\n# EOF\n");
}

void TestExposition::theReaderIsStrict()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isGood);
    const rig::OpenMetrics reader(text);
    QVERIFY2(reader.fault().isEmpty() == isGood, reader.fault().constData());
}

QTEST_APPLESS_MAIN(TestExposition)
#include "tst_exposition.moc"
