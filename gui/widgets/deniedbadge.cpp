// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/deniedbadge.h"

#include "gui/control/proxycontroller.h"
#include "gui/text/plaintext.h"
#include "gui/widgets/tables.h"

#include <QPushButton>
#include <QStyle>
#include <QTabBar>
#include <QTabWidget>

#include <algorithm>

namespace sami::gui {

namespace {

/// More is "many": the tab should not grow.
constexpr int maxShown = 99;

} // namespace

DeniedBadge::DeniedBadge(ProxyController &controller, QTabWidget *tabs, QWidget *page)
    : QObject(tabs), m_controller(controller), m_tabs(tabs), m_page(page),
      m_title(tabs->tabText(tabs->indexOf(page))), m_blocked(new QPushButton(tabs->window()))
{
    m_blocked->setIcon(m_blocked->style()->standardIcon(QStyle::SP_MessageBoxWarning));
    m_blocked->setToolTip(PlainText::toolTip(tr("Show who is blocked, and lift it")));
    m_blocked->hide();
    connect(&controller, &ProxyController::ticked, this, &DeniedBadge::update);
    connect(&controller, &ProxyController::stateChanged, this, [this](ProxyState state) {
        // The proxy's counters restart at zero after it stops.
        if (state == ProxyState::Stopped || state == ProxyState::Failed) {
            m_seen.clear();
            m_counts.clear();
            m_total = 0;
        }
    });
    connect(tabs, &QTabWidget::currentChanged, this, &DeniedBadge::update);
}

void DeniedBadge::update()
{
    if (!isSeen(m_tabs))
        return;
    showBlocked();
    if (const quint64 total = m_controller.totals().refused; total != m_total) {
        m_total = total;
        count();
    }
    if (isSeen(m_page))
        m_seen = m_counts;
    showCount(int(std::count_if(m_counts.keyBegin(), m_counts.keyEnd(), [this](const auto &key) {
        return m_counts.value(key) > m_seen.value(key);
    })));
}

void DeniedBadge::count()
{
    QHash<QByteArray, quint64> counts;
    QHash<QByteArray, quint64> seen;
    const QList<account::RefusalRow> rows = m_controller.refusals();
    for (const account::RefusalRow &row : rows) {
        // Reported requests were let through. Many clients send their password only when asked, so
        // "credentials missing" starts every sign-in.
        if (row.isReported || row.reason == policy::Refusal::CredentialsMissing)
            continue;
        const QByteArray key = row.client.toString().toLatin1() + '\n'
            + row.destination.toByteArray() + '\n' + policy::toString(row.reason);
        counts.insert(key, row.count);
        // A row that the core forgot starts at zero when it returns.
        if (const quint64 before = m_seen.value(key); before > 0 && before <= row.count)
            seen.insert(key, before);
    }
    m_counts = counts;
    m_seen = seen;
}

void DeniedBadge::showCount(int fresh)
{
    const int tab = m_tabs->indexOf(m_page);
    const QString number =
        fresh > maxShown ? QStringLiteral("%1+").arg(maxShown) : QString::number(fresh);
    const QString words =
        fresh > 0 ? tr("%n new refusal(s) since you last looked", nullptr, fresh) : QString();
    m_tabs->setTabText(tab, fresh > 0 ? QStringLiteral("%1 (%2)").arg(m_title, number) : m_title);
    m_tabs->setTabToolTip(tab, PlainText::toolTip(words));
    // "Denied (3)" read aloud does not say three what.
    m_tabs->tabBar()->setAccessibleTabName(
        tab, fresh > 0 ? QString(m_title).remove(u'&') + QStringLiteral(", ") + words : QString());
}

void DeniedBadge::showBlocked()
{
    const int clients = int(m_controller.blockedClients());
    m_blocked->setVisible(clients > 0);
    m_blocked->setText(tr("%n client(s) blocked", nullptr, clients));
}

} // namespace sami::gui
