// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/plainlabel.h"

#include <QLabel>

namespace sami::gui {

QLabel *makeLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText); // before a text is set, whose format Qt would guess
    label->setText(text);
    return label;
}

QLabel *makeLabel(QWidget *parent)
{
    return makeLabel({}, parent);
}

} // namespace sami::gui
