// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/damagestrip.h"

#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "gui/text/coretext.h"
#include "gui/text/damagetext.h"
#include "gui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace sami::gui {

namespace {

constexpr int linesInView = 3;

} // namespace

DamageStrip::DamageStrip(SettingsStore &store, ProxyController &controller, QWidget *parent)
    : QWidget(parent), m_store(store), m_headline(makeLabel(this)),
      m_details(new QPlainTextEdit(this)), m_keep(new QPushButton(tr("Keep the good lines"), this)),
      m_settings(new QPushButton(tr("Settings…"), this))
{
    m_headline->setWordWrap(true);
    m_details->setReadOnly(true);
    m_details->setTabChangesFocus(true);
    m_details->setAccessibleName(tr("Lines of the settings file that do not count"));
    // Paths have no spaces to break at.
    m_details->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_details->setFixedHeight(linesInView * m_details->fontMetrics().lineSpacing()
                              + 2 * int(m_details->document()->documentMargin())
                              + 2 * m_details->frameWidth());
    auto *buttons = new QVBoxLayout;
    for (QPushButton *button : { m_keep, m_settings })
        buttons->addWidget(button);
    buttons->addStretch(1);
    // Side by side, because every line counts on a small screen.
    auto *row = new QHBoxLayout;
    row->addWidget(m_details, 1);
    row->addLayout(buttons);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_headline);
    layout->addLayout(row);

    connect(m_keep, &QPushButton::clicked, this, &DamageStrip::keepGoodLines);
    connect(m_settings, &QPushButton::clicked, this, &DamageStrip::settingsWanted);
    connect(&controller, &ProxyController::settingsChanged, this, &DamageStrip::refresh);
    refresh();
}

QString DamageStrip::headline() const
{
    return m_headline->text();
}

QString DamageStrip::details() const
{
    return m_details->toPlainText();
}

void DamageStrip::refresh()
{
    const auto &damage = m_store.damage();
    setVisible(damage.has_value());
    if (!damage)
        return;
    m_headline->setText(DamageText::headline(*damage));
    m_details->setPlainText(DamageText::details(*damage));
}

void DamageStrip::keepGoodLines()
{
    const auto kept = m_store.keepGoodLines();
    refresh();
    if (!kept)
        m_headline->setText(CoreText::localized(kept.error()));
}

} // namespace sami::gui
