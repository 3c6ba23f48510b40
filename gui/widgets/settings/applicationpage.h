// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/preferences.h"
#include "gui/widgets/settings/settingspage.h"

class QCheckBox;
class QComboBox;

namespace sami::gui {

/// Options of the tray app rather than the proxy. Main thread.
class ApplicationPage final : public SettingsPage
{
    Q_OBJECT

public:
    /// `hasAutostart` is false where the system cannot start programs at login.
    ApplicationPage(const SettingsStore &store, bool hasAutostart, QWidget *parent = nullptr);

    void load(const config::Settings &) override {}
    void save(config::Settings &) const override {}
    void showDefaults(const config::Settings &defaults) override;

    void loadPreferences(const Preferences &preferences);
    void savePreferences(Preferences &preferences) const;
    /// Copies the preferences that this page shows; leaves the others alone.
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
