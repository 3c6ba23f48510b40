// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/ownaddresses.h"
#include "gui/widgets/filefield.h"
#include "gui/widgets/messagebox.h"
#include "gui/widgets/settings/settingspage.h"

#include <optional>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace sami::gui {

class DurationEdit;
class ProxyController;
class UsersPanel;

/// The users that may sign in, from the settings and from the users' file, and how guessers are
/// blocked. The password field holds the stored password only while Show is pressed; empty means
/// unchanged. Main thread.
class UsersPage final : public SettingsPage
{
    Q_OBJECT

public:
    UsersPage(ProxyController &controller, Ask ask, PickFile pickFile, const QList<OwnAddress> &own,
              QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;
    /// Turns sign-in on, with a generated password that is shown.
    void setUpPassword();

    [[nodiscard]] QCheckBox *required() const { return m_required; }
    [[nodiscard]] QLineEdit *user() const { return m_user; }
    [[nodiscard]] QLineEdit *password() const { return m_password; }
    [[nodiscard]] QPushButton *showButton() const { return m_show; }
    [[nodiscard]] QPushButton *generateButton() const { return m_generate; }
    [[nodiscard]] FileField *file() const { return m_file; }
    [[nodiscard]] UsersPanel *panel() const { return m_panel; }

protected:
    void validate() override;

private:
    void buildPassword();
    void buildFile();
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
    FileField *m_file;
    UsersPanel *m_panel;
    QSpinBox *m_attempts;
    DurationEdit *m_window;
    std::optional<policy::Credentials> m_stored;
};

} // namespace sami::gui
