// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/activation.h"

#include "http/persistence.h"
#include "route/layereddialer.h"

#include <QSysInfo>

#include <optional>
#include <utility>

namespace sami::server {

namespace {

/// The names by which others may reach this machine.
QList<QByteArray> ownNames(const config::Settings &settings)
{
    const QByteArray host = QSysInfo::machineHostName().toUtf8();
    QList<QByteArray> names;
    if (!host.isEmpty())
        names.append(host);
    for (const config::ServerName &name : settings.tls.names) {
        if (!name.isAddress())
            names.append(name.toByteArray());
    }
    return names;
}

} // namespace

users::RosterWatch::Source usersSource(const config::Settings &settings)
{
    const std::optional<policy::Credentials> &pair = settings.access.credentials;
    return { settings.users.file, pair ? pair->username : QByteArray() };
}

Activation::Activation(const config::Settings &first, MachineNetworks networks,
                       door::DoorCertificate door, users::RosterWatch users)
    : m_resolver(std::make_shared<net::Resolver>()),
      m_tls(std::make_shared<net::TlsClientConfig>()),
      m_parents(std::make_shared<route::ParentHealth>()), m_networks(std::move(networks)),
      m_door(std::move(door)), m_users(std::move(users)), m_current(make(first, 1))
{}

ActiveSettingsPtr Activation::make(const config::Settings &settings, quint64 generation) const
{
    auto dialer = std::make_shared<route::LayeredDialer>(
        m_resolver, m_tls, settings.sockets == config::Backend::Qt, settings.upstream.exit);
    ActiveSettings active {
        settings,        policy::AccessPolicy(settings.access, m_networks.privateClients()),
        dialer,          m_networks.current(),
        generation,      http::keepAliveHint(settings.timeouts.keepAlive),
        m_door.context()
    };
    const config::ParentSettings &parents = settings.upstream.parents;
    m_parents->setParents(parents.list, Clock::now());
    if (!parents.list.isEmpty()) {
        active.parents = std::make_shared<route::ParentDialer>(dialer, m_parents, parents);
        active.dialer = active.parents;
        active.ownNames = ownNames(settings);
    }
    active.users = m_users.roster();
    return std::make_shared<const ActiveSettings>(std::move(active));
}

void Activation::renew(const config::Settings &settings, door::DoorCertificate next,
                       users::RosterWatch users)
{
    m_door = std::move(next);
    m_users = std::move(users);
    m_resolver->clearCache();
    m_tls->load(settings.upstream.caFile);
    m_networks.refresh();
    m_current = make(settings, m_current->generation + 1);
}

/// The same settings with a change, as a new generation.
template <typename Change> void Activation::replace(Change change)
{
    ActiveSettings next = *m_current;
    change(next);
    ++next.generation;
    m_current = std::make_shared<const ActiveSettings>(std::move(next));
}

bool Activation::refreshNetworks()
{
    if (!m_networks.refresh())
        return false;
    // A new network (a VPN, for example) may resolve the same names to other addresses.
    m_resolver->clearCache();
    replace([this](ActiveSettings &next) {
        next.ownNetworks = m_networks.current();
        next.policy = policy::AccessPolicy(next.settings.access, m_networks.privateClients());
    });
    m_parents->networkChanged(Clock::now());
    return true;
}

bool Activation::refreshUsers(users::RosterWatch::Trust trust)
{
    if (!m_users.look(trust))
        return false;
    replace([this](ActiveSettings &next) { next.users = m_users.roster(); });
    return true;
}

bool Activation::refreshDoor(TimePoint now)
{
    if (!m_door.look(now))
        return false;
    replace([this](ActiveSettings &next) { next.identity = m_door.context(); });
    return true;
}

} // namespace sami::server
