// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/metricstext.h"
#include "base/version.h"
#include "openmetricsreader.h"
#include "server/vitals.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::admin;
using namespace std::chrono_literals;
using account::ConnectionPhase;
using account::EndedBy;
using account::EndedHow;
using account::enumValues;
using account::FrontKind;
using account::PerValue;
using account::Reason;
using account::TlsVersion;
using server::Vitals;

namespace {

const WallTime wall { 500'000h };

template <typename Enum> void number(PerValue<Enum> &counts, quint64 &next)
{
    for (const Enum value : enumValues<Enum>())
        counts[value] = next++;
}

account::DurationCounts durations(quint64 &next)
{
    account::DurationCounts counts { { { 5ms, next }, { 1s, 0 }, { 1200s, next + 1 } },
                                     next + 2,
                                     std::chrono::seconds(next) + 5us };
    next += 3;
    return counts;
}

/// The vitals of a proxy, with a different value everywhere.
Vitals busyVitals()
{
    Vitals vitals;
    vitals.at = wall + 1h;
    vitals.isRunning = true;
    vitals.startedAt = wall;
    quint64 next = 1000;
    for (const EndedBy by : enumValues<EndedBy>())
        number(vitals.counted.ended[by], next);
    number(vitals.counted.refused, next);
    number(vitals.counted.reported, next);
    number(vitals.counted.dialFaults, next);
    number(vitals.counted.handshakes, next);
    number(vitals.counted.handshakeFaults, next);
    vitals.counted.handshakeTimeouts = next++;
    vitals.counted.handshakesWithoutRoom = next++;
    vitals.counted.dial = durations(next);
    vitals.counted.firstByte = durations(next);
    vitals.counted.silence = durations(next);
    vitals.counted.duration = durations(next);
    for (const auto phase : enumValues<ConnectionPhase>()) {
        for (const auto front : enumValues<FrontKind>()) {
            for (const auto tls : enumValues<TlsVersion>())
                vitals.census.live[phase][front][tls] = quint32(next++);
        }
    }
    vitals.census.totals.connections = next++;
    vitals.census.totals.up = next++;
    vitals.census.totals.down = next++;
    vitals.connectionLimit = int(next++);
    vitals.blockedAddresses = qint64(next++);
    vitals.parents.resize(2);
    vitals.parents[0].name = "Berlin";
    vitals.parents[0].condition = route::ParentCondition::Resting;
    vitals.parents[1].name = "server.example:3128";
    vitals.parents[1].isPreferred = true;
    vitals.parentSwitches = next++;
    vitals.certificateUntil = wall + 25h;
    vitals.lostLogLines = next++;
    return vitals;
}

QByteArray open(const Vitals &vitals)
{
    return metricsText(vitals, MetricsFormat::OpenMetrics);
}

/// name{label="value",…}
QByteArray seriesOf(const QByteArray &name,
                    std::initializer_list<QPair<const char *, const char *>> labels)
{
    QByteArrayList parts;
    for (const auto &[label, value] : labels)
        parts.append(QByteArray(label) + "=\"" + value + '"');
    return name + ('{' + parts.join(',')) + '}';
}

} // namespace

class TestMetricsText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsOpenMetrics();
    void eachEndHasItsSeries();
    void eachReasonHasItsSeries_data();
    void eachReasonHasItsSeries();
    void eachKindOfConnectionHasItsSeries();
    void figures_data();
    void figures();
    void aHistogramCountsUpwards();
    void whatIsNotThereIsLeftOut();
    void bothFormatsSayTheSame();
    void aStoppedProxySaysOnlyThat();
    void strangersMakeNoSeries();
    void whatIsAskedFor_data();
    void whatIsAskedFor();
    void theSampleIsWhatIsWritten();
};

void TestMetricsText::itIsOpenMetrics()
{
    QCOMPARE(rig::OpenMetrics(open(busyVitals())).fault(), QByteArray());
    QCOMPARE(rig::OpenMetrics(open({})).fault(), QByteArray());
    Vitals idle;
    idle.isRunning = true;
    idle.counted = account::Meters().read();
    QCOMPARE(rig::OpenMetrics(open(idle)).fault(), QByteArray());
}

