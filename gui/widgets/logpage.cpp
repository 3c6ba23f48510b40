// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/logpage.h"

#include "gui/control/logtap.h"
#include "gui/control/proxycontroller.h"
#include "gui/models/logmodel.h"
#include "gui/text/plaintext.h"
#include "gui/widgets/tables.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace sami::gui {

LogPage::LogPage(ProxyController &controller, LogTap &tap, Dialogs dialogs, QWidget *parent)
    : QWidget(parent), m_tap(tap), m_dialogs(std::move(dialogs)), m_model(new LogModel(this)),
      m_filter(new LogFilter(this)), m_level(new QComboBox(this)), m_search(new QLineEdit(this)),
      m_follow(new QCheckBox(tr("&Follow"), this)), m_view(new QListView(this))
{
    m_filter->setSourceModel(m_model);
    buildBar();
    buildView();

    auto *saveButton = new QPushButton(tr("&Save…"), this);
    connect(saveButton, &QPushButton::clicked, this, &LogPage::save);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_level);
    bar->addWidget(m_follow);
    bar->addWidget(saveButton);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_view, 1);

    connect(&controller, &ProxyController::ticked, this, [this] {
        if (isSeen(this))
            fetch();
    });
}

LogPage::~LogPage() = default;

void LogPage::buildBar()
{
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this,
            [this](const QString &text) { changeFilter([&] { m_filter->setText(text); }); });

    m_level->setAccessibleName(tr("Level"));
    m_level->addItem(tr("All lines"), int(LineLevel::Debug));
    m_level->addItem(tr("Without debug lines"), int(LineLevel::Info));
    m_level->addItem(tr("Errors"), int(LineLevel::Error));
    connect(m_level, &QComboBox::currentIndexChanged, this, [this] {
        changeFilter([this] { m_filter->setLeast(LineLevel(m_level->currentData().toInt())); });
    });

    m_follow->setChecked(true);
    m_follow->setToolTip(
        PlainText::toolTip(tr("Stay at the newest line. Scrolling up ends that.")));
    connect(m_follow, &QCheckBox::toggled, this, &LogPage::scrollToEndIfFollowing);
}

void LogPage::buildView()
{
    m_view->setModel(m_filter);
    m_view->setAccessibleName(tr("Log"));
    m_view->setUniformItemSizes(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_view->setTextElideMode(Qt::ElideNone);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &LogPage::showContextMenu);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &LogPage::handleScroll);

    auto *copyAction = new QAction(tr("&Copy"), m_view);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    connect(copyAction, &QAction::triggered, this, &LogPage::copy);
    m_view->addAction(copyAction);
}

void LogPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    fetch();
}

void LogPage::changeFilter(const std::function<void()> &change)
{
    m_isChanging = true;
    change();
    m_isChanging = false;
    scrollToEndIfFollowing();
}

void LogPage::fetch()
{
    changeFilter([this] {
        const QPersistentModelIndex top = m_view->indexAt({ 1, 1 });
        m_model->append(m_tap.fetch());
        // Lines fall out at the old end: what is read does not move because of it.
        if (!m_follow->isChecked() && top.isValid() && m_view->indexAt({ 1, 1 }) != top)
            m_view->scrollTo(top, QAbstractItemView::PositionAtTop);
    });
}

void LogPage::handleScroll(int value)
{
    if (m_isChanging)
        return;
    // Up ends following, back at the end begins it anew.
    m_follow->setChecked(value >= m_view->verticalScrollBar()->maximum());
}

void LogPage::scrollToEndIfFollowing()
{
    if (!m_follow->isChecked())
        return;
    m_isChanging = true;
    m_view->scrollToBottom();
    m_isChanging = false;
}

void LogPage::showContextMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_view->actions());
    menu->addAction(tr("&Save…"), this, &LogPage::save);
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

void LogPage::copy() const
{
    QModelIndexList chosen = m_view->selectionModel()->selectedIndexes();
    std::sort(chosen.begin(), chosen.end());
    QStringList lines;
    for (const QModelIndex &index : std::as_const(chosen))
        lines.append(index.data().toString());
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void LogPage::save()
{
    // What the filter leaves: that is what one sees.
    QString text;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        text += m_filter->index(row, 0).data().toString() + QLatin1Char('\n');
    m_dialogs.save(this, tr("Save the log"), QStringLiteral("sami-llm-proxy.log"), text);
}

} // namespace sami::gui
