// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/statusbanner.h"

#include "gui/control/proxycontroller.h"
#include "gui/text/exposuretext.h"
#include "gui/text/plaintext.h"
#include "gui/text/startfailure.h"
#include "gui/text/wording.h"
#include "gui/widgets/announce.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/screenfit.h"
#include "gui/widgets/stateicon.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace sami::gui {

namespace {

constexpr int iconSize = 32;
/// Enough for most sentences in either language; longer ones scroll.
constexpr int exposureLines = 3;

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
      m_copied(makeLabel(this)), m_exposure(makeLabel(this)), m_area(makeArea())
{
    QFont large = m_state->font();
    large.setBold(true);
    m_state->setFont(large);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // Uses the room there is and asks for none.
    m_copied->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_copied->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    auto *head = new QHBoxLayout;
    head->addWidget(m_state);
    head->addWidget(m_copied, 1);
    auto *words = new QVBoxLayout;
    words->addLayout(head);
    words->addWidget(m_area);
    auto *copy = makeButton(actions.copyAddress()->menuAction(), this);
    copy->setPopupMode(QToolButton::InstantPopup);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_icon);
    layout->addLayout(words, 1);
    layout->addWidget(copy);
    layout->addWidget(makeButton(actions.startStop, this));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    m_copiedTimer.setSingleShot(true);
    m_copiedTimer.setInterval(copiedFor);
    connect(&m_copiedTimer, &QTimer::timeout, this, [this] { showCopied({}); });
    connect(&actions, &AppActions::copied, this, &StatusBanner::showCopied);
    connect(&controller, &ProxyController::stateChanged, this, &StatusBanner::refresh);
    connect(&controller, &ProxyController::settingsChanged, this, &StatusBanner::refresh);
    reserveLines();
    refresh();
}

QScrollArea *StatusBanner::makeArea()
{
    m_exposure->setWordWrap(true);
    m_exposure->setAlignment(Qt::AlignTop);
    QScrollArea *area = makeScrolling(m_exposure, this);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setAccessibleName(tr("Who can use the proxy"));
    // Tab stops here only while there is something to scroll.
    area->setFocusPolicy(Qt::NoFocus);
    connect(area->verticalScrollBar(), &QScrollBar::rangeChanged, area, [area](int, int most) {
        area->setFocusPolicy(most > 0 ? Qt::StrongFocus : Qt::NoFocus);
    });
    return area;
}

void StatusBanner::reserveLines()
{
    m_area->setFixedHeight(exposureLines * m_exposure->fontMetrics().lineSpacing());
}

void StatusBanner::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        reserveLines();
}

void StatusBanner::showCopied(const QString &what)
{
    const QString text = what.isEmpty() ? QString() : QStringLiteral("✓ ") + what;
    m_copied->setText(m_copied->fontMetrics().elidedText(text, Qt::ElideMiddle, m_copied->width()));
    m_copied->setToolTip(PlainText::toolTip(what));
    m_copied->setAccessibleName(what);
    if (what.isEmpty())
        return;
    m_copiedTimer.start();
    announce(*m_copied, what);
}

void StatusBanner::refresh()
{
    const ProxyState state = m_controller.state();
    const SocketAddress where = m_controller.listenAddress();
    const Exposure exposure = ExposureText::of(m_controller.settings(), state, where.port);
    m_icon->setPixmap(stateIcon(exposure.icon, false).pixmap(iconSize, iconSize));
    m_state->setText(Wording::headline(state, where));
    QString text = exposure.sentence;
    if (state == ProxyState::Failed)
        text.prepend(StartFailureText::sentence(m_controller.failure()) + QLatin1Char('\n'));
    m_exposure->setText(text);
    m_area->verticalScrollBar()->setValue(0);
}

} // namespace sami::gui
