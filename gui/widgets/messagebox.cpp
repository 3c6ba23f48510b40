// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/messagebox.h"

#include "gui/widgets/keys.h"

#include <QAbstractButton>
#include <QMessageBox>
#include <QPushButton>

namespace sami::gui {

namespace {

/// Escapes an action's text: a button would take its first & as a mnemonic.
QString literal(QString text)
{
    return text.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

void prepare(QMessageBox &box, const QString &text)
{
    box.setTextFormat(Qt::PlainText); // before a text is set, whose format Qt would guess
    box.setText(text);
    closeByKey(&box);
}

} // namespace

std::optional<int> MessageBox::ask(QWidget *parent, const Question &question)
{
    QMessageBox box(QMessageBox::Question, question.title, {}, QMessageBox::Cancel, parent);
    prepare(box, question.text);
    if (!question.leave.isEmpty())
        box.button(QMessageBox::Cancel)->setText(literal(question.leave));
    QList<QAbstractButton *> buttons;
    for (const QString &action : question.actions)
        buttons.append(box.addButton(literal(action), QMessageBox::ActionRole));
    box.setDefaultButton(QMessageBox::Cancel);
    box.setEscapeButton(QMessageBox::Cancel);
    box.exec();
    const qsizetype chosen = buttons.indexOf(box.clickedButton());
    return chosen < 0 ? std::nullopt : std::optional(int(chosen));
}

void MessageBox::warn(QWidget *parent, const QString &title, const QString &text)
{
    QMessageBox box(QMessageBox::Warning, title, {}, QMessageBox::Ok, parent);
    prepare(box, text);
    box.exec();
}

void MessageBox::giveUp(const QString &title, const QString &text)
{
    QMessageBox box(QMessageBox::Critical, title, {}, QMessageBox::Ok);
    prepare(box, text);
    box.exec();
}

} // namespace sami::gui
