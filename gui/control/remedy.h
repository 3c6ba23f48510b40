// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "config/settings.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace sami::gui {

/// A change that undoes one refusal and changes as little else as possible. A value; all functions
/// are pure.
struct Remedy
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::Remedy)

public:
    enum class Kind {
        AllowClients,
        AllowHost,
        AllowPort,
        AllowPrivateTargets,
        AllowFakeAddresses, ///< AllowPrivateTargets for a whole fake-IP range
        LiftBlock,
    };

    Kind kind = Kind::LiftBlock;
    policy::Cidr range;       ///< AllowClients, AllowPrivateTargets, AllowFakeAddresses
    policy::HostPattern host; ///< AllowHost
    quint16 port = 0;         ///< AllowPort
    QHostAddress client;      ///< LiftBlock
    bool isGuess = false;     ///< the destination is a name: its address may not be in `range`

    /// What can be done about a refusal, the narrowest remedy first. If the client is blocked,
    /// lifting the block comes last, whatever the reason. Empty if only the client can do
    /// something, if no setting helps, or if the settings now have an entry that allows it.
    /// `privateClients` is what "private" in a list means on this computer.
    [[nodiscard]] static QList<Remedy> of(const account::RefusalRow &refusal,
                                          const config::Settings &settings,
                                          const QList<account::BlockRow> &blocks,
                                          const policy::PrivateClients &privateClients);
    /// What to say if there is no remedy: what else helps, or the plain reason.
    [[nodiscard]] static QString hint(const account::RefusalRow &refusal,
                                      const config::Settings &settings,
                                      const policy::PrivateClients &privateClients);
    /// "Refused: this port is not in the list of ports.", or that it was only reported.
    [[nodiscard]] static QString verdict(const account::RefusalRow &refusal);

    /// The text of a button: "Allow port 8443". Ends in dots if a question always follows.
    [[nodiscard]] QString label() const;
    /// The text of the button that answers question(): without the dots, because no question
    /// follows it.
    [[nodiscard]] QString verb() const;
    /// The settings with this remedy applied. LiftBlock changes none.
    [[nodiscard]] config::Settings appliedTo(config::Settings settings) const;
    /// What to ask before a remedy that does more than undo that refusal. Such a remedy is the
    /// first entry of a list and shuts out everybody else, opens a whole range, or lets other
    /// computers reach private addresses. Empty if there is nothing to ask.
    [[nodiscard]] QString question(const config::Settings &settings,
                                   const QList<account::ConnectionSnapshot> &live) const;
};

} // namespace sami::gui
