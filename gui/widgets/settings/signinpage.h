// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/settings/settingspage.h"

#include <optional>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace sami::gui {

class DurationEdit;

/// Whether clients must give a user name and a password, and what happens to guessers. The stored
/// password is not in the field unless Show is pressed: empty means unchanged. Main thread.
class SignInPage final : public SettingsPage
{
    Q_OBJECT

public:
    explicit SignInPage(const SettingsStore &store, QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;
    /// Asks for a password from now on: one is made up, and shown.
    void setUpPassword();

    [[nodiscard]] QCheckBox *required() const { return m_required; }
    [[nodiscard]] QLineEdit *user() const { return m_user; }
    [[nodiscard]] QLineEdit *password() const { return m_password; }
    [[nodiscard]] QPushButton *showButton() const { return m_show; }
    [[nodiscard]] QPushButton *generateButton() const { return m_generate; }

protected:
    void validate() override;

private:
    void buildPassword();
    void buildGuard();
    void handleShow(bool isShown);
    void generate();
    void showFromStart(const QString &password);
    [[nodiscard]] bool isCredentialLocked() const;

    QCheckBox *m_required;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QPushButton *m_show;
    QPushButton *m_generate;
    QSpinBox *m_attempts;
    DurationEdit *m_window;
    std::optional<policy::Credentials> m_stored;
};

} // namespace sami::gui
