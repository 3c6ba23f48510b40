// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/appactions.h"

#include "gui/control/ownaddresses.h"
#include "gui/control/proxycontroller.h"
#include "gui/text/exposuretext.h"
#include "gui/widgets/copyaddressmenu.h"
#include "gui/widgets/copysettingsmenu.h"
#include "gui/widgets/keys.h"

namespace sami::gui {

AppActions::AppActions(ProxyController &controller, QObject *parent)
    : QObject(parent), open(new QAction(tr("&Open"), this)), startStop(new QAction(this)),
      drain(new QAction(tr("Finish streams, then stop"), this)),
      closeAll(new QAction(tr("Close all connections"), this)),
      settings(new QAction(tr("&Settings…"), this)),
      firstSteps(new QAction(tr("&Connect a program…"), this)), share(new QAction(this)),
      about(new QAction(tr("&About"), this)), quit(new QAction(tr("&Quit"), this)),
      m_controller(controller), m_copyAddress(std::make_unique<QMenu>(tr("&Copy proxy address"))),
      m_copyAddressMenu(
          new CopyAddressMenu(controller, *m_copyAddress, share, &addressesForOthers, this)),
      m_copySettings(std::make_unique<QMenu>(tr("Copy settings for…"))),
      m_copySettingsMenu(
          new CopySettingsMenu(controller, *m_copySettings, &addressesForOthers, this))
{
    settings->setShortcuts(preferencesKeys());
    settings->setMenuRole(QAction::PreferencesRole);
    about->setMenuRole(QAction::AboutRole);
    quit->setShortcut(QKeySequence::Quit);
    quit->setMenuRole(QAction::QuitRole);

    connect(m_copyAddressMenu, &CopyAddressMenu::copied, this, &AppActions::copied);
    connect(m_copySettingsMenu, &CopySettingsMenu::copied, this, &AppActions::copied);
    connect(drain, &QAction::triggered, &m_controller, &ProxyController::drain);
    connect(&m_controller, &ProxyController::stateChanged, this, &AppActions::handleState);
    connect(&m_controller, &ProxyController::settingsChanged, this, &AppActions::handleReach);
    handleState();
}

AppActions::~AppActions() = default;

void AppActions::handleState()
{
    const ProxyState state = m_controller.state();
    startStop->setText(state == ProxyState::Stopped ? tr("S&tart") : tr("S&top"));
    drain->setEnabled(state == ProxyState::Running);
    closeAll->setEnabled(state == ProxyState::Running || state == ProxyState::Draining);
    handleReach();
}

void AppActions::handleReach()
{
    const ExposureLevel level = ExposureText::level(m_controller.settings());
    share->setText(level == ExposureLevel::ThisComputer || level == ExposureLevel::Nobody
                       ? tr("Open for the &home network…")
                       : tr("&Phone or another device: QR code…"));
}

} // namespace sami::gui
