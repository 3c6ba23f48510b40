// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/problemnote.h"

#include <QLabel>

namespace sami::gui {

QLabel *makeProblemNote(QWidget *parent)
{
    auto *note = new QLabel(parent);
    // What is wrong may quote what was typed.
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    note->hide();
    return note;
}

void showProblem(QLabel *note, const QString &problem)
{
    note->setText(problem.isEmpty() ? QString() : QStringLiteral("⚠ ") + problem);
    note->setVisible(!problem.isEmpty());
}

} // namespace sami::gui
