// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace sami::server {
struct Vitals;
}

/// The vitals of a proxy as text for Prometheus and similar scrapers. Pure, any thread.
///
/// All series come from our own lists: the values of our enums, and the parents' names in the
/// settings. No label holds a client, a user or a destination. Each series exists from the first
/// scrape on, with 0, so that its first increase is visible.
namespace sami::admin {

/// The format. Both contain the same series under the same names.
enum class MetricsFormat {
    Plain,       ///< Prometheus' text format 0.0.4: for people, promtool and old scrapers
    OpenMetrics, ///< OpenMetrics 1.0.0
};

/// The format that a scraper's Accept asks for: OpenMetrics only if it is named with a q other than
/// 0.
[[nodiscard]] MetricsFormat metricsFormat(QByteArrayView accept);

/// The value of Content-Type; a static string.
[[nodiscard]] const char *metricsContentType(MetricsFormat format);

/// UTF-8, some 20 KB. If no proxy runs, it says only that, and what is known of this process.
[[nodiscard]] QByteArray metricsText(const server::Vitals &vitals, MetricsFormat format);

} // namespace sami::admin
