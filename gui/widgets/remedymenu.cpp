// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/remedymenu.h"

#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "gui/text/coretext.h"

#include <QAction>
#include <QMenu>

namespace sami::gui {

namespace {

void apply(const Remedy &remedy, ProxyController &controller, const Dialogs &dialogs,
           QWidget *parent)
{
    const QString question =
        remedy.question(controller.settings(), controller.snapshot().connections);
    if (!question.isEmpty()
        && !dialogs.ask(parent, { remedy.label(), question, { remedy.verb() } }))
        return;
    if (remedy.kind == Remedy::Kind::LiftBlock) {
        controller.liftBlock(remedy.client);
        return;
    }
    // Not those from before the question: they may have changed meanwhile.
    if (const auto applied = controller.apply(remedy.appliedTo(controller.settings())); !applied)
        dialogs.complain(parent, remedy.label(), CoreText::localized(applied.error()));
}

} // namespace

void addRemedies(QMenu *menu, const QList<Remedy> &remedies, ProxyController &controller,
                 const Dialogs &dialogs, QWidget *parent)
{
    for (const Remedy &remedy : remedies) {
        QAction *action =
            menu->addAction(remedy.label(), parent, [remedy, &controller, dialogs, parent] {
                apply(remedy, controller, dialogs, parent);
            });
        action->setEnabled(!controller.store().lockOn(remedy.appliedTo(controller.settings())));
    }
}

} // namespace sami::gui
