// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/problemnote.h"

#include "gui/widgets/plainlabel.h"

#include <QLabel>

namespace sami::gui {

QLabel *makeProblemNote(QWidget *parent)
{
    QLabel *note = makeWideLabel({}, parent);
    note->hide();
    return note;
}

QLabel *makeWideLabel(const QString &text, QWidget *parent)
{
    QLabel *label = makeLabel(text, parent);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    QSizePolicy policy = label->sizePolicy();
    policy.setHorizontalPolicy(QSizePolicy::Expanding);
    label->setSizePolicy(policy);
    return label;
}

void showProblem(QLabel *note, const QString &problem)
{
    note->setText(problem.isEmpty() ? QString() : QStringLiteral("⚠ ") + problem);
    note->setVisible(!problem.isEmpty());
}

} // namespace sami::gui
