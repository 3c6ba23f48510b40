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

/// What undoes one refusal, and nothing more. A value; all of it is pure.
struct Remedy
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::Remedy)

public:
    enum class Kind {
        AllowClients,
        AllowHost,
        AllowPort,
        AllowPrivateTargets,
        AllowFakeAddresses, ///< the same for a range of fake-IP addresses
        LiftBlock,
    };

    Kind kind = Kind::LiftBlock;
    policy::Cidr range;       ///< AllowClients, AllowPrivateTargets, AllowFakeAddresses
    policy::HostPattern host; ///< AllowHost
    quint16 port = 0;         ///< AllowPort
    QHostAddress client;      ///< LiftBlock
    bool isGuess = false;     ///< the destination is a name: which address it had is not known

    /// What can be done about it, the narrowest first; while its client is blocked, to lift that
    /// comes last, whatever the reason. Nothing where only the client can do something, where no
    /// setting helps, and where the settings allow it by now.
    [[nodiscard]] static QList<Remedy> of(const account::RefusalRow &refusal,
                                          const config::Settings &settings,
                                          const QList<account::BlockRow> &blocks);
    /// What to say where there is no remedy: what else helps, or the plain reason.
    [[nodiscard]] static QString hint(const account::RefusalRow &refusal,
                                      const config::Settings &settings);
    /// "Refused: this port is not in the list of ports.", or that it was only reported.
    [[nodiscard]] static QString verdict(const account::RefusalRow &refusal);

    /// The words of a button: "Allow port 8443".
    [[nodiscard]] QString label() const;
    /// The same where nothing is asked any more: the button beneath the question.
    [[nodiscard]] QString verb() const;
    /// The settings with this remedy in them. LiftBlock changes none.
    [[nodiscard]] config::Settings appliedTo(config::Settings settings) const;
    /// What must be asked first, because it does more than undo that refusal: it begins a list
    /// that was empty and so shuts out all others, it opens a whole range, or it lets other
    /// computers reach what is private here. Empty: nothing.
    [[nodiscard]] QString question(const config::Settings &settings,
                                   const QList<account::ConnectionSnapshot> &live) const;
};

} // namespace sami::gui
