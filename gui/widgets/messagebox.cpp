// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/messagebox.h"

#include <QMessageBox>

namespace sami::gui {

namespace {

QMessageBox::StandardButton show(QMessageBox::Icon icon, QWidget *parent, const QString &title,
                                 const QString &text,
                                 QMessageBox::StandardButtons buttons = QMessageBox::Ok,
                                 QMessageBox::StandardButton byEnter = QMessageBox::Ok)
{
    QMessageBox box(icon, title, {}, buttons, parent);
    box.setTextFormat(Qt::PlainText); // before there is a text to guess about
    box.setText(text);
    box.setDefaultButton(byEnter);
    return QMessageBox::StandardButton(box.exec());
}

} // namespace

bool MessageBox::ask(QWidget *parent, const QString &title, const QString &text, Enter enter)
{
    return show(QMessageBox::Question, parent, title, text, QMessageBox::Yes | QMessageBox::No,
                enter == Enter::SaysYes ? QMessageBox::Yes : QMessageBox::No)
        == QMessageBox::Yes;
}

void MessageBox::warn(QWidget *parent, const QString &title, const QString &text)
{
    show(QMessageBox::Warning, parent, title, text);
}

void MessageBox::giveUp(const QString &title, const QString &text)
{
    show(QMessageBox::Critical, nullptr, title, text);
}

} // namespace sami::gui
