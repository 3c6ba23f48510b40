// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/statusbanner.h"

#include "config/exposure.h"
#include "gui/control/proxycontroller.h"
#include "gui/text/coretext.h"
#include "gui/text/exposuretext.h"
#include "gui/text/wording.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/stateicon.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace sami::gui {

namespace {

constexpr int iconSize = 32;

QToolButton *makeButton(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    return button;
}

} // namespace

StatusBanner::StatusBanner(ProxyController &controller, AppActions &actions, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_icon(makeLabel(this)), m_state(makeLabel(this)),
      m_exposure(makeLabel(this))
{
    QFont large = m_state->font();
    large.setBold(true);
    m_state->setFont(large);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_exposure->setWordWrap(true);

    auto *words = new QVBoxLayout;
    words->addWidget(m_state);
    words->addWidget(m_exposure);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_icon);
    layout->addLayout(words, 1);
    layout->addWidget(makeButton(actions.copyAddress, this));
    layout->addWidget(makeButton(actions.startStop, this));

    connect(&controller, &ProxyController::stateChanged, this, &StatusBanner::refresh);
    connect(&controller, &ProxyController::settingsChanged, this, &StatusBanner::refresh);
    refresh();
}

void StatusBanner::refresh()
{
    const ProxyState state = m_controller.state();
    const config::Settings &settings = m_controller.settings();
    const SocketAddress where = m_controller.listenAddress();
    const IconState icon = iconStateOf(state, config::isOpenToEveryone(settings));
    m_icon->setPixmap(stateIcon(icon, false).pixmap(iconSize, iconSize));
    m_state->setText(Wording::headline(state, where));
    m_exposure->setText(state == ProxyState::Failed ? CoreText::localized(m_controller.errorText())
                                                    : ExposureText::sentence(settings, where.port));
}

} // namespace sami::gui
