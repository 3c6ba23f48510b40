// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "controls.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QScrollBar>
#include <QTabBar>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

/// A part of another control, which carries the name.
bool isInnerPart(const QWidget &widget)
{
    const QWidget *parent = widget.parentWidget();
    return qobject_cast<const QAbstractSpinBox *>(parent) || qobject_cast<const QComboBox *>(parent)
        || qobject_cast<const QLineEdit *>(parent) || qobject_cast<const QTabBar *>(parent)
        || qobject_cast<const QMenuBar *>(parent);
}

} // namespace

bool isControl(const QWidget &widget)
{
    if (isInnerPart(widget) || qobject_cast<const QHeaderView *>(&widget)
        || qobject_cast<const QScrollBar *>(&widget))
        return false;
    return qobject_cast<const QAbstractButton *>(&widget)
        || qobject_cast<const QLineEdit *>(&widget) || qobject_cast<const QComboBox *>(&widget)
        || qobject_cast<const QAbstractSpinBox *>(&widget)
        || qobject_cast<const QAbstractItemView *>(&widget)
        || qobject_cast<const QAbstractSlider *>(&widget);
}

QString spokenName(const QWidget &widget)
{
    if (!widget.accessibleName().isEmpty())
        return widget.accessibleName();
    if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
        return button->text();
    for (const QLabel *label : widget.window()->findChildren<QLabel *>()) {
        if (label->buddy() == &widget)
            return label->text();
    }
    return {};
}

QString described(const QWidget &widget)
{
    const QString name = spokenName(widget);
    return QString::fromLatin1(widget.metaObject()->className()) + u" “"_s
        + (name.isEmpty() ? widget.objectName() : name) + u'”';
}

} // namespace sami::gui
