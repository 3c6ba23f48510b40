// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/remedy.h"
#include "gui/widgets/dialogs.h"

class QMenu;

namespace sami::gui {

class ProxyController;

/// What undoes refusals, as actions of a menu: each asks what it must, and those whose option
/// environment or command line hold are disabled. Actions know what to do, not for which row, so
/// rows may move meanwhile. `parent` is the page; it and the controller outlive the menu.
void addRemedies(QMenu *menu, const QList<Remedy> &remedies, ProxyController &controller,
                 const Dialogs &dialogs, QWidget *parent);

} // namespace sami::gui
