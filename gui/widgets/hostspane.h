// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/hosttotals.h"

#include <QWidget>

class QTableView;

namespace sami::gui {

class WordFilter;

/// Totals by destination. Its owner feeds it while it is seen. Main thread.
class HostsPane : public QWidget
{
    Q_OBJECT

public:
    explicit HostsPane(QWidget *parent = nullptr);

    void refresh(const QList<server::FinishedWork> &finished,
                 const QList<server::ConnectionSnapshot> &live);
    [[nodiscard]] QTableView *table() const { return m_table; }

private:
    HostTotals *m_model;
    WordFilter *m_filter;
    QTableView *m_table;
};

} // namespace sami::gui
