// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "config/settings.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace sami::gui {

/// Streams that keep running although the new settings would no longer let them start: a running
/// stream keeps the rules it started with. A value; all functions are pure.
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
/// A private address that a name resolves to is not known here.
struct StrandedStreams
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::StrandedStreams)

public:
    // By id; each stream is in the first list that applies.
    QList<quint64> clients;
    QList<quint64> destinations;
    QList<quint64> credentials;
    QStringList names; ///< of all three, without duplicates: "192.0.2.7 → api.example.com:443"

    /// `privateClients` is what "private" in a list means on this computer.
    [[nodiscard]] static StrandedStreams of(const config::Settings &before,
                                            const config::Settings &now,
                                            const QList<account::ConnectionSnapshot> &live,
                                            const policy::PrivateClients &privateClients = {});

    [[nodiscard]] QList<quint64> all() const { return clients + destinations + credentials; }

    /// The question to ask: how many streams of each kind, and the names of the first few.
    [[nodiscard]] QString question() const;
    [[nodiscard]] static QString title();
    [[nodiscard]] static QString closeThem();
    [[nodiscard]] static QString letThemFinish();
};

} // namespace sami::gui
