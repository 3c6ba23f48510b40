// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QWidget>

#include <functional>

class QLineEdit;
class QPushButton;

namespace sami::gui {

/// What a file dialog is asked for.
struct FileWish
{
    QString title;
    QString start;  ///< the folder, or the file, that it begins at
    QString filter; ///< as QFileDialog takes it; empty: a folder is wanted
};

/// The path that was chosen; empty: none. Fields are given one, so that tests answer by themselves.
using PickFile = std::function<QString(QWidget *parent, const FileWish &wish)>;

/// The desktop's own dialog. A PickFile.
[[nodiscard]] QString pickWithDialog(QWidget *parent, const FileWish &wish);
/// The same for a file that is to be written; `start` has its name. A PickFile.
[[nodiscard]] QString saveWithDialog(QWidget *parent, const FileWish &wish);

/// A field for the path of a file or a folder, with a button that looks for one. Main thread.
class FileField : public QWidget
{
    Q_OBJECT

public:
    /// `name` is for those who hear the fields and for the dialog's title; `filter` as FileWish has
    /// it.
    FileField(const QString &name, const QString &filter, PickFile pick, QWidget *parent = nullptr);

    /// Without blanks around it.
    [[nodiscard]] QString path() const;
    void setPath(const QString &path);

    [[nodiscard]] QLineEdit *edit() const { return m_edit; }
    [[nodiscard]] QPushButton *browseButton() const { return m_browse; }

Q_SIGNALS:
    /// Another path, typed or chosen.
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
