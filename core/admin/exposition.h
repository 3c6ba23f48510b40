// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/metricstext.h"

#include <QByteArray>
#include <QByteArrayView>

#include <chrono>
#include <initializer_list>

namespace sami::admin {

/// Writes families of metrics with their samples, one after another, as OpenMetrics or in
/// Prometheus' older format. A value, owned by the writer of the text.
///
/// | kind      | Plain                              | OpenMetrics                       |
/// |-----------|------------------------------------|-----------------------------------|
/// | Counter   | NAME_total, a counter of that name | NAME_total of the counter NAME    |
/// | Info      | NAME_info, a gauge                 | NAME_info of the info NAME        |
/// | Gauge     | NAME                               | NAME                              |
/// | Histogram | NAME_bucket, NAME_sum, NAME_count  | the same                          |
/// | a unit    | is left out                        | UNIT; NAME ends with it           |
/// | the end   | nothing                            | EOF                               |
class Exposition
{
public:
    enum class Kind { Counter, Gauge, Info, Histogram };

    struct Family
    {
        const char *name; ///< without what the kind adds
        Kind kind;
        const char *unit; ///< empty if it has none
        const char *help; ///< one sentence without backslashes and line ends
    };

    struct Label
    {
        const char *name;
        QByteArrayView value; ///< UTF-8; invalid octets are replaced
    };
    using Labels = std::initializer_list<Label>;

    explicit Exposition(MetricsFormat format) : m_format(format) {}

    /// Starts a family; the following samples belong to it. Each family once.
    void begin(const Family &family);
    void add(Labels labels, quint64 value);
    void addSigned(Labels labels, qint64 value);
    /// How many lasted no longer than `upTo`; in ascending order.
    void addBucket(std::chrono::milliseconds upTo, quint64 count);
    void endHistogram(quint64 count, std::chrono::microseconds sum);
    [[nodiscard]] QByteArray take();

private:
    void beginSample(const char *suffix, Labels labels);
    void addSeconds(std::chrono::microseconds duration);

    MetricsFormat m_format;
    Family m_family {};
    QByteArray m_text;
};

} // namespace sami::admin
