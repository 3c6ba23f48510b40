// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/dialogs.h"

#include <QFileDialog>
#include <QSaveFile>

namespace sami::gui {

Dialogs Dialogs::desktop()
{
    return { MessageBox::ask,
             [](QWidget *parent, const QString &title, const QString &name) {
                 return QFileDialog::getSaveFileName(parent, title, name);
             },
             MessageBox::warn };
}

void Dialogs::save(QWidget *parent, const QString &title, const QString &name,
                   const QString &text) const
{
    const QString path = saveName(parent, title, name);
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    const QByteArray octets = text.toUtf8();
    // Unbuffered: commit() does not report a buffered write that failed on a full disk.
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)
        || file.write(octets) != octets.size() || !file.commit())
        reportError(parent, title, path + QStringLiteral(": ") + file.errorString());
}

} // namespace sami::gui
