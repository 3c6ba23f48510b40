// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/listeditor.h"

#include "gui/widgets/settings/problemnote.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <utility>

namespace sami::gui {

namespace {

/// The least number of visible rows.
constexpr int shownRows = 5;

/// The entry as it was before the user edited it in place.
constexpr int entryRole = Qt::UserRole;

} // namespace

ListEditor::ListEditor(const QString &name, Parser parser, QWidget *parent)
    : QWidget(parent), m_parse(std::move(parser)), m_field(new QLineEdit(this)),
      m_add(new QPushButton(tr("Add"), this)), m_note(makeProblemNote(this)),
      m_list(new QListWidget(this)), m_remove(new QPushButton(tr("Remove"), this))
{
    m_field->setAccessibleName(tr("%1: new entry").arg(name));
    m_field->setClearButtonEnabled(true);
    m_list->setAccessibleName(name);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setMinimumHeight(shownRows * (fontMetrics().height() + 4));
    m_add->setAccessibleName(tr("%1: add").arg(name));
    m_add->setAutoDefault(false);
    m_add->setEnabled(false);
    m_remove->setAccessibleName(tr("%1: remove").arg(name));
    m_remove->setAutoDefault(false);
    m_remove->setEnabled(false);
    setFocusProxy(m_field);

    auto *typing = new QHBoxLayout;
    typing->addWidget(m_field, 1);
    typing->addWidget(m_add);
    auto *buttons = new QHBoxLayout;
    buttons->setObjectName(QStringLiteral("buttons"));
    buttons->addWidget(m_remove);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(typing);
    layout->addWidget(m_note);
    layout->addWidget(m_list, 1);
    layout->addLayout(buttons);

    connect(m_field, &QLineEdit::textChanged, this, &ListEditor::refresh);
    connect(m_field, &QLineEdit::returnPressed, this, &ListEditor::addTyped);
    connect(m_add, &QPushButton::clicked, this, &ListEditor::addTyped);
    connect(m_remove, &QPushButton::clicked, this, &ListEditor::removeSelected);
    connect(m_list, &QListWidget::itemChanged, this, &ListEditor::handleEdit);
    connect(m_list, &QListWidget::itemSelectionChanged, this,
            [this] { m_remove->setEnabled(!m_list->selectedItems().isEmpty()); });
    auto *remove = new QShortcut(QKeySequence::Delete, m_list);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &ListEditor::removeSelected);
}

QStringList ListEditor::entries() const
{
    QStringList all;
    for (int row = 0; row < m_list->count(); ++row)
        all.append(m_list->item(row)->data(entryRole).toString());
    return all;
}

void ListEditor::setEntries(const QStringList &entries)
{
    m_list->clear();
    for (const QString &entry : entries)
        append(entry);
    m_field->clear();
    refresh();
}

void ListEditor::append(const QString &entry)
{
    const QSignalBlocker blocker(m_list);
    auto *item = new QListWidgetItem(entry, m_list);
    item->setData(entryRole, entry);
    item->setFlags(item->flags() | Qt::ItemIsEditable);
}

bool ListEditor::add(const QString &text)
{
    // Pasted text separates entries with blanks or line breaks as often as with commas.
    const auto parsed = m_parse(text.simplified().replace(QLatin1Char(' '), QLatin1Char(',')));
    if (!parsed) {
        say(parsed.error());
        return false;
    }
    if (m_list->count() == 0 && m_mayBeFirst && !m_mayBeFirst(*parsed))
        return false;
    for (const QString &entry : *parsed) {
        if (!entries().contains(entry))
            append(entry);
    }
    m_list->scrollToBottom();
    refresh();
    return true;
}

void ListEditor::setExample(const QString &example)
{
    m_field->setPlaceholderText(example);
}

void ListEditor::setNeedsEntry(const QString &reason)
{
    m_whenEmpty = reason;
}

void ListEditor::keepShort()
{
    m_list->setMaximumHeight(m_list->minimumHeight());
}

QString ListEditor::problem() const
{
    const QString text = m_field->text().simplified();
    if (text.isEmpty())
        return m_list->count() == 0 ? m_whenEmpty : QString();
    const auto parsed = m_parse(QString(text).replace(QLatin1Char(' '), QLatin1Char(',')));
    return parsed ? tr("press “Add”, or clear the field") : parsed.error();
}

void ListEditor::addButton(QWidget *button)
{
    auto *buttons = layout()->findChild<QHBoxLayout *>(QStringLiteral("buttons"));
    buttons->addWidget(button);
}

void ListEditor::keyPressEvent(QKeyEvent *event)
{
    // Enter adds the entry; it must not press the dialog's OK.
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!isEnter)
        QWidget::keyPressEvent(event);
}

void ListEditor::refresh()
{
    const QString text = m_field->text().simplified();
    const bool isEntry =
        m_parse(QString(text).replace(QLatin1Char(' '), QLatin1Char(','))).has_value();
    m_add->setEnabled(!text.isEmpty() && isEntry);
    say(problem());
    Q_EMIT changed();
}

void ListEditor::addTyped()
{
    if (!m_field->text().trimmed().isEmpty() && add(m_field->text()))
        m_field->clear();
}

void ListEditor::handleEdit(QListWidgetItem *item)
{
    const QString before = item->data(entryRole).toString();
    if (item->text() == before)
        return;
    const auto parsed = m_parse(item->text().trimmed());
    const bool isGood = parsed && parsed->size() == 1;
    {
        const QSignalBlocker blocker(m_list);
        if (isGood)
            item->setData(entryRole, parsed->constFirst());
        item->setText(item->data(entryRole).toString());
    }
    refresh();
    if (!parsed)
        say(parsed.error());
}

void ListEditor::removeSelected()
{
    qDeleteAll(m_list->selectedItems());
    refresh();
}

void ListEditor::say(const QString &problem)
{
    showProblem(m_note, problem);
}

} // namespace sami::gui
