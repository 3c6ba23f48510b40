// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/failurestrip.h"

#include "gui/control/proxycontroller.h"
#include "gui/text/coretext.h"
#include "gui/text/startfailure.h"
#include "gui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace sami::gui {

FailureStrip::FailureStrip(ProxyController &controller, Words words, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_words(words), m_text(makeLabel(this)),
      m_wayOut(new QPushButton(this)), m_again(new QPushButton(tr("Try again"), this)),
      m_settings(new QPushButton(tr("Settings…"), this))
{
    m_text->setWordWrap(true);
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : { m_wayOut, m_again, m_settings }) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_text);
    layout->addLayout(buttons);

    connect(m_wayOut, &QPushButton::clicked, this, &FailureStrip::applyFallback);
    connect(m_again, &QPushButton::clicked, this, [this] { m_controller.tryAgain(); });
    connect(m_settings, &QPushButton::clicked, this, &FailureStrip::settingsWanted);
    connect(&controller, &ProxyController::stateChanged, this, &FailureStrip::refresh);
    refresh();
}

QString FailureStrip::text() const
{
    return m_text->text();
}

void FailureStrip::refresh()
{
    setVisible(m_controller.state() == ProxyState::Failed);
    const StartFailure &failure = m_controller.failure();
    m_wayOut->setVisible(failure.wayOut.has_value());
    m_wayOut->setText(StartFailureText::action(failure));
    say(m_words == Words::Here ? StartFailureText::sentence(failure) : QString());
}

void FailureStrip::say(const QString &text)
{
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
}

void FailureStrip::applyFallback()
{
    // Ignore further clicks until the answer; the button stays enabled to keep the focus.
    if (std::exchange(m_isTaking, true))
        return;
    m_controller.applyFallback(this, [this](const ProxyController::Outcome &taken) {
        m_isTaking = false;
        if (!taken)
            say(CoreText::localized(taken.error()));
    });
}

} // namespace sami::gui
