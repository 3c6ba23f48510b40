// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/dialogs.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QListView;

namespace sami::gui {

class LogFilter;
class LogModel;
class LogTap;
class ProxyController;

/// The last lines of the log. It fetches them while it is seen; until then they wait in the tap,
/// which outlives it. Main thread.
class LogPage : public QWidget
{
    Q_OBJECT

public:
    LogPage(ProxyController &controller, LogTap &tap, Dialogs dialogs, QWidget *parent = nullptr);
    ~LogPage() override;

    [[nodiscard]] QListView *view() const { return m_view; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void buildBar();
    void buildView();
    void fetch();
    void handleScroll(int value);
    void changeFilter(const std::function<void()> &change);
    void scrollToEndIfFollowing();
    void showContextMenu(const QPoint &position);
    void copy() const;
    void save();

    LogTap &m_tap;
    Dialogs m_dialogs;
    LogModel *m_model;
    LogFilter *m_filter;
    QComboBox *m_level;
    QLineEdit *m_search;
    QCheckBox *m_follow;
    QListView *m_view;
    bool m_isChanging = false; ///< the lines move, not the user
};

} // namespace sami::gui
