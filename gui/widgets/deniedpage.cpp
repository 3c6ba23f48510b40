// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/deniedpage.h"

#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "gui/models/deniedmodel.h"
#include "gui/models/wordfilter.h"
#include "gui/text/locktext.h"
#include "gui/text/wording.h"
#include "gui/widgets/blockspanel.h"
#include "gui/widgets/columnfit.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/tables.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>
#include <utility>

namespace sami::gui {

DeniedPage::DeniedPage(ProxyController &controller, Dialogs dialogs, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_dialogs(std::move(dialogs)),
      m_model(new DeniedModel(this)), m_filter(new WordFilter(this)),
      m_blocks(new BlocksPanel(this)), m_search(new QLineEdit(this)), m_table(new QTableView(this)),
      m_hint(makeLabel(this)), m_button(new QPushButton(this)), m_choices(new QMenu(this))
{
    m_filter->setSourceModel(m_model);
    m_search->setPlaceholderText(tr("Filter by client, destination or reason"));
    m_search->setAccessibleName(tr("Filter"));
    m_search->setClearButtonEnabled(true);
    connect(m_blocks, &BlocksPanel::liftRequested, this, &DeniedPage::lift);
    connect(m_search, &QLineEdit::textChanged, m_filter, &WordFilter::setText);
    buildTable();
    connectSearch(m_search, m_table);
    m_hint->setWordWrap(true);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (const QList<Remedy> offered = remedies(); offered.size() == 1)
            desk().apply(offered.first());
    });

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_hint, 1);
    bar->addWidget(m_button);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_blocks);
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    layout->addLayout(bar);

    connect(&controller, &ProxyController::ticked, this, [this] {
        if (isSeen(this))
            synchronize();
    });
    connect(&controller, &ProxyController::settingsChanged, this, &DeniedPage::updateRemedies);
    updateRemedies();
}

DeniedPage::~DeniedPage() = default;

void DeniedPage::showBlocks()
{
    synchronize();
    if (m_blocks->isVisible())
        m_blocks->table()->setFocus();
}

void DeniedPage::buildTable()
{
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Refused clients and destinations"));
    prepareTable(m_table);
    new ColumnFit(m_table, m_model->widths());
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(DeniedModel::Last, Qt::DescendingOrder);
    connect(m_table, &QWidget::customContextMenuRequested, this, &DeniedPage::showContextMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &DeniedPage::updateRemedies);
}

void DeniedPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    synchronize();
}

void DeniedPage::synchronize()
{
    // A stopped proxy has no table; keep the old rows on view.
    if (m_controller.state() == ProxyState::Running
        || m_controller.state() == ProxyState::Draining) {
        const ViewAnchor anchor(m_table);
        m_model->synchronize(m_controller.refusals(), m_controller.blocks());
    }
    m_blocks->synchronize(m_controller.blocks());
    updateRemedies();
}

QList<Remedy> DeniedPage::remedies() const
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid())
        return {};
    const DeniedRow &row = m_model->at(m_filter->mapToSource(current).row());
    return Remedy::of(row.values, m_controller.settings(), m_controller.blocks(),
                      m_controller.privateClients());
}

QString DeniedPage::lockOf(const Remedy &remedy) const
{
    const config::EffectiveOption *lock =
        m_controller.store().lockOn(remedy.appliedTo(m_controller.settings()));
    return lock ? LockText::sentence(*lock) : QString();
}

void DeniedPage::updateRemedies()
{
    const QModelIndex current = m_table->currentIndex();
    const QList<Remedy> offered = remedies();
    const QString lock = offered.isEmpty() ? QString() : lockOf(offered.first());
    if (!current.isValid()) {
        m_hint->setText(tr("Choose a row to see what can be done about it."));
    } else {
        const DeniedRow &row = m_model->at(m_filter->mapToSource(current).row());
        QString words = offered.isEmpty()
            ? Remedy::hint(row.values, m_controller.settings(), m_controller.privateClients())
            : Remedy::verdict(row.values);
        if (!lock.isEmpty())
            words += QLatin1Char(' ') + lock;
        m_hint->setText(words);
    }
    m_button->setVisible(!offered.isEmpty());
    m_button->setEnabled(std::any_of(offered.begin(), offered.end(), [this](const Remedy &remedy) {
        return lockOf(remedy).isEmpty();
    }));

    QStringList labels;
    for (const Remedy &remedy : offered)
        labels.append(remedy.label());
    // An open menu must not change under the pointer each second.
    if (labels == std::exchange(m_shownLabels, labels))
        return;
    m_choices->clear();
    if (offered.size() == 1) {
        m_button->setMenu(nullptr);
        m_button->setText(labels.first());
    } else if (!offered.isEmpty()) {
        desk().addTo(m_choices, offered);
        m_button->setMenu(m_choices);
        m_button->setText(offered.last().kind == Remedy::Kind::LiftBlock ? tr("&Allow or lift")
                                                                         : tr("&Allow"));
    }
}

