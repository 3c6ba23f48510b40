// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/preferences.h"
#include "gui/widgets/settings/settingspage.h"

class QCheckBox;
class QComboBox;

namespace sami::gui {

/// What belongs to the tray app and not to the proxy. Main thread.
class ApplicationPage final : public SettingsPage
{
    Q_OBJECT

public:
    /// Without `hasAutostart` this system cannot be told to start programs.
    ApplicationPage(const SettingsStore &store, bool hasAutostart, QWidget *parent = nullptr);

    void load(const config::Settings &) override {}
    void save(config::Settings &) const override {}

    void loadPreferences(const Preferences &preferences);
    void savePreferences(Preferences &preferences) const;
    /// Those that this page shows, as they are in `from`; the others stay.
    static void copyPreferences(const Preferences &from, Preferences &to);
    void setStartsAtLogin(bool starts);
    [[nodiscard]] bool startsAtLogin() const;

    [[nodiscard]] QCheckBox *atLogin() const { return m_atLogin; }
    [[nodiscard]] QCheckBox *minimized() const { return m_minimized; }
    [[nodiscard]] QCheckBox *proxyAtLaunch() const { return m_proxyAtLaunch; }
    [[nodiscard]] QComboBox *language() const { return m_language; }

private:
    QCheckBox *m_atLogin;
    QCheckBox *m_minimized;
    QCheckBox *m_proxyAtLaunch;
    QComboBox *m_language;
};

} // namespace sami::gui
