// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/proxystate.h"

#include <QIcon>

namespace sami::gui {

/// The icon of that state in every size that trays ask for; `isBusy` adds a dot for live streams.
/// Painted rather than looked up, because a tray host resolves icon names in its own theme.
[[nodiscard]] QIcon stateIcon(IconState state, bool isBusy);

/// The program's own icon.
[[nodiscard]] QIcon applicationIcon();

} // namespace sami::gui