RemedyDesk DeniedPage::desk()
{
    return { m_controller, m_dialogs, this,
             [this](const QHostAddress &client) { lift({ client }); } };
}

void DeniedPage::lift(const QList<QHostAddress> &clients)
{
    // No question first: the guard counts from zero again and blocks anybody who goes on guessing.
    struct Lifts
    {
        QStringList lifted;
        QStringList over;
        qsizetype outstanding;
    };
    const auto lifts = std::make_shared<Lifts>(Lifts { {}, {}, clients.size() });
    for (const QHostAddress &client : clients) {
        m_controller.liftBlock(client, this, [this, lifts, client](bool wasBlocked) {
            (wasBlocked ? lifts->lifted : lifts->over).append(client.toString());
            if (--lifts->outstanding == 0)
                sayLifted(lifts->lifted, lifts->over);
        });
    }
}

void DeniedPage::sayLifted(const QStringList &lifted, const QStringList &over)
{
    QStringList sentences;
    if (!lifted.isEmpty())
        sentences.append(tr("Let in again, with its wrong passwords forgotten: %1.", "addresses")
                             .arg(lifted.join(QStringLiteral(", "))));
    if (!over.isEmpty())
        sentences.append(tr("The block was over already: %1.", "addresses")
                             .arg(over.join(QStringLiteral(", "))));
    synchronize();
    m_blocks->say(sentences.join(QLatin1Char(' ')));
}

void DeniedPage::showContextMenu(const QPoint &position)
{
    // The keyboard opens the menu at the current row, which may be out of view.
    const bool isInside = m_table->viewport()->rect().contains(position);
    const QModelIndex index = isInside ? m_table->indexAt(position) : m_table->currentIndex();
    if (!isInside)
        m_table->scrollTo(index);
    if (!index.isValid())
        return;
    const account::RefusalRow row = m_model->at(m_filter->mapToSource(index).row()).values;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const QList<Remedy> offered = remedies(); !offered.isEmpty()) {
        desk().addTo(menu, offered);
        menu->addSeparator();
    }
    addFilters(menu, row);
    menu->addSeparator();
    addCopies(menu, row);
    const QPoint place = isInside ? position : m_table->visualRect(index).center();
    menu->popup(m_table->viewport()->mapToGlobal(place));
}

void DeniedPage::addFilters(QMenu *menu, const account::RefusalRow &row)
{
    const QString client = row.client.toString();
    const QString host = QString::fromUtf8(row.destination.host);
    const auto filter = [this](const QString &words) {
        return [this, words] { m_search->setText(words); };
    };
    menu->addAction(tr("Only this c&lient"), this, filter(client));
    menu->addAction(tr("Only this &destination"), this, filter(host))->setEnabled(!host.isEmpty());
    menu->addAction(tr("Only this &reason"), this,
                    filter(Wording::reason(account::Reason(row.reason))));
    menu->addAction(tr("&Show in the log"), this, [this, client, host] {
        Q_EMIT logRequested(QString(client + QLatin1Char(' ') + host).trimmed());
    });
}

void DeniedPage::addCopies(QMenu *menu, const account::RefusalRow &row)
{
    const auto copyOf = [](const QString &text) {
        return [text] { QApplication::clipboard()->setText(text); };
    };
    const QString host = QString::fromUtf8(row.destination.host);
    menu->addAction(tr("&Copy"), this, &DeniedPage::copy);
    menu->addAction(tr("Copy clie&nt"), this, copyOf(row.client.toString()));
    menu->addAction(tr("Copy d&estination"), this, copyOf(host))->setEnabled(!host.isEmpty());
}

void DeniedPage::copy() const
{
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const QModelIndex &row : std::as_const(rows))
        lines.append(m_model->rowText(m_filter->mapToSource(row).row()));
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace sami::gui
