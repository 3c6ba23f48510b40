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

/// The accept thread and the doors in it: every address that the proxy listens at. Owned by the
/// façade and used in its thread; each call waits for the accept thread's answer.
///
/// A change takes two steps, so that what judges the connections can be put in force in between:
/// prepare() binds, the caller publishes the rules, commit() accepts.
///
/// | a door that                                | at prepare()                     | at commit() |
/// |--------------------------------------------|----------------------------------|-------------|
/// | is asked for, and is there                 | stays, with who waits in its     | opens if it |
/// |                                            | backlog                          | is not open |
/// | is asked for, and is not there             | is bound; accepts nothing        | opens       |
/// | is asked for no more, and is open          | goes on                          | closes      |
/// | the same, but a new one wants its port     | closes, or nothing else can be   | -           |
/// |                                            | bound there                      |             |
/// | is asked for no more, and was only prepared | closes                          | -           |
///
/// A door whose address or kind changes is one that is asked for no more, and another one that is
/// not there. When one of the new doors cannot be had, all is as it was before: nothing new is
/// bound, and what had to close first is back.
class Doors
{
    Q_DISABLE_COPY_MOVE(Doors)

public:
    /// Bound, listening sockets that another process opened, by DoorSpec::id.
    using Inherited = std::map<QByteArray, net::Descriptor>;

    explicit Doors(config::Backend eventDispatcher);
    /// Closes everything, what was prepared and not opened too.
    ~Doors();

    /// Before commit().
    void setAcceptor(Listener::Acceptor acceptor);
    /// What connections are to have from then on (Listener::setKeepalive()); before commit(), and
    /// whenever it changes.
    void setKeepalive(std::chrono::seconds idle);
    /// Makes ready what is asked for: the whole list, each id once. A door that is not there takes
    /// the inherited socket of its id, if there is one and it fits (net::takeOverListener()), or is
    /// bound. The error says what is wrong and what to do.
    ///
    /// The inherited sockets that became no door are closed, on failure all of them: who wants to
    /// try again keeps copies (dup()).
    [[nodiscard]] Result<void, QString> prepare(const std::vector<DoorSpec> &specs,
                                                Inherited inherited = {});
    /// Accepts at what was prepared, and nowhere else. Does nothing when nothing was.
    void commit();
    /// Where a door listens, or is prepared to: the port is the real one when 0 was asked for. Null
    /// when there is no such door; the address it had when it was lost by a failure.
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
        SocketAddress where {};             ///< the listener's own, or the last one's
        State state = State::Prepared;

        [[nodiscard]] bool isWhatIsAskedFor(const DoorSpec &asked) const;
    };

    // In the thread.
    [[nodiscard]] Result<void, QString> change(const std::vector<DoorSpec> &specs,
                                               Inherited &inherited);
    [[nodiscard]] Result<Door, QString> make(const DoorSpec &spec, Inherited &inherited) const;
    [[nodiscard]] QString reopenClosed();
    void call(const std::function<void()> &action);

    QThread m_thread;
    QObject m_anchor; ///< in the thread: where calls are sent to
    Listener::Acceptor m_acceptor;
    int m_keepaliveSeconds = 0;
    std::vector<Door> m_doors;
    QHash<QByteArray, SocketAddress> m_where;
};

} // namespace sami::server
