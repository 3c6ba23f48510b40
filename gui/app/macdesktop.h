// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

/// What macOS wants of a program that lives in the menu bar's tray and that Qt leaves to it.
/// Elsewhere each does nothing. Main thread.
namespace sami::gui::macdesktop {

/// What the desktop tells and Qt does not pass on.
struct Events
{
    std::function<void()> reopened; ///< opened once more while it runs, or its Dock icon clicked
    std::function<void()>
        sessionEnds; ///< a logout or shutdown was asked for; it may yet be cancelled
};

void listen(Events events);

/// In the Dock, the app switcher and the menu bar; or in the tray alone, as Info.plist has it at
/// the start.
void setInDock(bool inDock);

/// Whether every click on the tray's icon opens its menu.
[[nodiscard]] bool trayClickOpensMenu();

} // namespace sami::gui::macdesktop
