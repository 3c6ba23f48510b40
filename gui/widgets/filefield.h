// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QWidget>

#include <functional>

class QLineEdit;
class QPushButton;

namespace sami::gui {

/// What to ask a file dialog for.
struct FileWish
{
    QString title;
    QString start;  ///< the folder or file where the dialog starts
    QString filter; ///< in QFileDialog's syntax; empty: choose a folder
};

/// Returns the chosen path; empty: none. Passed to the fields, so that tests can inject an answer.
using PickFile = std::function<QString(QWidget *parent, const FileWish &wish)>;

/// The desktop's own dialog. A PickFile.
[[nodiscard]] QString pickWithDialog(QWidget *parent, const FileWish &wish);
/// The same for a file to be written; `start` has its name. A PickFile.
[[nodiscard]] QString saveWithDialog(QWidget *parent, const FileWish &wish);

/// A field for the path of a file or a folder, with a button that looks for one. Main thread.
class FileField : public QWidget
{
    Q_OBJECT

public:
    /// `name` is for screen readers and the dialog's title; `filter` as in FileWish.
    FileField(const QString &name, const QString &filter, PickFile pick, QWidget *parent = nullptr);

    /// Without surrounding blanks.
    [[nodiscard]] QString path() const;
    void setPath(const QString &path);

    [[nodiscard]] QLineEdit *edit() const { return m_edit; }
    [[nodiscard]] QPushButton *browseButton() const { return m_browse; }

Q_SIGNALS:
    /// The path has changed, by typing or choosing.
    void changed();

private:
    void browse();

    QString m_name;
    QString m_filter;
    PickFile m_pick;
    QLineEdit *m_edit;
    QPushButton *m_browse;
};

} // namespace sami::gui
