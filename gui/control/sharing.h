// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "gui/control/ownaddresses.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace sami::gui {

class SettingsStore;

/// What opens the proxy to the devices of one of this machine's networks, step by step. A value;
/// all functions are pure.
///
///   now                                       what changes
///   does not listen at that address           listens on every address, so that programs here keep
///                                             theirs: IPv4's, or both families' where one needs it
///   asks for no password                      asks for the one that is given here
///   no list of clients, listened on loopback  "private" for a private address; otherwise loopback
///                                             and the network of the address
///   no list of clients, listened beyond       nothing: those who can connect now may need to
///   a list without that network               the network is added: nobody is shut out
class Sharing
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::Sharing)

public:
    enum class Change { ListenEverywhere, AskForPassword, LetInPrivate, LetInNetwork };

    /// `fresh` is used if the proxy asks for no password yet.
    Sharing(const config::Settings &now, const OwnAddress &own, const policy::Credentials &fresh);

    /// If empty, a device in that network can already use the proxy, with a password, while it
    /// runs.
    [[nodiscard]] const QList<Change> &changes() const { return m_changes; }
    /// The settings with all changes applied.
    [[nodiscard]] const config::Settings &wanted() const { return m_wanted; }
    /// What the change means, for the user.
    [[nodiscard]] QString sentence(Change change) const;
    /// What in the environment or the command line prevents a change, and what to do about it: one
    /// sentence for each change that cannot be made.
    [[nodiscard]] QStringList obstacles(const SettingsStore &store) const;

    /// Twelve letters and digits, easy to type on a phone keyboard: about 60 bits, and guessers are
    /// blocked.
    [[nodiscard]] static policy::Credentials madeUpCredentials();

private:
    void planListening(const OwnAddress &own);
    void planClients(const OwnAddress &own);
    [[nodiscard]] config::Settings with(Change change) const;
    [[nodiscard]] QString remedy(Change change) const;

    config::Settings m_now;
    config::Settings m_wanted;
    QList<Change> m_changes;
};

} // namespace sami::gui
