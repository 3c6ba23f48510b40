// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/applicationpage.h"

#include <QCheckBox>
#include <QComboBox>

namespace sami::gui {

using namespace Qt::StringLiterals;

ApplicationPage::ApplicationPage(const SettingsStore &store, bool hasAutostart, QWidget *parent)
    : SettingsPage(store, parent), m_atLogin(new QCheckBox(tr("Start at &login"))),
      m_minimized(new QCheckBox(tr("Start &minimised: only the icon in the tray"))),
      m_proxyAtLaunch(new QCheckBox(tr("Start the &proxy when the program starts"))),
      m_language(new QComboBox)
{
    for (QCheckBox *box : { m_atLogin, m_minimized, m_proxyAtLaunch }) {
        addField(box->text(), box, {});
        connect(box, &QCheckBox::toggled, this, &ApplicationPage::touch);
    }
    m_atLogin->setEnabled(hasAutostart);
    setHelp(m_atLogin, tr("Starts this program whenever you log in to this computer."));
    setHelp(m_minimized,
            tr("Shows no window when the program starts. The window opens from the icon."));
    setHelp(m_proxyAtLaunch,
            tr("Otherwise the proxy waits until you start it from the window or the icon."));
    // Only on a user's click: few want a window at each login, and the box next to it shows the
    // change.
    connect(m_atLogin, &QCheckBox::clicked, this, [this](bool starts) {
        if (starts)
            m_minimized->setChecked(true);
    });

    // Each in its own language, for users who cannot read the other.
    m_language->addItem(tr("System default"), QString());
    m_language->addItem(u"English"_s, u"en"_s);
    m_language->addItem(u"Русский"_s, u"ru"_s);
    addField(tr("L&anguage:"), m_language, {});
    setHelp(m_language, tr("The language of this program's windows."));
    addHint(tr("Takes effect after restart."));
    connect(m_language, &QComboBox::currentIndexChanged, this, &ApplicationPage::touch);
}

void ApplicationPage::loadPreferences(const Preferences &preferences)
{
    m_minimized->setChecked(preferences.startMinimized);
    m_proxyAtLaunch->setChecked(preferences.startProxyAtLaunch);
    // An unknown language means the system's.
    m_language->setCurrentIndex(qMax(0, m_language->findData(preferences.language)));
}

void ApplicationPage::showDefaults(const config::Settings &)
{
    loadPreferences(Preferences());
    setStartsAtLogin(false);
}

void ApplicationPage::savePreferences(Preferences &preferences) const
{
    preferences.startMinimized = m_minimized->isChecked();
    preferences.startProxyAtLaunch = m_proxyAtLaunch->isChecked();
    preferences.language = m_language->currentData().toString();
}

void ApplicationPage::copyPreferences(const Preferences &from, Preferences &to)
{
    to.startMinimized = from.startMinimized;
    to.startProxyAtLaunch = from.startProxyAtLaunch;
    to.language = from.language;
}

void ApplicationPage::setStartsAtLogin(bool starts)
{
    m_atLogin->setChecked(starts);
}

bool ApplicationPage::startsAtLogin() const
{
    return m_atLogin->isChecked();
}

} // namespace sami::gui