void TestMetricsText::eachEndHasItsSeries()
{
    const Vitals vitals = busyVitals();
    const rig::OpenMetrics read(open(vitals));
    for (const EndedBy by : enumValues<EndedBy>()) {
        for (const EndedHow how : enumValues<EndedHow>()) {
            const QByteArray name = seriesOf("sami_proxy_requests_total",
                                             { { "by", toString(by) }, { "how", toString(how) } });
            QCOMPARE(read.value(name), QByteArray::number(vitals.counted.ended[by][how]));
        }
    }
    QCOMPARE(std::size_t(read.families()["sami_proxy_requests"].samples.size()),
             account::enumCount<EndedBy> * account::enumCount<EndedHow>);
}

void TestMetricsText::eachReasonHasItsSeries_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<quint64>("count");
    const Vitals vitals = busyVitals();
    const auto rows = [](const char *name, const auto &counts, auto values) {
        for (const auto value : values) {
            const char *code = Reason(value).code();
            QTest::addRow("%s by %s", name, code)
                << QByteArray(name) << QByteArray(code) << counts[value];
        }
    };
    rows("sami_proxy_refusals", vitals.counted.refused, enumValues<policy::Refusal>());
    rows("sami_proxy_reported_refusals", vitals.counted.reported, enumValues<policy::Refusal>());
    rows("sami_proxy_dial_failures", vitals.counted.dialFaults, enumValues<net::DialFault>());
    rows("sami_proxy_tls_handshake_failures", vitals.counted.handshakeFaults,
         enumValues<net::TlsAcceptFault>());
    QTest::newRow("a handshake that took too long")
        << "sami_proxy_tls_handshake_failures"_ba
        << "tls_timeout"_ba << vitals.counted.handshakeTimeouts;
    QTest::newRow("a handshake without room")
        << "sami_proxy_tls_handshake_failures"_ba
        << "tls_full"_ba << vitals.counted.handshakesWithoutRoom;
}

void TestMetricsText::eachReasonHasItsSeries()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, reason);
    QFETCH(quint64, count);
    const rig::OpenMetrics read(open(busyVitals()));
    QCOMPARE(read.value(seriesOf(name + "_total", { { "reason", reason.constData() } })),
             QByteArray::number(count));
}

void TestMetricsText::eachKindOfConnectionHasItsSeries()
{
    const Vitals vitals = busyVitals();
    const rig::OpenMetrics read(open(vitals));
    for (const auto phase : enumValues<ConnectionPhase>()) {
        for (const auto front : enumValues<FrontKind>()) {
            for (const auto tls : enumValues<TlsVersion>()) {
                const char *label = tls == TlsVersion::None ? "none" : toString(tls);
                const QByteArray name = seriesOf("sami_proxy_connections",
                                                 { { "phase", toString(phase) },
                                                   { "front", toString(front) },
                                                   { "tls", label } });
                QCOMPARE(read.value(name),
                         QByteArray::number(vitals.census.live[phase][front][tls]));
            }
        }
    }
}

