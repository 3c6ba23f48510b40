// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>

namespace sami::config {
struct EffectiveOption;
}

namespace sami::gui {

/// Why an option cannot be changed in this program. Pure.
class LockText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::LockText)

public:
    /// "Set by the environment (ALLOWED_IPS); it cannot be changed here."; empty for an option that
    /// the settings file may set.
    [[nodiscard]] static QString sentence(const config::EffectiveOption &option);
};

} // namespace sami::gui
