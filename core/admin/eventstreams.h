// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/changes.h"
#include "admin/adminconnection.h"
#include "admin/observer.h"
#include "base/clock.h"

#include <QByteArray>
#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <map>
#include <optional>

namespace sami::server {
struct Condition;
}

namespace sami::admin {

/// The streams of events. Once a second, each stream that has taken its last event gets what has
/// changed since. A slow reader gets fewer events, each with everything that changed meanwhile, so
/// nothing has to be queued for it. Runs no timer while there is no stream. Owned by the house, in
/// its thread.
///
///     event       when                                                      its id
///     status      first; and when a part of it that does not move           -
///                 by itself has changed
///     changes     second, with everything, or the changes since             its revision
///                 Last-Event-ID; then whenever there are changes
///     a comment   15 s without either                                       -
class EventStreams : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventStreams)

public:
    static constexpr std::chrono::seconds interval { 1 };
    static constexpr std::chrono::seconds heartbeat { 15 };

    using FindConnection = std::function<AdminConnection *(quint64 id)>;
    using StillCounts = std::function<bool(const AdminCaller &caller)>;
    using ReadCondition = std::function<server::Condition()>;

    EventStreams(Observer &observer, ReadCondition condition, FindConnection find);
    ~EventStreams() override;

    /// The connection is in its Events state, and the observer is up to date.
    void add(quint64 connection, const Request &request);
    void remove(quint64 connection);
    /// Ends those whose caller is no longer authorised.
    void endRevoked(const StillCounts &stillCounts);
    /// Drops the state if there has been no stream for a while.
    void tidy(TimePoint now);

private:
    struct Stream
    {
        AdminCaller caller;
        QJsonObject status; ///< the steady part of what it was last sent
        TimePoint toldAt {};
        // What it was last sent.
        quint64 revision = 0;
        account::Totals totals {};
        account::RunState state {};

        [[nodiscard]] bool isNews(const account::Changes &changes) const;
        void told(const account::Changes &changes);
    };

    void look();
    void tell(TimePoint now);
    void send(quint64 id, Stream &stream, const QByteArray &text, TimePoint now);
    [[nodiscard]] account::Changes changesSince(quint64 revision);
    [[nodiscard]] QByteArray changesEvent(const account::Changes &news) const;

    Observer &m_observer;
    ReadCondition m_condition;
    FindConnection m_find;
    /// Added to the revisions that clients see, so that a revision from another run of the program
    /// counts as unknown.
    const quint64 m_base;
    account::ChangeTracker m_tracker;
    std::map<quint64, Stream> m_streams; ///< by connection
    TimePoint m_emptySince {};
    QTimer m_tick;
};

/// "event: NAME", "id: …" if there is one, "data: …", an empty line.
[[nodiscard]] QByteArray eventText(const char *name, const QJsonObject &data,
                                   std::optional<quint64> id = {});

} // namespace sami::admin
