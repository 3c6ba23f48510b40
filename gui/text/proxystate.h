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

} // namespace sami::gui
