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

/// The changes that open the proxy to the devices of one of this machine's networks. A value; all
/// functions are pure. "That address" is this machine's address in that network.
///
///   now                                       what changes
///   does not listen at that address           listens on every IPv4 address, or on every address
///                                             if IPv6 is in use: programs on this computer can
///                                             keep the address that they use now
///   has no user of its own                    gets the user `fresh`
///   no list of clients, listens on loopback   "private" for a private address; otherwise loopback
///                                             and the network of the address
///   no list of clients, listens beyond it     nothing: those who can connect now may need to
///   a list without that network               the network is added, so nobody is shut out
///   the same, and the network is private      "private" is added
///   and has no room for another device
class Sharing
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::Sharing)

public:
    enum class Change { ListenEverywhere, AskForPassword, LetInPrivate, LetInNetwork };

    /// `fresh` is used if the settings have no user of their own yet. The name must not be one of
    /// the file's: the proxy refuses such a file.
    Sharing(const config::Settings &now, const OwnAddress &own, const policy::Credentials &fresh);

    /// Empty if a device in that network can already use the running proxy, with a password.
    [[nodiscard]] const QList<Change> &changes() const { return m_changes; }
    /// The settings with all changes applied.
    [[nodiscard]] const config::Settings &wanted() const { return m_wanted; }
    /// What the change means, for the user.
    [[nodiscard]] QString sentence(Change change) const;
    /// Sentences about the changes that the environment or the command line prevents: what fixes
    /// the option, and what to do about it.
    [[nodiscard]] QStringList obstacles(const SettingsStore &store) const;

    /// A new random password of twelve lower-case letters and digits, easy to type on a phone. Its
    /// 60 bits are enough, because guessers are blocked.
    [[nodiscard]] static QByteArray generatePassword();

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
