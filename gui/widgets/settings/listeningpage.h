// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/ownaddresses.h"
#include "gui/widgets/settings/settingspage.h"

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace sami::gui {

/// Where the proxy listens, and which protocols it speaks there. Main thread.
class ListeningPage final : public SettingsPage
{
    Q_OBJECT

public:
    /// `own` are the addresses that the picker offers.
    ListeningPage(const SettingsStore &store, const QList<OwnAddress> &own,
                  QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;
    /// Picks 127.0.0.1.
    void chooseThisComputer();

    [[nodiscard]] QComboBox *choice() const { return m_choice; }
    [[nodiscard]] QLineEdit *typed() const { return m_typed; }
    [[nodiscard]] QSpinBox *port() const { return m_port; }
    [[nodiscard]] QComboBox *socks5() const { return m_socks5; }

protected:
    void validate() override;

private:
    void showAddress(const QString &address);
    [[nodiscard]] QString address() const;

    QComboBox *m_choice;
    QLineEdit *m_typed;
    QSpinBox *m_port;
    QComboBox *m_socks5; ///< an item without data leaves the choice to the proxy
};

} // namespace sami::gui
