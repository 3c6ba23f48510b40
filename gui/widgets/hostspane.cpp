// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/hostspane.h"

#include "gui/models/wordfilter.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/tables.h"

#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

namespace sami::gui {

HostsPane::HostsPane(QWidget *parent)
    : QWidget(parent), m_model(new HostTotals(this)), m_filter(new WordFilter(this)),
      m_table(new QTableView(this))
{
    m_filter->setSourceModel(m_model);
    auto *search = new QLineEdit(this);
    search->setPlaceholderText(tr("Filter by destination"));
    search->setAccessibleName(tr("Filter"));
    search->setClearButtonEnabled(true);
    connect(search, &QLineEdit::textChanged, m_filter, &WordFilter::setText);

    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Totals by destination"));
    prepareTable(m_table);
    m_table->setContextMenuPolicy(Qt::DefaultContextMenu);
    for (int column = 0; column < HostTotals::ColumnCount; ++column)
        setColumnWidth(m_table, column, column == HostTotals::Host ? 40 : 12);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(HostTotals::Down, Qt::DescendingOrder);

    auto *note = makeLabel(tr("Live connections and the last %n finished request(s) and tunnels.",
                              nullptr, int(HostTotals::capacity)),
                           this);
    note->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(search);
    layout->addWidget(m_table, 1);
    layout->addWidget(note);
}

void HostsPane::refresh(const QList<server::FinishedWork> &finished,
                        const QList<server::ConnectionSnapshot> &live)
{
    const ViewAnchor anchor(m_table);
    m_model->synchronize(finished, live, WallClock::now());
}

} // namespace sami::gui
