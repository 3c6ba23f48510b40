// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/ownaddresses.h"
#include "gui/widgets/messagebox.h"
#include "gui/widgets/settings/settingspage.h"

#include <QHostAddress>

#include <functional>

class QComboBox;
class QMenu;
class QPushButton;

namespace sami::gui {

class ListEditor;

/// Which clients may connect and see the status pages. Main thread.
class ClientsPage final : public SettingsPage
{
    Q_OBJECT

public:
    /// Who is connected now, and which clients "private" means on this computer.
    struct Presence
    {
        QList<QHostAddress> connected;
        policy::PrivateClients privateClients;
    };
    /// Queried when needed.
    using Look = std::function<Presence()>;

    ClientsPage(const SettingsStore &store, const QList<OwnAddress> &own, Look look, Ask ask,
                QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;

    /// Makes the private networks the only entry.
    void allowPrivateOnly();

    [[nodiscard]] ListEditor *list() const { return m_list; }
    [[nodiscard]] QMenu *networks() const { return m_networks; }
    [[nodiscard]] QPushButton *addConnectedButton() const { return m_addConnected; }
    [[nodiscard]] QComboBox *pages() const { return m_pages; }

protected:
    void validate() override;

private:
    void fillNetworks(const QList<OwnAddress> &own);
    void addConnected();
    [[nodiscard]] bool mayShutOut(const QStringList &entries);

    Look m_look;
    Ask m_ask;
    ListEditor *m_list;
    QMenu *m_networks;
    QPushButton *m_addConnected;
    QComboBox *m_pages;
};

} // namespace sami::gui
