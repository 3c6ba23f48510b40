// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include <functional>

class QAbstractItemView;
class QLabel;
class QMenu;
class QPushButton;

namespace sami::gui {

/// What a list shows while it has no rows: the reason, and a button for the next step. An overlay,
/// owned by the view. If a filter hides all rows, the step clears the page's filter: its line
/// edits, its combo boxes (whose first entry is "all") and its checked buttons with the property
/// `filterProperty`. Main thread.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    static constexpr const char *filterProperty = "isFilter";

    struct Content
    {
        QString why;  ///< a sentence
        QString step; ///< the button's text, a verb; empty: no step
        std::function<void()> act;
        QMenu *menu = nullptr; ///< opened instead of calling `act`; borrowed
    };
    /// Called while the model has no row at all.
    using Look = std::function<Content()>;

    /// `page` holds the view and its filter.
    EmptyState(QAbstractItemView *view, QWidget *page, Look look);

    /// Call when something other than the rows has changed.
    void refresh();

    [[nodiscard]] QLabel *why() const { return m_why; }
    [[nodiscard]] QPushButton *step() const { return m_step; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] bool isOnlyFiltered() const;
    void clearFilter();

    QAbstractItemView *m_view;
    QWidget *m_page;
    Look m_look;
    QLabel *m_why;
    QPushButton *m_step;
    Content m_shown;
};

} // namespace sami::gui
