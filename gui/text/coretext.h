// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>

namespace sami::gui {

/// The core's English sentences about what is wrong, in the language of the program. Pure.
class CoreText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::CoreText)

public:
    /// The sentence translated, its parts (addresses, numbers) put back. Several lines are taken
    /// one by one; what stands before a known sentence ("PROXY_PORT: …") stays. In the sentence
    /// itself environment variables are called as the window's fields are. What is unknown comes
    /// back as it is.
    [[nodiscard]] static QString localized(const QString &text);

    /// Which of templates() the sentence is made of; empty for an unknown one.
    [[nodiscard]] static QString templateOf(const QString &sentence);

    /// The sentences with %1, %2 … in place of their parts, as the core's sources have them.
    [[nodiscard]] static QStringList templates();
};

} // namespace sami::gui
