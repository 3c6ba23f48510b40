// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <functional>

namespace sami::config {
struct Option;
}

namespace sami::gui {

/// `base`, with those options of `other` that `isTaken` accepts; user name and password are taken
/// together. Pure.
[[nodiscard]] config::Settings
mixedSettings(const config::Settings &base, const config::Settings &other,
              const std::function<bool(const config::Option &)> &isTaken);

/// A three-way merge: the options that differ between `base` and `mine` come from `mine`, all
/// others from `theirs`.
[[nodiscard]] config::Settings mergedSettings(const config::Settings &base,
                                              const config::Settings &mine,
                                              const config::Settings &theirs);

} // namespace sami::gui
