// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/remedy.h"
#include "gui/widgets/dialogs.h"

#include <functional>

class QMenu;

namespace sami::gui {

class ProxyController;

/// Applies remedies for a page: asks what each must ask, makes it count and says what failed. The
/// one way for buttons and menus alike. A value; `page` and the controller outlive every action.
/// Main thread.
struct RemedyDesk
{
    ProxyController &controller;
    Dialogs dialogs;
    QWidget *page;
    /// How the page lifts a block, where it says more about it than nothing.
    std::function<void(const QHostAddress &client)> lift = {};

    void apply(const Remedy &remedy) const;
    /// Actions for them: those whose option environment or command line hold are disabled. An
    /// action knows what to do, not for which row, so rows may move meanwhile.
    void addTo(QMenu *menu, const QList<Remedy> &remedies) const;
};

} // namespace sami::gui
