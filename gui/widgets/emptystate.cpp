// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/emptystate.h"

#include "gui/widgets/plainlabel.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractProxyModel>
#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace sami::gui {

EmptyState::EmptyState(QAbstractItemView *view, QWidget *page, Look look)
    : QWidget(view), m_view(view), m_page(page), m_look(std::move(look)), m_why(makeLabel(this)),
      m_step(new QPushButton(this))
{
    m_why->setWordWrap(true);
    m_why->setAlignment(Qt::AlignCenter);
    connect(m_step, &QPushButton::clicked, this, [this] {
        // The button disappears with the first row, so move the focus to the list.
        m_view->setFocus();
        if (const auto act = m_shown.act)
            act();
    });
    auto *layout = new QVBoxLayout(this);
    layout->addStretch(1);
    layout->addWidget(m_why);
    layout->addWidget(m_step, 0, Qt::AlignHCenter);
    layout->addStretch(1);

    QWidget::setTabOrder(view, m_step);
    view->viewport()->installEventFilter(this);
    QList<QAbstractItemModel *> models { view->model() };
    if (const auto *filter = qobject_cast<QAbstractProxyModel *>(view->model()))
        models.append(filter->sourceModel());
    for (QAbstractItemModel *model : std::as_const(models)) {
        connect(model, &QAbstractItemModel::rowsInserted, this, &EmptyState::refresh);
        connect(model, &QAbstractItemModel::rowsRemoved, this, &EmptyState::refresh);
        connect(model, &QAbstractItemModel::modelReset, this, &EmptyState::refresh);
    }
    refresh();
}

bool EmptyState::isOnlyFiltered() const
{
    const auto *filter = qobject_cast<const QAbstractProxyModel *>(m_view->model());
    return filter && filter->sourceModel()->rowCount() > 0;
}

void EmptyState::refresh()
{
    const bool isEmpty = m_view->model()->rowCount() == 0;
    if (isEmpty) {
        m_shown = isOnlyFiltered() ? Content { tr("Nothing matches the filter."),
                                               tr("Clear the filter"), [this] { clearFilter(); } }
                                   : m_look();
        m_why->setText(m_shown.why);
        m_step->setText(m_shown.step);
        m_step->setVisible(!m_shown.step.isEmpty());
        if (m_step->menu() != m_shown.menu)
            m_step->setMenu(m_shown.menu);
        setGeometry(m_view->viewport()->geometry());
        raise();
    }
    setVisible(isEmpty);
}

bool EmptyState::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Move)
        setGeometry(m_view->viewport()->geometry());
    else if (event->type() == QEvent::Show)
        refresh();
    return QWidget::eventFilter(watched, event);
}

void EmptyState::clearFilter()
{
    for (QLineEdit *edit : m_page->findChildren<QLineEdit *>())
        edit->clear();
    for (QComboBox *box : m_page->findChildren<QComboBox *>())
        box->setCurrentIndex(0);
    for (QAbstractButton *button : m_page->findChildren<QAbstractButton *>()) {
        if (button->property(filterProperty).toBool())
            button->setChecked(false);
    }
}

} // namespace sami::gui
