// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/dialogs.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QPlainTextEdit;
class QPushButton;

namespace sami::gui {

class LogFilter;
class LogModel;
class LogTap;
class ProxyController;

/// The last lines of the log, oldest first, with the selected line in full below. Fetches lines
/// while it is visible; until then they wait in the tap, which outlives it. Main thread.
class LogPage : public QWidget
{
    Q_OBJECT

public:
    LogPage(ProxyController &controller, LogTap &tap, Dialogs dialogs, QWidget *parent = nullptr);
    ~LogPage() override;

    [[nodiscard]] QListView *view() const { return m_view; }
    [[nodiscard]] QPlainTextEdit *whole() const { return m_whole; }
    [[nodiscard]] QCheckBox *keepFiles() const { return m_keepFiles; }
    [[nodiscard]] QLabel *filesLine() const { return m_filesLine; }
    [[nodiscard]] QPushButton *openFolder() const { return m_openFolder; }

    /// Shows the lines of every level that contain these words.
    void search(const QString &words);

Q_SIGNALS:
    /// The user turned log files on or off.
    void keepFilesChanged(bool keeps);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void buildBar();
    void buildView();
    void buildFiles();
    void fetch();
    void handleCurrent(const QModelIndex &current);
    void updateFiles();
    void showFolder();
    [[nodiscard]] QString filesSentence() const;
    void handleScroll(int value);
    void changeFilter(const std::function<void()> &change);
    void scrollToEndIfFollowing();
    void showContextMenu(const QPoint &position);
    void copy(int role) const;
    void save();

    LogTap &m_tap;
    Dialogs m_dialogs;
    LogModel *m_model;
    LogFilter *m_filter;
    QComboBox *m_level;
    QLineEdit *m_search;
    QCheckBox *m_follow;
    QListView *m_view;
    QPlainTextEdit *m_whole;
    QPushButton *m_save;
    QCheckBox *m_keepFiles;
    QLabel *m_filesLine;
    QPushButton *m_openFolder;
    bool m_isChanging = false; ///< the page scrolls, not the user
};

} // namespace sami::gui
