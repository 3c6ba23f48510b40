// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace sami::gui {

enum class Secrecy {
    Public,
    Secret, ///< clipboard managers are asked not to keep it
};

/// The marker that clipboard managers on macOS look for (nspasteboard.org).
inline constexpr char concealedFormat[] = "org.nspasteboard.ConcealedType";
/// Makes the platform's clipboard pass that format on under its own name.
void registerConcealedFormat();

/// Puts text into the clipboard. Main thread.
void copyText(const QString &text, Secrecy secrecy);

} // namespace sami::gui
