// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

class QScrollArea;
class QWidget;

namespace sami::gui {

/// For a window's focusNextPrevChild(): moves to the next or previous control in reading order, by
/// the current layouts. Qt would use the order in which the controls were created. Lists, tables
/// and panes get a frame while they have the focus; Qt only marks their current row. Returns false
/// if there is no control to go to. Main thread.
bool focusNextInReadingOrder(QWidget &window, bool isNext);

/// Takes the area itself out of the Tab order. A control that gets the focus by key is scrolled
/// into view together with its label; Qt does that only between two fields of the area.
void scrollToFocus(QScrollArea &area);

} // namespace sami::gui
