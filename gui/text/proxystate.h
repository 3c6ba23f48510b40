// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// What the proxy of this program is doing.
enum class ProxyState {
    Stopped,
    Running,
    Draining, ///< stops by itself when the running streams are over
    Failed,   ///< should run, cannot; tried again every few seconds
};

/// What the icon says of it: by its shape as well as by its colour.
enum class IconState {
    Stopped,  ///< an empty ring
    Running,  ///< a disc with two arrows
    Draining, ///< a disc with an hourglass
    Warning,  ///< a triangle: open to everyone, or of use to nobody
    Failed,   ///< a disc with a cross
};

} // namespace sami::gui
