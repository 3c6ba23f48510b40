// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/proxystate.h"

#include <QIcon>

namespace sami::gui {

/// The icon of that state in every size that trays ask for; with `isBusy` it bears a dot for live
/// streams. Painted, not looked up: a host resolves names in a theme of its own.
[[nodiscard]] QIcon stateIcon(IconState state, bool isBusy);

/// The program's own icon.
[[nodiscard]] QIcon applicationIcon();

} // namespace sami::gui
