// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/emptystates.h"

#include "gui/control/proxycontroller.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/emptystate.h"
#include "gui/widgets/hostspane.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/mainwindow.h"
#include "gui/widgets/recentpane.h"
#include "gui/widgets/tables.h"

#include <QListView>
#include <QTableView>
#include <QToolButton>

namespace sami::gui {

EmptyStates::EmptyStates(ProxyController &controller, AppActions &actions, MainWindow &window)
    : QObject(&window), m_controller(controller)
{
    addConnections(actions, window);
    addPages(actions, window);
    const auto refresh = [this] {
        for (EmptyState *state : std::as_const(m_states)) {
            if (isSeen(state))
                state->refresh();
        }
    };
    connect(&controller, &ProxyController::ticked, this, refresh);
    connect(&controller, &ProxyController::stateChanged, this, refresh);
}

void EmptyStates::addConnections(AppActions &actions, MainWindow &window)
{
    const auto press = [](QAction *action) { return [action] { action->trigger(); }; };
    ConnectionsPage *live = window.connections()->page();
    m_states.append(new EmptyState(live->table(), live, [this, &actions, live, press] {
        using Content = EmptyState::Content;
        if (live->pauseButton()->isChecked()) {
            return Content { tr("The table is paused."), tr("Continue"),
                             [live] { live->pauseButton()->setChecked(false); } };
        }
        switch (m_controller.state()) {
        case ProxyState::Stopped:
            return Content { tr("The proxy is stopped: no program can connect."),
                             tr("Start the proxy"), press(actions.startStop) };
        case ProxyState::Failed:
            return Content { tr("The proxy cannot run; the top of the window says why."),
                             tr("Open the settings"), press(actions.settings) };
        case ProxyState::Draining:
            return Content { tr("The proxy is stopping and takes no new connections."),
                             tr("Stop now"), press(actions.startStop) };
        case ProxyState::Running:
            break;
        }
        return Content { tr("No program is using the proxy now."),
                         tr("Copy settings for"),
                         {},
                         actions.copySettings() };
    }));

    const auto whenOver = [this, &actions, press](const QString &why) {
        const bool isStopped = m_controller.state() == ProxyState::Stopped;
        return EmptyState::Content { why,
                                     isStopped ? tr("Start the proxy") : tr("Connect a program"),
                                     press(isStopped ? actions.startStop : actions.firstSteps) };
    };
    RecentPane *recent = window.connections()->recent();
    m_states.append(new EmptyState(recent->table(), recent, [whenOver] {
        return whenOver(
            tr("Nothing has finished yet. Finished requests appear here, each with its reason."));
    }));
    HostsPane *hosts = window.connections()->hosts();
    m_states.append(new EmptyState(hosts->table(), hosts, [whenOver] {
        return whenOver(tr("No destination has been used yet."));
    }));
}

void EmptyStates::addPages(AppActions &actions, MainWindow &window)
{
    const auto press = [](QAction *action) { return [action] { action->trigger(); }; };
    const auto orStart = [this, &actions, press](const QString &why) {
        const bool isStopped = m_controller.state() == ProxyState::Stopped;
        return EmptyState::Content { why,
                                     isStopped ? tr("Start the proxy") : tr("Open the settings"),
                                     press(isStopped ? actions.startStop : actions.settings) };
    };
    m_states.append(new EmptyState(window.denied()->table(), window.denied(), [orStart] {
        return orStart(tr("Nobody has been refused anything. The settings say who may use the "
                          "proxy, and for what."));
    }));
    m_states.append(new EmptyState(window.log()->view(), window.log(), [orStart] {
        return orStart(tr("The log is empty so far. The settings say how much is written to it."));
    }));
}

} // namespace sami::gui
