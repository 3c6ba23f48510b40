// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/proxystate.h"

#include <QIcon>

namespace sami::gui {

/// What the icon says: by its shape as well as by its colour.
enum class IconState {
    Stopped, ///< an empty ring
    Running, ///< a disc with two arrows
    Exposed, ///< the same in a warning triangle
    Failed,  ///< a disc with a cross
};

[[nodiscard]] IconState iconStateOf(ProxyState state, bool isExposed);

/// The icon of that state in every size that trays ask for; with `isBusy` it bears a dot for live
/// streams. Painted, not looked up: a host resolves names in a theme of its own.
[[nodiscard]] QIcon stateIcon(IconState state, bool isBusy);

/// The program's own icon.
[[nodiscard]] QIcon applicationIcon();

} // namespace sami::gui
