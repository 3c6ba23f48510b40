// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "config/settings.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace sami::gui {

/// Streams that go on although a change of the settings would no longer let them begin: what runs
/// keeps the rules that it began with. A value; all of it is pure.
///
///   the client is not in the new list of clients                   a client
///   the new address is this computer's own, the client another's   a client
///   the host is not in the new list, and the list is enforced      a destination
///   the port is not in the new list                                a destination
///   the host is a private address that may no longer be reached    a destination
///   user name or password are new                                  credentials
///   an idle connection, or one that is closing                     none: its next request is
///                                                                  judged by the new rules
///   the old settings would not have let it begin either            none: that was asked about
///
/// A private address behind a name is not known here.
struct StrandedStreams
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::StrandedStreams)

public:
    // By id, each in the first list that it belongs to.
    QList<quint64> clients;
    QList<quint64> destinations;
    QList<quint64> credentials;
    QStringList names; ///< of all, each once: "192.0.2.7 → api.example.com:443"

    /// `privateClients` is what the word "private" of a list means on this computer.
    [[nodiscard]] static StrandedStreams of(const config::Settings &before,
                                            const config::Settings &now,
                                            const QList<account::ConnectionSnapshot> &live,
                                            const policy::PrivateClients &privateClients = {});

    [[nodiscard]] QList<quint64> all() const { return clients + destinations + credentials; }

    /// The question about them: how many of each kind, and who the first few are.
    [[nodiscard]] QString question() const;
    [[nodiscard]] static QString title();
    [[nodiscard]] static QString closeThem();
    [[nodiscard]] static QString letThemFinish();
};

} // namespace sami::gui
