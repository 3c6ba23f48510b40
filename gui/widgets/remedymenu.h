// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/remedy.h"
#include "gui/widgets/dialogs.h"

#include <functional>

class QMenu;

namespace sami::gui {

class ProxyController;

/// Applies remedies for a page: asks the question if there is one, applies the settings, and
/// reports a failure. Buttons and menus share it. A value; `page` and the controller outlive every
/// action. Main thread.
struct RemedyDesk
{
    ProxyController &controller;
    Dialogs dialogs;
    QWidget *page;
    /// How the page lifts a block, if it wants to report the result itself.
    std::function<void(const QHostAddress &client)> lift = {};

    void apply(const Remedy &remedy) const;
    /// Adds an action for each remedy, disabled if the environment or the command line fixes its
    /// option. An action captures what to do, not the row, so rows may move meanwhile.
    void addTo(QMenu *menu, const QList<Remedy> &remedies) const;
};

} // namespace sami::gui
