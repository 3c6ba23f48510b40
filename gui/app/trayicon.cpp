// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/trayicon.h"

#include "gui/control/proxycontroller.h"
#include "gui/text/formatting.h"
#include "gui/text/plaintext.h"
#include "gui/text/wording.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/stateicon.h"

#include <QGuiApplication>
#include <QScreen>

#include <utility>

namespace sami::gui {

namespace {

constexpr int maxToolTip = 120;

} // namespace

TrayIcon::TrayIcon(ProxyController &controller, AppActions &actions, HostProbe hasHost,
                   QObject *parent)
    : QObject(parent), m_controller(controller), m_hasHost(std::move(hasHost))
{
    m_menu.addAction(actions.open);
    m_menu.setDefaultAction(actions.open);
    m_menu.addActions({ actions.startStop, actions.drain });
    m_menu.addSeparator();
    m_menu.addMenu(actions.copyAddress());
    m_menu.addMenu(actions.copySettings());
    m_menu.addAction(actions.share);
    m_menu.addSeparator();
    m_menu.addActions({ actions.closeAll, actions.settings });
    m_menu.addSeparator();
    m_menu.addAction(actions.quit);

    connect(&controller, &ProxyController::stateChanged, this, &TrayIcon::handleChange);
    connect(&controller, &ProxyController::settingsChanged, this, &TrayIcon::handleChange);
    connect(&controller, &ProxyController::ticked, this, &TrayIcon::refresh);
    // Windows keeps the picture for the old resolution until it gets a new one.
    const QList<QScreen *> screens = QGuiApplication::screens();
    for (const QScreen *screen : screens)
        connect(screen, &QScreen::logicalDotsPerInchChanged, this, &TrayIcon::repaint);
    connect(&m_hostTimer, &QTimer::timeout, this, &TrayIcon::lookForHost);
    m_hostTimer.start(hostPoll);
    handleChange();
    lookForHost();
}

TrayIcon::~TrayIcon() = default;

void TrayIcon::lookForHost()
{
    const bool has = m_hasHost();
    // Create a new icon: one from before this tray existed would stay invisible in it.
    const bool had = std::exchange(m_hadHost, has);
    if (has && !had)
        create();
    if (has != had)
        Q_EMIT hostChanged(has);
}

void TrayIcon::create()
{
    m_icon = std::make_unique<QSystemTrayIcon>();
    m_icon->setContextMenu(&m_menu);
    connect(m_icon.get(), &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                    Q_EMIT activated();
            });
    connect(m_icon.get(), &QSystemTrayIcon::messageClicked, this, &TrayIcon::messageClicked);
    repaint();
    m_icon->show();
}

void TrayIcon::repaint()
{
    m_shownState = -1;
    refresh();
}

void TrayIcon::say(const QString &title, const QString &text, QSystemTrayIcon::MessageIcon kind)
{
    if (m_icon && hasHost())
        m_icon->showMessage(PlainText::notification(title), PlainText::notification(text), kind);
    Q_EMIT said(title, text);
}

QString TrayIcon::toolTip() const
{
    const TrafficSample &traffic = m_controller.traffic();
    QString text = Wording::headline(m_controller.state(), m_controller.listenAddress());
    if (!m_exposure.warning.isEmpty())
        text += QLatin1Char('\n') + m_exposure.warning;
    if (m_controller.state() == ProxyState::Running || m_controller.state() == ProxyState::Draining)
        text += QLatin1Char('\n') + tr("%n live", nullptr, int(traffic.live))
            + QStringLiteral("  ↑ %1  ↓ %2")
                  .arg(Formatting::octets(quint64(traffic.up)) + tr("/s"),
                       Formatting::octets(quint64(traffic.down)) + tr("/s"));
    return text.left(maxToolTip);
}

void TrayIcon::handleChange()
{
    // Computed here and not at each tick, because a list of clients may be long.
    m_exposure = ExposureText::of(m_controller.settings(), m_controller.state(),
                                  m_controller.listenAddress().port);
    refresh();
}

void TrayIcon::refresh()
{
    if (!m_icon)
        return;
    const IconState state = m_exposure.icon;
    const bool isBusy = m_controller.traffic().live > 0;
    if (const int shown = int(state) * 2 + int(isBusy); std::exchange(m_shownState, shown) != shown)
        m_icon->setIcon(stateIcon(state, isBusy));
    m_icon->setToolTip(PlainText::toolTip(toolTip()));
}

} // namespace sami::gui
