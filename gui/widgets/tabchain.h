// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

class QScrollArea;
class QWidget;

namespace sami::gui {

/// A window's focusNextPrevChild(): goes on, or back, to the next control as the eye does, in the
/// order of the layouts of this moment, where Qt goes in the order in which the controls were made.
/// Lists, tables and panes get a frame while they have the focus, which Qt shows at their current
/// row alone. False when there is nowhere to go. Main thread.
bool tabInReadingOrder(QWidget &window, bool isNext);

/// The area is no stop of its own, and what gets the focus by a key is scrolled into view, its
/// label with it. Qt does that only for steps from one field of the area to another.
void scrollToFocus(QScrollArea &area);

} // namespace sami::gui
