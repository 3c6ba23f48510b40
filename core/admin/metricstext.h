// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace sami::server {
struct Vitals;
}

/// The vitals of a proxy as the text that Prometheus and its kin scrape. Pure, any thread.
///
/// Series come from our own lists alone: the values of our enums, and the names that the settings
/// give to parents. No client, user or destination is in a label. Each series is there from the
/// first scrape on, with 0, so that its first increase is seen as one.
namespace sami::admin {

/// How it is written. Both say the same under the same names.
enum class MetricsFormat {
    Plain,       ///< Prometheus' text format 0.0.4: for people, promtool and old scrapers
    OpenMetrics, ///< OpenMetrics 1.0.0
};

/// What a scraper's Accept asks for: OpenMetrics only where it is named and its q is not 0.
[[nodiscard]] MetricsFormat metricsFormat(QByteArrayView accept);

/// The value of Content-Type; it lives as long as the program.
[[nodiscard]] const char *metricsContentType(MetricsFormat format);

/// UTF-8, some 20 KB. Without a proxy that runs it says no more than that, and what this process
/// knows by itself.
[[nodiscard]] QByteArray metricsText(const server::Vitals &vitals, MetricsFormat format);

} // namespace sami::admin
