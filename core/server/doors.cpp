// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/doors.h"

#include "net/eventdispatcher.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sami::server {

Doors::Doors(config::Backend eventDispatcher)
{
    if (eventDispatcher == config::Backend::Native)
        net::installEventDispatcher(m_thread);
    m_thread.setObjectName(QStringLiteral("sami-accept"));
    m_anchor.moveToThread(&m_thread);
    m_thread.start();
}

Doors::~Doors()
{
    call([this] { m_doors.clear(); });
    m_thread.quit();
    m_thread.wait();
}

void Doors::setAcceptor(Listener::Acceptor acceptor)
{
    m_acceptor = std::move(acceptor);
}

void Doors::setKeepalive(std::chrono::seconds idle)
{
    call([this, seconds = static_cast<int>(idle.count())] {
        m_keepaliveSeconds = seconds;
        for (const Door &door : m_doors)
            door.listener->setKeepalive(seconds);
    });
}

Result<void, QString> Doors::prepare(const std::vector<DoorSpec> &specs, Inherited inherited)
{
    std::optional<Result<void, QString>> result;
    call([&] { result.emplace(change(specs, inherited)); });
    return std::move(*result);
}

void Doors::commit()
{
    call([this] {
        std::erase_if(m_doors, [](const Door &door) { return door.state == Door::State::Leaving; });
        for (Door &door : m_doors) {
            if (door.state == Door::State::Prepared)
                door.listener->startAccepting();
            door.state = Door::State::Open;
        }
    });
}

bool Doors::Door::matches(const DoorSpec &asked) const
{
    return asked.id == spec.id && asked.kind == spec.kind && asked.address == spec.address
        && (asked.port == spec.port || asked.port == where.port);
}

Result<void, QString> Doors::change(const std::vector<DoorSpec> &specs, Inherited &inherited)
{
    std::vector<DoorSpec> missing;
    std::vector<Door *> staying;
    for (const DoorSpec &spec : specs) {
        const auto found = std::find_if(m_doors.begin(), m_doors.end(),
                                        [&](const Door &door) { return door.matches(spec); });
        if (found == m_doors.end())
            missing.push_back(spec);
        else
            staying.push_back(&*found);
    }
    const auto stays = [&staying](const Door &door) {
        return std::find(staying.begin(), staying.end(), &door) != staying.end();
    };
    // An address cannot be bound while the same port is bound at another address or at all of them.
    for (Door &door : m_doors) {
        const auto wantsItsPort = [&door](const DoorSpec &spec) {
            return spec.port != 0 && spec.port == door.where.port;
        };
        if (!stays(door) && std::any_of(missing.begin(), missing.end(), wantsItsPort))
            door.listener.reset();
    }
    std::vector<Door> made;
    for (const DoorSpec &spec : missing) {
        auto door = make(spec, inherited);
        if (!door) {
            made.clear();
            return Unexpected(door.error() + reopenClosed());
        }
        made.push_back(std::move(*door));
    }
    // Nothing can fail from here on.
    for (Door &door : m_doors) {
        const bool isStaying = stays(door);
        if (!door.listener || (!isStaying && door.state == Door::State::Prepared))
            continue;
        if (door.state != Door::State::Prepared)
            door.state = isStaying ? Door::State::Open : Door::State::Leaving;
        made.push_back(std::move(door));
    }
    m_doors = std::move(made);
    m_where.clear();
    for (const Door &door : m_doors) {
        if (door.state != Door::State::Leaving)
            m_where.insert(door.spec.id, door.where);
    }
    return {};
}

Result<Doors::Door, QString> Doors::make(const DoorSpec &spec, Inherited &inherited) const
{
    Door door { spec, std::make_unique<Listener>(spec, m_acceptor) };
    const SocketAddress asked { spec.address, spec.port };
    auto node = inherited.extract(spec.id);
    auto ready = node ? door.listener->takeOver(std::move(node.mapped()), asked)
                      : door.listener->bind(asked);
    if (!ready)
        return Unexpected(std::move(ready).error());
    door.listener->setKeepalive(m_keepaliveSeconds);
    door.where = door.listener->where();
    return door;
}

/// Rolls back after a failure: binds again the doors that made way. Returns which of them were
/// lost.
QString Doors::reopenClosed()
{
    QString lost;
    for (Door &door : m_doors) {
        if (door.listener)
            continue;
        auto listener = std::make_unique<Listener>(door.spec, m_acceptor);
        // The port that it had: the spec may only say 0.
        if (auto bound = listener->bind({ door.spec.address, door.where.port }); !bound) {
            lost += QStringLiteral("; and the old address is lost: ") + bound.error();
            continue;
        }
        door.listener = std::move(listener);
        door.listener->setKeepalive(m_keepaliveSeconds);
        if (door.state != Door::State::Prepared)
            door.listener->startAccepting();
    }
    std::erase_if(m_doors, [](const Door &door) { return !door.listener; });
    return lost;
}

void Doors::call(const std::function<void()> &action)
{
    QMetaObject::invokeMethod(&m_anchor, action, Qt::BlockingQueuedConnection);
}

} // namespace sami::server
