// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/remedymenu.h"

#include "gui/control/proxycontroller.h"
#include "gui/text/coretext.h"

#include <QAction>
#include <QMenu>
#include <QPointer>

namespace sami::gui {

void RemedyDesk::apply(const Remedy &remedy) const
{
    // The question may stay open for long; the page, and this object with it, may be gone
    // afterwards.
    const RemedyDesk desk = *this;
    const QPointer stillThere(page);
    const QString question =
        remedy.question(controller.settings(), controller.snapshot().connections);
    if (!question.isEmpty()
        && !desk.dialogs.ask(desk.page, { remedy.label(), question, { remedy.verb() } }))
        return;
    if (!stillThere)
        return;
    if (remedy.kind == Remedy::Kind::LiftBlock) {
        if (desk.lift)
            desk.lift(remedy.client);
        else
            desk.controller.liftBlock(remedy.client, desk.page, {});
        return;
    }
    // Use the current settings, not those from before the question: they may have changed
    // meanwhile.
    desk.controller.apply(remedy.appliedTo(desk.controller.settings()), desk.page,
                          [desk, title = remedy.label()](const ProxyController::Outcome &applied) {
                              if (!applied)
                                  desk.dialogs.reportError(desk.page, title,
                                                           CoreText::localized(applied.error()));
                          });
}

void RemedyDesk::addTo(QMenu *menu, const QList<Remedy> &remedies) const
{
    for (const Remedy &remedy : remedies) {
        QAction *action =
            menu->addAction(remedy.label(), page, [desk = *this, remedy] { desk.apply(remedy); });
        action->setEnabled(!controller.store().lockOn(remedy.appliedTo(controller.settings())));
    }
}

} // namespace sami::gui
