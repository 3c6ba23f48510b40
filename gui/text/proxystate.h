// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// What the proxy of this program is doing.
enum class ProxyState {
    Stopped,
    Running,
    Draining, ///< stops by itself once the running streams are over
    Failed,   ///< should run but cannot; retries every few seconds
};

/// How the icon shows it: by shape as well as by colour.
enum class IconState {
    Stopped,  ///< an empty ring
    Running,  ///< a disc with two arrows
    Draining, ///< a disc with an hourglass
    Warning,  ///< a triangle: open to everyone, or usable by nobody
    Failed,   ///< a disc with a cross
};

} // namespace sami::gui
