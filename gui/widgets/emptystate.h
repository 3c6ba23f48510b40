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

/// What a list says while it has no rows: why, and the next step as a button. Laid over the view,
/// which owns it. Where the rows are only filtered out, the step is to clear the page's filter: its
/// line edits, its combo boxes (whose first entry is "all") and its checked buttons with the
/// property `filterProperty`. Main thread.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    static constexpr const char *filterProperty = "isFilter";

    struct Content
    {
        QString why;  ///< a sentence
        QString step; ///< a verb for the button; empty: there is no step
        std::function<void()> act;
        QMenu *menu = nullptr; ///< opened by the button in place of `act`; borrowed
    };
    /// Asked while there is no row at all.
    using Look = std::function<Content()>;

    /// `page` holds the view and its filter.
    EmptyState(QAbstractItemView *view, QWidget *page, Look look);

    /// Looks again: for what changed without a row that came or went.
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
