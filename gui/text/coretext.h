// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>

namespace sami::gui {

/// Translates the core's English error sentences. Pure.
class CoreText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::CoreText)

public:
    /// The translated sentence, with its parts (addresses, numbers) inserted. Several lines are
    /// translated one by one; a prefix of a known sentence ("PROXY_PORT: …") stays. Environment
    /// variables in a sentence become the window's field names. Unknown text is returned unchanged.
    [[nodiscard]] static QString localized(const QString &text);

    /// The entry of templates() that the sentence is made from; empty for an unknown one.
    [[nodiscard]] static QString templateOf(const QString &sentence);

    /// All known sentences with %1, %2 … in place of their parts, as in the core's sources.
    [[nodiscard]] static QStringList templates();
};

} // namespace sami::gui
