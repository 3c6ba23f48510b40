// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>

namespace sami::config {
struct Option;
}

namespace sami::gui {

/// The window's names for settings. The core's sentences use the names of environment variables,
/// which users of a window have never seen. Pure.
class FieldNames
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::FieldNames)

public:
    /// "Port"; the environment variable's name if no page has the setting.
    [[nodiscard]] static QString of(const config::Option &option);
    /// `text` with each environment variable's name replaced by the field's, in quotes.
    [[nodiscard]] static QString replacedIn(const QString &text);
};

} // namespace sami::gui
