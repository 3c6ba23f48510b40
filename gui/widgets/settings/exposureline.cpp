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
      m_share(new QPushButton(tr("On another device…"), this))
{
    m_text->setWordWrap(true);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    const QList<ExposureFix> fixes = ExposureText::fixes(ExposureLevel::Everyone);
    for (const ExposureFix fix : fixes) {
        auto *button = new QPushButton(ExposureText::action(fix), this);
        button->setAutoDefault(false);
        layout->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, fix] { Q_EMIT fixRequested(fix); });
        m_buttons.insert(fix, button);
    }
    m_share->setAutoDefault(false);
    layout->addWidget(m_share);
    connect(m_share, &QPushButton::clicked, this, &ExposureLine::shareRequested);
}

void ExposureLine::refresh(const config::Settings &settings, ProxyState state, quint16 port,
                           const QList<ExposureFix> &possible)
{
    const Exposure exposure = ExposureText::of(settings, state, port);
    // Edited settings are no danger yet, but will be once they run.
    const IconState icon = ExposureText::of(settings, ProxyState::Running, port).icon;
    m_icon->setPixmap(stateIcon(icon, false).pixmap(iconSize, iconSize));
    m_text->setText(exposure.sentence);
    const QList<ExposureFix> fixes = ExposureText::fixes(exposure.level);
    for (auto entry = m_buttons.cbegin(); entry != m_buttons.cend(); ++entry)
        entry.value()->setVisible(fixes.contains(entry.key()) && possible.contains(entry.key()));
    m_share->setVisible(exposure.level == ExposureLevel::ThisComputer);
}

QString ExposureLine::text() const
{
    return m_text->text();
}

QPushButton *ExposureLine::button(ExposureFix fix) const
{
    QPushButton *button = m_buttons.value(fix);
    return button->isHidden() ? nullptr : button;
}

} // namespace sami::gui
