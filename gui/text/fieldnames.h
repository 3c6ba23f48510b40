// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>

namespace sami::config {
struct Option;
}

namespace sami::gui {

/// What the window calls a setting. The core's sentences have the names of environment variables,
/// which nobody who looks at a window has ever seen. Pure.
class FieldNames
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::FieldNames)

public:
    /// "Port"; the name of the environment variable for one that no page has.
    [[nodiscard]] static QString of(const config::Option &option);
    /// `text` with each environment variable's name replaced by the field's, in quotes.
    [[nodiscard]] static QString replacedIn(const QString &text);
};

} // namespace sami::gui
