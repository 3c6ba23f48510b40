// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "net/descriptor.h"
#include "server/doorspec.h"
#include "server/listener.h"

#include <QHash>
#include <QObject>
#include <QThread>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace sami::server {

/// The accept thread and its doors: every address that the proxy listens on. Owned by the running
/// proxy and used in its thread; each call waits for the accept thread's answer.
///
/// A change takes two steps, so that new access rules can be published in between: prepare() binds,
/// the caller publishes the rules, commit() accepts.
///
/// | a door that                                 | at prepare()                    | at commit() |
/// |---------------------------------------------|---------------------------------|-------------|
/// | is requested and exists                     | stays, with its backlog         | opens if it |
/// |                                             |                                 | is not open |
/// | is requested and does not exist             | is bound; accepts nothing       | opens       |
/// | is no longer requested, and is open         | goes on                         | closes      |
/// | the same, but a new one wants its port      | closes; nothing else could bind | -           |
/// |                                             | there                           |             |
/// | is no longer requested, and was only        | closes                          | -           |
/// | prepared                                    |                                 |             |
///
/// A change of a door's address or kind counts as one door that is no longer requested and another
/// that does not exist. If one of the new doors fails, everything stays as it was: nothing new is
/// bound, and the doors that made way are bound again.
class Doors
{
    Q_DISABLE_COPY_MOVE(Doors)

public:
    /// Bound, listening sockets that another process opened, keyed by DoorSpec::id.
    using Inherited = std::map<QByteArray, net::Descriptor>;

    explicit Doors(config::Backend eventDispatcher);
    /// Closes everything, prepared doors included.
    ~Doors();

    /// Call it before commit().
    void setAcceptor(Listener::Acceptor acceptor);
    /// The keepalive of future connections (Listener::setKeepalive()). Call it before commit(), and
    /// whenever it changes.
    void setKeepalive(std::chrono::seconds idle);
    /// Prepares the whole list of requested doors, each id once. A door that does not exist takes
    /// the inherited socket of its id, if there is one and it fits (net::takeOverListener());
    /// otherwise it is bound. The error says what is wrong and what to do.
    ///
    /// Closes the inherited sockets that became no door; on failure, all of them. Keep copies
    /// (dup()) to try again.
    [[nodiscard]] Result<void, QString> prepare(const std::vector<DoorSpec> &specs,
                                                Inherited inherited = {});
    /// Accepts on the prepared doors and nowhere else. Does nothing if none was prepared.
    void commit();
    /// Where a door listens, or is prepared to; with the real port where 0 was requested. Null if
    /// there is no such door. A door that was lost by a failure keeps its last address.
    [[nodiscard]] SocketAddress where(const QByteArray &id) const { return m_where.value(id); }

private:
    struct Door
    {
        enum class State : quint8 {
            Prepared, ///< is bound, accepts nothing
            Open,     ///< accepts
            Leaving,  ///< accepts, until commit()
        };

        DoorSpec spec;
        std::unique_ptr<Listener> listener; ///< lives in the thread; null: closed to make way
        SocketAddress where {};             ///< the listener's address, or its last one
        State state = State::Prepared;

        [[nodiscard]] bool matches(const DoorSpec &asked) const;
    };

    // These run in the accept thread.
    [[nodiscard]] Result<void, QString> change(const std::vector<DoorSpec> &specs,
                                               Inherited &inherited);
    [[nodiscard]] Result<Door, QString> make(const DoorSpec &spec, Inherited &inherited) const;
    [[nodiscard]] QString reopenClosed();
    void call(const std::function<void()> &action);

    QThread m_thread;
    QObject m_anchor; ///< lives in the thread; calls are posted to it
    Listener::Acceptor m_acceptor;
    int m_keepaliveSeconds = 0;
    std::vector<Door> m_doors;
    QHash<QByteArray, SocketAddress> m_where;
};

} // namespace sami::server
