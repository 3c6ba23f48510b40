// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/hostspane.h"

#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "gui/models/wordfilter.h"
#include "gui/text/formatting.h"
#include "gui/widgets/columnfit.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/remedymenu.h"
#include "gui/widgets/tables.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <climits>
#include <utility>

namespace sami::gui {

HostsPane::HostsPane(ProxyController &controller, Dialogs dialogs, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_dialogs(std::move(dialogs)),
      m_model(new HostTotals(this)), m_filter(new WordFilter(this)), m_table(new QTableView(this)),
      m_note(makeLabel(this))
{
    m_filter->setSourceModel(m_model);
    auto *search = new QLineEdit(this);
    search->setPlaceholderText(tr("Filter by destination"));
    search->setAccessibleName(tr("Filter"));
    search->setClearButtonEnabled(true);
    connect(search, &QLineEdit::textChanged, m_filter, &WordFilter::setText);
    buildTable();
    connectSearch(search, m_table);

    m_note->setWordWrap(true);
    refreshNote();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(search);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_note);
}

void HostsPane::buildTable()
{
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Totals by destination"));
    prepareTable(m_table);
    new ColumnFit(m_table, m_model->widths());
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(HostTotals::Down, Qt::DescendingOrder);
    connect(m_table, &QWidget::customContextMenuRequested, this, &HostsPane::showContextMenu);
    whenOpened(m_table, [this](const QModelIndex &index) {
        Q_EMIT liveRequested(QString::fromUtf8(hostAt(index)));
    });
}

void HostsPane::addMissed(quint64 count)
{
    m_missed += count;
    refreshNote();
}

void HostsPane::refreshNote()
{
    QString words =
        tr("Since %1, across stops and starts of the proxy.", "when the program was started")
            .arg(Formatting::time(m_controller.totalsBegan()));
    if (m_missed > 0)
        words += QLatin1Char(' ')
            + tr("%n finished request(s) are not counted here: too many ended at once.", nullptr,
                 int(std::min<quint64>(m_missed, INT_MAX)));
    m_note->setText(words);
}

void HostsPane::refresh(const QList<account::ConnectionSnapshot> &live)
{
    const ViewAnchor anchor(m_table);
    m_model->synchronize(live);
}

QByteArray HostsPane::saveLayout() const
{
    return ColumnFit::of(m_table)->save(HostTotals::layoutVersion);
}

void HostsPane::restoreLayout(const QByteArray &layout)
{
    ColumnFit::of(m_table)->restore(HostTotals::layoutVersion, layout);
}

QByteArray HostsPane::hostAt(const QModelIndex &index) const
{
    return m_model->at(m_filter->mapToSource(index).row()).host;
}

void HostsPane::showContextMenu(const QPoint &position)
{
    const QModelIndex index = m_table->indexAt(position);
    if (!index.isValid())
        return;
    // The rows move while the menu is open, so its actions capture the host, not the row.
    const QByteArray host = hostAt(index);
    const QString name = QString::fromUtf8(host);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show its &live connections"), this,
                    [this, name] { Q_EMIT liveRequested(name); });
    menu->addAction(tr("Show what has &finished"), this,
                    [this, name] { Q_EMIT finishedRequested(name); });
    menu->addSeparator();
    menu->addAction(copyAction(m_table));
    menu->addAction(tr("Copy &destination"), this,
                    [name] { QApplication::clipboard()->setText(name); });
    menu->addSeparator();
    addRule(menu, host);
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

std::optional<Remedy> HostsPane::ruleFor(const QByteArray &host) const
{
    const QList<policy::HostEntry> &listed = m_controller.settings().access.allowedHosts;
    const auto pattern = policy::HostPattern::parse(host);
    const bool isListed = std::any_of(listed.begin(), listed.end(),
                                      [&](const auto &entry) { return entry.matches(host, 443); });
    if (!pattern || isListed)
        return std::nullopt;
    Remedy rule;
    rule.kind = Remedy::Kind::AllowHost;
    rule.host = *pattern;
    return rule;
}

void HostsPane::addRule(QMenu *menu, const QByteArray &host)
{
    const std::optional<Remedy> rule = ruleFor(host);
    // The first entry of an enforced list shuts out all other hosts.
    const policy::AccessRules &rules = m_controller.settings().access;
    const bool shutsOut =
        rules.allowedHosts.isEmpty() && rules.hostsMode == policy::HostsMode::Enforce;
    QAction *action = menu->addAction(shutsOut ? tr("Allow &only this destination…")
                                               : tr("&Allow this destination"));
    if (!rule) {
        action->setEnabled(false);
        return;
    }
    action->setEnabled(!m_controller.store().lockOn(rule->appliedTo(m_controller.settings())));
    connect(action, &QAction::triggered, this, [this, rule = *rule] {
        RemedyDesk { m_controller, m_dialogs, this }.apply(rule);
    });
}

} // namespace sami::gui
