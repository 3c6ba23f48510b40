// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/exposureline.h"

#include "gui/widgets/plainlabel.h"
#include "gui/widgets/stateicon.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace sami::gui {

namespace {

constexpr int iconSize = 24;

} // namespace

ExposureLine::ExposureLine(QWidget *parent)
    : QWidget(parent), m_icon(makeLabel(this)), m_text(makeLabel(this)),
      m_setPassword(new QPushButton(ExposureText::action(ExposureFix::SetPassword), this)),
      m_onlyThisComputer(new QPushButton(ExposureText::action(ExposureFix::OnlyThisComputer), this))
{
    m_text->setWordWrap(true);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    for (QPushButton *button : { m_setPassword, m_onlyThisComputer }) {
        button->setAutoDefault(false);
        layout->addWidget(button);
    }
    connect(m_setPassword, &QPushButton::clicked, this,
            [this] { Q_EMIT fixRequested(ExposureFix::SetPassword); });
    connect(m_onlyThisComputer, &QPushButton::clicked, this,
            [this] { Q_EMIT fixRequested(ExposureFix::OnlyThisComputer); });
}

void ExposureLine::refresh(const config::Settings &settings, quint16 port,
                           const QList<ExposureFix> &possible)
{
    const ExposureLevel level = ExposureText::level(settings);
    const IconState icon =
        level == ExposureLevel::Everyone ? IconState::Exposed : IconState::Running;
    m_icon->setPixmap(stateIcon(icon, false).pixmap(iconSize, iconSize));
    m_text->setText(ExposureText::sentence(settings, port));
    const QList<ExposureFix> fixes = ExposureText::fixes(level);
    const auto isOffered = [&fixes, &possible](ExposureFix fix) {
        return fixes.contains(fix) && possible.contains(fix);
    };
    m_setPassword->setVisible(isOffered(ExposureFix::SetPassword));
    m_onlyThisComputer->setVisible(isOffered(ExposureFix::OnlyThisComputer));
}

QString ExposureLine::text() const
{
    return m_text->text();
}

QPushButton *ExposureLine::button(ExposureFix fix) const
{
    QPushButton *button = fix == ExposureFix::SetPassword ? m_setPassword : m_onlyThisComputer;
    return button->isHidden() ? nullptr : button;
}

} // namespace sami::gui
