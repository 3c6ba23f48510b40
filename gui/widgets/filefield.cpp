// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/filefield.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include <utility>

namespace sami::gui {

namespace {

/// Where the dialog starts: at the field's path, or its nearest existing parent.
QString startAt(const QString &path)
{
    if (path.isEmpty())
        return QDir::homePath();
    QFileInfo at(path);
    while (!at.exists() && at.path() != at.filePath())
        at.setFile(at.path());
    return at.exists() ? at.absoluteFilePath() : QDir::homePath();
}

} // namespace

QString pickWithDialog(QWidget *parent, const FileWish &wish)
{
    return wish.filter.isEmpty()
        ? QFileDialog::getExistingDirectory(parent, wish.title, wish.start)
        : QFileDialog::getOpenFileName(parent, wish.title, wish.start, wish.filter);
}

QString saveWithDialog(QWidget *parent, const FileWish &wish)
{
    return QFileDialog::getSaveFileName(parent, wish.title, wish.start, wish.filter);
}

FileField::FileField(const QString &name, const QString &filter, PickFile pick, QWidget *parent)
    : QWidget(parent), m_name(name), m_filter(filter), m_pick(std::move(pick)),
      m_edit(new QLineEdit(this)), m_browse(new QPushButton(tr("Browse…"), this))
{
    m_edit->setAccessibleName(name);
    m_edit->setClearButtonEnabled(true);
    m_browse->setAccessibleName(tr("Browse: %1").arg(name));
    m_browse->setAutoDefault(false);
    setFocusProxy(m_edit);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_browse);
    connect(m_edit, &QLineEdit::textChanged, this, &FileField::changed);
    connect(m_browse, &QPushButton::clicked, this, &FileField::browse);
}

QString FileField::path() const
{
    return m_edit->text().trimmed();
}

void FileField::setPath(const QString &path)
{
    m_edit->setText(path);
}

void FileField::browse()
{
    const QString chosen = m_pick(this, { m_name, startAt(path()), m_filter });
    if (!chosen.isEmpty())
        setPath(QDir::toNativeSeparators(chosen));
}

} // namespace sami::gui
