// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/metricstext.h"

#include "admin/exposition.h"
#include "base/version.h"
#include "server/vitals.h"

#include <QtGlobal>

namespace sami::admin {

using account::enumValues;
using account::PerValue;
using Kind = Exposition::Kind;

namespace {

/// One counter per value of an enum of reasons, labelled with its code in the log.
template <typename Enum> void addReasons(Exposition &text, const PerValue<Enum> &counts)
{
    for (const Enum value : enumValues<Enum>())
        text.add({ { "reason", account::Reason(value).code() } }, counts[value]);
}

void addHistogram(Exposition &text, const char *name, const char *help,
                  const account::DurationCounts &counts)
{
    text.begin({ name, Kind::Histogram, "seconds", help });
    quint64 total = 0;
    for (const account::DurationCounts::Step &step : counts.steps) {
        total += step.count;
        text.addBucket(step.upTo, total);
    }
    text.endHistogram(total + counts.longer, counts.sum);
}

void addProgram(Exposition &text, const server::Vitals &vitals)
{
    text.begin({ "sami_proxy_build", Kind::Info, "", "The version of the proxy and of its Qt" });
    text.add({ { "version", SAMI_VERSION }, { "qt", qVersion() } }, 1);
    text.begin(
        { "sami_proxy_running", Kind::Gauge, "", "1 while the proxy runs, while it drains too" });
    text.add({}, vitals.isRunning ? 1 : 0);
    text.begin({ "sami_proxy_log_lines_dropped", Kind::Counter, "",
                 "Log lines dropped because the log's reader was too slow or its disk was full" });
    text.add({}, vitals.lostLogLines);
}

void addState(Exposition &text, const server::Vitals &vitals)
{
    text.begin({ "sami_proxy_start_time_seconds", Kind::Gauge, "seconds",
                 "When the proxy started, since 1970" });
    text.add(
        {},
        quint64(
            std::chrono::floor<std::chrono::seconds>(vitals.startedAt.time_since_epoch()).count()));
    text.begin({ "sami_proxy_draining", Kind::Gauge, "",
                 "1 while it waits for its last streams before it stops" });
    text.add({}, vitals.isDraining ? 1 : 0);
    text.begin({ "sami_proxy_blocked_addresses", Kind::Gauge, "",
                 "Addresses that are kept out because they guessed passwords" });
    text.add({}, quint64(vitals.blockedAddresses));
    if (!vitals.certificateUntil)
        return;
    text.begin({ "sami_proxy_certificate_remaining_seconds", Kind::Gauge, "seconds",
                 "How long the certificate at the door is still good; negative: no longer" });
    text.addSigned(
        {}, std::chrono::floor<std::chrono::seconds>(*vitals.certificateUntil - vitals.at).count());
}

void addConnections(Exposition &text, const server::Vitals &vitals)
{
    text.begin({ "sami_proxy_connections", Kind::Gauge, "",
                 "Clients' connections now, by what they do, what they speak and their TLS" });
    for (const auto phase : enumValues<account::ConnectionPhase>()) {
        for (const auto front : enumValues<account::FrontKind>()) {
            for (const auto tls : enumValues<account::TlsVersion>()) {
                text.add({ { "phase", toString(phase) },
                           { "front", toString(front) },
                           { "tls", tls == account::TlsVersion::None ? "none" : toString(tls) } },
                         vitals.census.live[phase][front][tls]);
            }
        }
    }
    text.begin({ "sami_proxy_connection_limit", Kind::Gauge, "",
                 "Connections that are served at once: MAX_CONCURRENT_CONNECTIONS, or what the "
                 "limit on open files allows" });
    text.add({}, quint64(vitals.connectionLimit));
    const account::Totals &totals = vitals.census.totals;
    text.begin({ "sami_proxy_accepted_connections", Kind::Counter, "",
                 "Clients' connections since the start" });
    text.add({}, totals.connections);
    text.begin({ "sami_proxy_transferred_bytes", Kind::Counter, "bytes",
                 "Octets from clients to upstreams (up) and back (down), at most 5 s old" });
    text.add({ { "direction", "up" } }, totals.up);
    text.add({ { "direction", "down" } }, totals.down);
}

void addEnds(Exposition &text, const account::MeterReading &counted)
{
    text.begin({ "sami_proxy_requests", Kind::Counter, "",
                 "Requests, tunnels, and connections without a request, by who ended them and "
                 "how: by and how of the log" });
    for (const auto by : enumValues<account::EndedBy>()) {
        for (const auto how : enumValues<account::EndedHow>())
            text.add({ { "by", toString(by) }, { "how", toString(how) } }, counted.ended[by][how]);
    }
    text.begin({ "sami_proxy_refusals", Kind::Counter, "",
                 "Clients and destinations that a rule refused, by the rule" });
    addReasons(text, counted.refused);
    text.begin({ "sami_proxy_reported_refusals", Kind::Counter, "",
                 "What a rule that is only reported would have refused" });
    addReasons(text, counted.reported);
    text.begin({ "sami_proxy_dial_failures", Kind::Counter, "",
                 "Journeys whose destination was not reached, by reason" });
    addReasons(text, counted.dialFaults);
}

void addHandshakes(Exposition &text, const account::MeterReading &counted)
{
    text.begin({ "sami_proxy_tls_handshakes", Kind::Counter, "",
                 "Completed TLS handshakes with clients, by version" });
    for (const auto version : { account::TlsVersion::Tls12, account::TlsVersion::Tls13 })
        text.add({ { "version", toString(version) } }, counted.handshakes[version]);
    text.begin({ "sami_proxy_tls_handshake_failures", Kind::Counter, "",
                 "Failed TLS handshakes with clients, by reason" });
    addReasons(text, counted.handshakeFaults);
    using account::Cause;
    text.add({ { "reason", toString(Cause::TlsTimeout) } }, counted.handshakeTimeouts);
    text.add({ { "reason", toString(Cause::TlsFull) } }, counted.handshakesWithoutRoom);
}

void addDurations(Exposition &text, const account::MeterReading &counted)
{
    addHistogram(text, "sami_proxy_dial_seconds",
                 "How long it took to reach an upstream: names, TCP, TLS and parents",
                 counted.dial);
    addHistogram(text, "sami_proxy_first_byte_seconds",
                 "From a request's first octet to the upstream's first one", counted.firstByte);
    addHistogram(text, "sami_proxy_longest_silence_seconds",
                 "The longest time without an octet, of each request and tunnel that has ended",
                 counted.silence);
    addHistogram(text, "sami_proxy_duration_seconds",
                 "How long requests and tunnels took that have ended", counted.duration);
}

void addParents(Exposition &text, const server::Vitals &vitals)
{
    if (vitals.parents.empty())
        return;
    text.begin({ "sami_proxy_parent_up", Kind::Gauge, "",
                 "1 for a parent that is well, by the name that the settings give it" });
    for (const route::ParentState &parent : vitals.parents) {
        text.add({ { "parent", parent.name } },
                 parent.condition == route::ParentCondition::Healthy ? 1 : 0);
    }
    text.begin({ "sami_proxy_parent_preferred", Kind::Gauge, "",
                 "1 for the parent that new journeys ask first" });
    for (const route::ParentState &parent : vitals.parents)
        text.add({ { "parent", parent.name } }, parent.isPreferred ? 1 : 0);
    text.begin({ "sami_proxy_parent_switches", Kind::Counter, "",
                 "How often another parent became the preferred one" });
    text.add({}, vitals.parentSwitches);
}

bool isRefused(QByteArrayView range)
{
    // RFC 9110 §12.4.2: a weight of 0, with up to three decimals.
    for (const QByteArray &parameter : range.toByteArray().split(';')) {
        const QByteArray weight = parameter.trimmed().toLower();
        if (weight.startsWith("q=") && weight.sliced(2).toDouble() <= 0)
            return true;
    }
    return false;
}

} // namespace

MetricsFormat metricsFormat(QByteArrayView accept)
{
    for (const QByteArray &range : accept.toByteArray().split(',')) {
        const QByteArray type = range.split(';').constFirst().trimmed().toLower();
        if (type == "application/openmetrics-text" && !isRefused(range))
            return MetricsFormat::OpenMetrics;
    }
    return MetricsFormat::Plain;
}

const char *metricsContentType(MetricsFormat format)
{
    return format == MetricsFormat::OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";
}

QByteArray metricsText(const server::Vitals &vitals, MetricsFormat format)
{
    Exposition text(format);
    addProgram(text, vitals);
    if (vitals.isRunning) {
        addState(text, vitals);
        addConnections(text, vitals);
        addEnds(text, vitals.counted);
        addHandshakes(text, vitals.counted);
        addDurations(text, vitals.counted);
        addParents(text, vitals);
    }
    return text.take();
}

} // namespace sami::admin
