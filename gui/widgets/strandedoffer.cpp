// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/strandedoffer.h"

#include "gui/control/proxycontroller.h"
#include "gui/control/strandedstreams.h"

#include <QApplication>
#include <QPointer>

#include <utility>

namespace sami::gui {

StrandedOffer::StrandedOffer(ProxyController &controller, Ask ask, QObject *parent)
    : QObject(parent), m_controller(controller), m_ask(std::move(ask)),
      m_judged(controller.settings())
{
    connect(&controller, &ProxyController::changesEnded, this, &StrandedOffer::schedule);
}

void StrandedOffer::schedule()
{
    // Not from inside the signal: the caller that applied the settings has not finished yet.
    if (!m_isAsking && !std::exchange(m_isScheduled, true))
        QMetaObject::invokeMethod(this, &StrandedOffer::offer, Qt::QueuedConnection);
}

void StrandedOffer::offer()
{
    m_isScheduled = false;
    // Several changes at once get one question about their combined effect.
    if (m_controller.isChanging())
        return;
    const config::Settings now = m_controller.settings();
    const config::Settings before = std::exchange(m_judged, now);
    if (before.access == now.access && before.users == now.users && before.listen == now.listen)
        return;
    const policy::PrivateClients privateClients = m_controller.privateClients();
    const auto stranded = [&] {
        return StrandedStreams::of(before, now, m_controller.snapshot().connections,
                                   privateClients);
    };
    const StrandedStreams found = stranded();
    if (found.all().isEmpty())
        return;
    const QPointer guard(this);
    m_isAsking = true;
    const auto answer = m_ask(QApplication::activeWindow(),
                              { StrandedStreams::title(),
                                found.question(),
                                { StrandedStreams::closeLabel() },
                                StrandedStreams::finishLabel() });
    if (!guard)
        return;
    m_isAsking = false;
    if (answer) {
        // Compute them again: after a restart meanwhile, an id may be another connection's.
        const QList<quint64> still = stranded().all();
        const QList<quint64> asked = found.all();
        for (const quint64 id : asked) {
            if (still.contains(id))
                m_controller.closeConnection(id);
        }
    }
    // The settings may have changed while the question was open.
    if (m_controller.settings() != m_judged)
        schedule();
}

} // namespace sami::gui