void TestMetricsText::figures_data()
{
    QTest::addColumn<QByteArray>("series");
    QTest::addColumn<QByteArray>("value");
    const Vitals vitals = busyVitals();
    const auto row = [](const QByteArray &series, quint64 value) {
        QTest::newRow(series.constData()) << series << QByteArray::number(value);
    };
    row("sami_proxy_running", 1);
    row("sami_proxy_draining", 0);
    row("sami_proxy_start_time_seconds", 500'000ULL * 3600);
    row("sami_proxy_log_lines_dropped_total", vitals.lostLogLines);
    row("sami_proxy_blocked_addresses", quint64(vitals.blockedAddresses));
    row("sami_proxy_connection_limit", quint64(vitals.connectionLimit));
    row("sami_proxy_accepted_connections_total", vitals.census.totals.connections);
    row("sami_proxy_transferred_bytes_total{direction=\"up\"}", vitals.census.totals.up);
    row("sami_proxy_transferred_bytes_total{direction=\"down\"}", vitals.census.totals.down);
    row("sami_proxy_certificate_remaining_seconds", 24ULL * 3600);
    row("sami_proxy_parent_up{parent=\"Berlin\"}", 0);
    row("sami_proxy_parent_up{parent=\"server.example:3128\"}", 1);
    row("sami_proxy_parent_preferred{parent=\"Berlin\"}", 0);
    row("sami_proxy_parent_preferred{parent=\"server.example:3128\"}", 1);
    row("sami_proxy_parent_switches_total", vitals.parentSwitches);
    row("sami_proxy_tls_handshakes_total{version=\"1.3\"}",
        vitals.counted.handshakes[TlsVersion::Tls13]);
    row(QByteArray("sami_proxy_build_info{version=\"" SAMI_VERSION "\",qt=\"") + qVersion() + "\"}",
        1);
}

void TestMetricsText::figures()
{
    QFETCH(QByteArray, series);
    QFETCH(QByteArray, value);
    QCOMPARE(rig::OpenMetrics(open(busyVitals())).value(series), value);
}

void TestMetricsText::aHistogramCountsUpwards()
{
    Vitals vitals = busyVitals();
    vitals.counted.silence = { { { 1s, 2 }, { 2500ms, 0 }, { 1200s, 3 } }, 4, 5'000'000'250us };
    const rig::OpenMetrics read(open(vitals));
    const auto value = [&read](const char *rest) {
        return read.value(QByteArray("sami_proxy_longest_silence_seconds") + rest);
    };
    QCOMPARE(value("_bucket{le=\"1.0\"}"), "2"_ba);
    QCOMPARE(value("_bucket{le=\"2.5\"}"), "2"_ba);
    QCOMPARE(value("_bucket{le=\"1200.0\"}"), "5"_ba);
    QCOMPARE(value("_bucket{le=\"+Inf\"}"), "9"_ba);
    QCOMPARE(value("_count"), "9"_ba);
    QCOMPARE(value("_sum"), "5000.00025"_ba);
}

void TestMetricsText::whatIsNotThereIsLeftOut()
{
    Vitals vitals = busyVitals();
    vitals.parents.clear();
    vitals.certificateUntil.reset();
    const rig::OpenMetrics read(open(vitals));
    for (auto each = read.families().cbegin(); each != read.families().cend(); ++each) {
        QVERIFY2(!each.key().startsWith("sami_proxy_parent"), each.key().constData());
        QVERIFY2(!each.key().contains("certificate"), each.key().constData());
    }
    vitals.certificateUntil = vitals.at - 1500ms;
    QCOMPARE(rig::OpenMetrics(open(vitals)).value("sami_proxy_certificate_remaining_seconds"),
             "-2"_ba);
}

void TestMetricsText::bothFormatsSayTheSame()
{
    const auto samples = [](const QByteArray &text) {
        QByteArrayList lines = text.split('\n');
        lines.removeIf([](const QByteArray &line) { return line.startsWith('#'); });
        return lines;
    };
    const Vitals vitals = busyVitals();
    const QByteArray plain = metricsText(vitals, MetricsFormat::Plain);
    QCOMPARE(samples(plain), samples(open(vitals)));
    QVERIFY(!plain.contains("# EOF") && !plain.contains("# UNIT"));
    QVERIFY(plain.contains("# TYPE sami_proxy_requests_total counter\n"));
}

void TestMetricsText::aStoppedProxySaysOnlyThat()
{
    Vitals vitals = busyVitals();
    vitals.isRunning = false;
    const rig::OpenMetrics read(open(vitals));
    QCOMPARE(read.value("sami_proxy_running"), "0"_ba);
    QCOMPARE(read.series().size(), 3); // the build and the lost lines too
}

/// Whatever names 10,000 clients choose and wherever they connect.
void TestMetricsText::strangersMakeNoSeries()
{
    account::Meters meters;
    Vitals vitals = busyVitals();
    vitals.counted = meters.read();
    const QByteArrayList before = rig::OpenMetrics(open(vitals)).series();
    const quint64 memory = sizeof(meters);
    for (int i = 0; i < 10'000; ++i) {
        const QByteArray name = "evil\"} 1\n" + QByteArray::number(i) + "{a=\"\\\xff";
        account::FinishedWork work;
        work.client = QHostAddress(quint32(i));
        work.user = work.method = work.target = work.route = name;
        work.endpoint = { name, quint16(i) };
        work.dial = work.firstByte = std::chrono::milliseconds(i);
        work.ending = { EndedBy::Proxy, EndedHow::Refused, policy::Refusal::HostNotListed };
        meters.closed(work);
        meters.refused({ work.client, work.endpoint, policy::Refusal::HostNotListed, wall });
    }
    vitals.counted = meters.read();
    const rig::OpenMetrics read(open(vitals));
    QCOMPARE(read.fault(), QByteArray());
    QCOMPARE(read.series(), before);
    QVERIFY2(memory < 8'192, "what it takes, whoever comes");
    QCOMPARE(read.value("sami_proxy_refusals_total{reason=\"host_not_listed\"}"), "10000"_ba);
}

void TestMetricsText::whatIsAskedFor_data()
{
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<bool>("isOpen");
    QTest::newRow("no Accept") << ""_ba << false;
    QTest::newRow("curl") << "*/*"_ba << false;
    QTest::newRow("a browser")
        << "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"_ba << false;
    QTest::newRow("Prometheus 2.42")
        << "application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
           "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"_ba
        << true;
    QTest::newRow("Prometheus that asks for the old one alone")
        << "text/plain;version=0.0.4;q=1,*/*;q=0.1"_ba << false;
    QTest::newRow("in another case, with blanks")
        << "text/plain;q=0.5 , Application/OpenMetrics-Text ; version=1.0.0"_ba << true;
    QTest::newRow("refused by its weight") << "application/openmetrics-text;q=0, */*"_ba << false;
    QTest::newRow("refused with decimals") << "application/openmetrics-text; Q=0.000"_ba << false;
    QTest::newRow("a type that only begins so") << "application/openmetrics-text-2"_ba << false;
    QTest::newRow("nothing but separators") << ",;,;q="_ba << false;
}

void TestMetricsText::whatIsAskedFor()
{
    QFETCH(QByteArray, accept);
    QFETCH(bool, isOpen);
    const MetricsFormat format = metricsFormat(accept);
    QCOMPARE(format == MetricsFormat::OpenMetrics, isOpen);
    QCOMPARE(QByteArray(metricsContentType(format)),
             isOpen ? "application/openmetrics-text; version=1.0.0; charset=utf-8"_ba
                    : "text/plain; version=0.0.4; charset=utf-8"_ba);
}

/// promtool, the alert rules, the dashboard and the guide are checked against these two files.
/// SAMI_WRITE_SAMPLES=1 writes them.
void TestMetricsText::theSampleIsWhatIsWritten()
{
    for (const auto format : { MetricsFormat::Plain, MetricsFormat::OpenMetrics }) {
        QByteArray text = metricsText(busyVitals(), format);
        text.replace(QByteArray("version=\"" SAMI_VERSION "\",qt=\"") + qVersion() + '"',
                     "version=\"1.2.3\",qt=\"6.4.2\"");
        QFile file(QStringLiteral(SAMI_METRICS_SAMPLES)
                   + (format == MetricsFormat::Plain ? u"/plain.txt"_s : u"/openmetrics.txt"_s));
        if (qEnvironmentVariableIsSet("SAMI_WRITE_SAMPLES")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            QCOMPARE(file.write(text), text.size());
            continue;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        QCOMPARE(file.readAll(), text);
    }
}

QTEST_APPLESS_MAIN(TestMetricsText)
#include "tst_metricstext.moc"
