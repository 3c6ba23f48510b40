// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "door/doorcertificate.h"
#include "net/resolver.h"
#include "net/tlsclientconfig.h"
#include "route/parenthealth.h"
#include "server/context.h"
#include "server/machinenetworks.h"
#include "users/rosterwatch.h"

#include <memory>

namespace sami::server {

/// Builds the ActiveSettings that workers get, from the settings and from what is known of this
/// machine's networks. Each of them has its own generation. Owned by the running proxy; main
/// thread. It publishes nothing: its owner does, once the address is bound.
class Activation
{
public:
    /// `networks` must have been read. `door` is the certificate that these settings show; `users`
    /// are the users that their file lets in.
    Activation(const config::Settings &first, MachineNetworks networks,
               door::DoorCertificate door = door::DoorCertificate(),
               users::RosterWatch users = users::RosterWatch());

    [[nodiscard]] const ActiveSettingsPtr &current() const { return m_current; }
    [[nodiscard]] net::Resolver &resolver() const { return *m_resolver; }
    [[nodiscard]] net::TlsClientConfig &tls() const { return *m_tls; }
    [[nodiscard]] const door::DoorCertificate &door() const { return m_door; }
    [[nodiscard]] const users::RosterWatch &users() const { return m_users; }
    /// What "private" in a list of clients means on this machine.
    [[nodiscard]] const policy::PrivateClients &privateClients() const
    {
        return m_networks.privateClients();
    }

    /// Puts new settings in force. Discards cached names, and reads the trust list and our own
    /// networks again. `next` is the certificate that the settings show; `users` are the users that
    /// their file lets in.
    void renew(const config::Settings &settings, door::DoorCertificate next,
               users::RosterWatch users = users::RosterWatch());
    /// Reads this machine's addresses. Returns whether they changed; if so, current() is new and
    /// names are looked up again.
    [[nodiscard]] bool refreshNetworks();
    /// Checks the door's certificate when it is due. Returns whether it changed; if so, current()
    /// is new.
    [[nodiscard]] bool refreshDoor(TimePoint now);
    /// Reads the users file again. Returns whether the users have changed; if so, current() is new.
    /// Pass it to the gatekeeper before it is published.
    [[nodiscard]] bool
    refreshUsers(users::RosterWatch::Trust trust = users::RosterWatch::Trust::WhenSettled);

private:
    [[nodiscard]] ActiveSettingsPtr make(const config::Settings &settings,
                                         quint64 generation) const;
    template <typename Change> void replace(Change change);

    std::shared_ptr<net::Resolver> m_resolver;
    std::shared_ptr<net::TlsClientConfig> m_tls;
    std::shared_ptr<route::ParentHealth> m_parents; ///< of every list that has ever been in force
    MachineNetworks m_networks;
    door::DoorCertificate m_door;
    users::RosterWatch m_users;
    ActiveSettingsPtr m_current;
};

/// Where these settings keep their users.
[[nodiscard]] users::RosterWatch::Source usersSource(const config::Settings &settings);

} // namespace sami::server
