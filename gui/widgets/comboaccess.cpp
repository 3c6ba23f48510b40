// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/comboaccess.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QAccessibleWidget>
#include <QComboBox>
#include <QLineEdit>

namespace sami::gui {

namespace {

/// Like Qt's own, but the name is the accessible name or the label's.
class ComboAccess final : public QAccessibleWidget
{
public:
    explicit ComboAccess(QComboBox *combo) : QAccessibleWidget(combo, QAccessible::ComboBox) {}

    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Value ? combo()->currentText() : QAccessibleWidget::text(kind);
    }

    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        const bool isOpen = combo()->view()->isVisible();
        state.hasPopup = true;
        state.expandable = true;
        state.expanded = isOpen;
        state.collapsed = !isOpen;
        state.editable = combo()->isEditable();
        return state;
    }

    [[nodiscard]] int childCount() const override { return combo()->isEditable() ? 2 : 1; }
    [[nodiscard]] QAccessibleInterface *child(int index) const override
    {
        switch (index) {
        case 0:
            return QAccessible::queryAccessibleInterface(combo()->view());
        case 1:
            return combo()->isEditable()
                ? QAccessible::queryAccessibleInterface(combo()->lineEdit())
                : nullptr;
        default:
            return nullptr;
        }
    }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface *child) const override
    {
        if (child->object() == combo()->view())
            return 0;
        return combo()->isEditable() && child->object() == combo()->lineEdit() ? 1 : -1;
    }
    [[nodiscard]] QAccessibleInterface *childAt(int x, int y) const override
    {
        const bool isInEdit = combo()->isEditable()
            && combo()->lineEdit()->rect().contains(
                combo()->lineEdit()->mapFromGlobal(QPoint(x, y)));
        return isInEdit ? child(1) : nullptr;
    }

    [[nodiscard]] QStringList actionNames() const override
    {
        return { showMenuAction(), pressAction() };
    }
    void doAction(const QString &name) override
    {
        if (name != showMenuAction() && name != pressAction())
            return;
        if (combo()->view()->isVisible())
            combo()->hidePopup();
        else
            combo()->showPopup();
    }
    [[nodiscard]] QStringList keyBindingsForAction(const QString &) const override { return {}; }

private:
    [[nodiscard]] QComboBox *combo() const { return static_cast<QComboBox *>(object()); }
};

QAccessibleInterface *make(const QString &className, QObject *object)
{
    auto *combo = qobject_cast<QComboBox *>(object);
    return combo && className == QLatin1String("QComboBox") ? new ComboAccess(combo) : nullptr;
}

} // namespace

void giveCombosNames()
{
    QAccessible::installFactory(make); // installing the same factory twice has no effect
}

} // namespace sami::gui
