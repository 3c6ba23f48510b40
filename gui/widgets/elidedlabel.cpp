// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/elidedlabel.h"

#include "gui/text/plaintext.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QEvent>
#include <QKeyEvent>
#include <QMenu>

namespace sami::gui {

namespace {

/// In average characters: this much of a value is visible in any window.
constexpr int leastCharacters = 12;

} // namespace

ElidedLabel::ElidedLabel(QWidget *parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText); // before a text is set, whose format Qt would guess
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ElidedLabel::setWholeText(const QString &text)
{
    if (text == m_whole)
        return;
    m_whole = text;
    setAccessibleDescription(PlainText::toolTip(text)); // a screen reader may guess the format too
    elide();
}

QSize ElidedLabel::sizeHint() const
{
    return minimumSizeHint();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return { leastCharacters * fontMetrics().averageCharWidth(), fontMetrics().height() };
}

void ElidedLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        elide();
}

void ElidedLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::elide()
{
    QString line = m_whole;
    line.replace(QLatin1Char('\n'), QLatin1Char(' '));
    const QString shown = fontMetrics().elidedText(line, Qt::ElideMiddle, contentsRect().width());
    // Setting the same text again would clear the user's selection.
    if (shown != text())
        setText(shown);
    setToolTip(PlainText::toolTip(shown == line ? QString() : m_whole));
}

void ElidedLabel::copy() const
{
    // A selection in elided text would have a gap.
    const bool isCut = text().size() != m_whole.size();
    QApplication::clipboard()->setText(hasSelectedText() && !isCut ? selectedText() : m_whole);
}

void ElidedLabel::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        copy();
    else
        QLabel::keyPressEvent(event);
}

void ElidedLabel::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, &ElidedLabel::copy);
    menu->popup(event->globalPos());
}

} // namespace sami::gui
