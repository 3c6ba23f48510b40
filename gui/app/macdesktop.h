// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

/// The parts that macOS expects of a program with an icon in the menu bar, and that Qt does not
/// provide. Does nothing on other systems. Main thread.
namespace sami::gui::macdesktop {

/// Events of the desktop that Qt does not pass on.
struct Events
{
    std::function<void()> reopened; ///< it was started again, or its Dock icon was clicked
    std::function<void()>
        sessionEnds; ///< a logout or shutdown was requested; it may still be cancelled
};

void listen(Events events);

/// Shows the program in the Dock, the app switcher and the menu bar; or in the tray only, as
/// Info.plist has it at the start.
void setInDock(bool inDock);

/// Whether every click on the tray icon opens its menu.
[[nodiscard]] bool trayClickOpensMenu();

} // namespace sami::gui::macdesktop
