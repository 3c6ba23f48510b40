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
///   a stream                                                       is in the list
///   whose client is not in the new list of clients                 clients
///   of another computer, when only this one can connect now        clients
///   whose host is not in the new list, and the list is enforced    destinations
///   whose port is not in the new list                              destinations
///   to a private address that may no longer be reached             destinations
///   without a user, when a password is required from now on        credentials
///   of the user in the settings, when name or password are new,    credentials
///   or only the users in the file are left
///   of a user in the file                                          none: the proxy itself cuts the
///                                                                  streams of users who are gone
///   of a connection that is idle or closing                        none: the new rules judge its
///                                                                  next request
///   that the old settings would not have let begin either          none: an earlier change has
///                                                                  asked about it
///
/// If the host is a name, its address is not known here, so no private address is found.
struct StrandedStreams
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::StrandedStreams)

public:
    // The ids of the streams; each is in the first list that applies.
    QList<quint64> clients;
    QList<quint64> destinations;
    QList<quint64> credentials;
    QStringList names; ///< of all three, without duplicates: "192.0.2.7 → api.example.com:443"

    /// `privateClients` is what "private" in a list means on this computer.
    [[nodiscard]] static StrandedStreams of(const config::Settings &before,
                                            const config::Settings &now,
                                            const QList<account::ConnectionSnapshot> &live,
                                            const policy::PrivateClients &privateClients);

    [[nodiscard]] QList<quint64> all() const { return clients + destinations + credentials; }

    /// The question to ask: how many streams of each kind, and the names of the first few.
    [[nodiscard]] QString question() const;
    [[nodiscard]] static QString title();
    [[nodiscard]] static QString closeLabel();
    [[nodiscard]] static QString finishLabel();
};

} // namespace sami::gui
