// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/exposition.h"

#include <QString>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sami::admin {

namespace {

using Kind = Exposition::Kind;

const char *suffixOf(Kind kind)
{
    switch (kind) {
    case Kind::Counter:
        return "_total";
    case Kind::Info:
        return "_info";
    case Kind::Gauge:
    case Kind::Histogram:
        break;
    }
    return "";
}

const char *typeOf(Kind kind, MetricsFormat format)
{
    switch (kind) {
    case Kind::Counter:
        return "counter";
    case Kind::Info:
        return format == MetricsFormat::OpenMetrics ? "info" : "gauge";
    case Kind::Histogram:
        return "histogram";
    case Kind::Gauge:
        break;
    }
    return "gauge";
}

void appendEscaped(QByteArray &text, QByteArrayView value)
{
    // Most values are words of our own.
    const bool isAscii =
        std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
    const QByteArray valid = isAscii ? value.toByteArray() : QString::fromUtf8(value).toUtf8();
    for (const char c : valid) {
        if (c == '\\' || c == '"')
            text += '\\';
        if (c == '\n')
            text += "\\n";
        else
            text += c;
    }
}

} // namespace

void Exposition::begin(const Family &family)
{
    m_family = family;
    const bool isOpen = m_format == MetricsFormat::OpenMetrics;
    const QByteArray name = QByteArray(family.name) + (isOpen ? "" : suffixOf(family.kind));
    m_text += "# HELP " + name + ' ' + family.help + ".\n";
    m_text += "# TYPE " + name + ' ' + typeOf(family.kind, m_format) + '\n';
    if (isOpen && *family.unit)
        m_text += "# UNIT " + name + ' ' + family.unit + '\n';
}

void Exposition::beginSample(const char *suffix, Labels labels)
{
    m_text += m_family.name;
    m_text += suffix;
    const char *separator = "{";
    for (const Label &label : labels) {
        m_text += std::exchange(separator, ",");
        m_text += label.name;
        m_text += "=\"";
        appendEscaped(m_text, label.value);
        m_text += '"';
    }
    m_text += labels.size() == 0 ? " " : "} ";
}

void Exposition::add(Labels labels, quint64 value)
{
    beginSample(suffixOf(m_family.kind), labels);
    m_text += QByteArray::number(value) + '\n';
}

void Exposition::addSigned(Labels labels, qint64 value)
{
    beginSample(suffixOf(m_family.kind), labels);
    m_text += QByteArray::number(value) + '\n';
}

void Exposition::addBucket(std::chrono::milliseconds upTo, quint64 count)
{
    m_text += m_family.name;
    m_text += "_bucket{le=\"";
    addSeconds(upTo);
    m_text += "\"} " + QByteArray::number(count) + '\n';
}

void Exposition::endHistogram(quint64 count, std::chrono::microseconds sum)
{
    beginSample("_bucket", { { "le", "+Inf" } });
    m_text += QByteArray::number(count) + '\n';
    beginSample("_count", {});
    m_text += QByteArray::number(count) + '\n';
    beginSample("_sum", {});
    addSeconds(sum);
    m_text += '\n';
}

/// With at least one decimal: OpenMetrics requires that of `le`, and both formats must give the
/// same series.
void Exposition::addSeconds(std::chrono::microseconds duration)
{
    constexpr qint64 million = 1'000'000;
    const qint64 all = duration.count();
    QByteArray decimals = QByteArray::number(all % million).rightJustified(6, '0');
    while (decimals.size() > 1 && decimals.endsWith('0'))
        decimals.chop(1);
    m_text += QByteArray::number(all / million) + '.' + decimals;
}

QByteArray Exposition::take()
{
    if (m_format == MetricsFormat::OpenMetrics)
        m_text += "# EOF\n";
    return std::exchange(m_text, {});
}

} // namespace sami::admin
