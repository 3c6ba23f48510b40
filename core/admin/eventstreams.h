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
struct Vitals;
}

namespace sami::admin {

/// The streams of events: once a second, while there are any, what is different since the last
/// look, told to each that has taken what it was told before. Who reads slowly is told less often,
/// and then all that changed meanwhile; nothing is kept for it but the number of a revision.
/// Belongs to the house, in its thread.
///
///     event       when                                                      its id
///     status      first; when something in it changed that does not move    -
///                 by itself
///     changes     second, with everything or the difference to              its revision
///                 Last-Event-ID; then when something is different
///     a comment   15 s without either                                       -
class EventStreams : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventStreams)

public:
    static constexpr std::chrono::seconds interval { 1 };
    static constexpr std::chrono::seconds heartbeat { 15 };

    using FindConnection = std::function<AdminConnection *(quint64 id)>;
    using StillCounts = std::function<bool(const Caller &caller)>;
    using ReadVitals = std::function<server::Vitals()>;

    EventStreams(Observer &observer, ReadVitals vitals, FindConnection find);
    ~EventStreams() override;

    /// The connection is in its Events; what is known is of now.
    void add(quint64 connection, const Request &request);
    void remove(quint64 connection);
    /// Ends those whose caller counts no more.
    void endRevoked(const StillCounts &stillCounts);
    /// Lets what is known go, if there has been no stream for long.
    void tidy(TimePoint now);

private:
    struct Stream
    {
        Caller caller;
        QJsonObject status; ///< the steady part of what it was told
        TimePoint toldAt {};
        // What it was told last.
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
    ReadVitals m_vitals;
    FindConnection m_find;
    /// Before the revisions that clients see: one that another run of the program gave is unknown.
    const quint64 m_base;
    account::ChangeTracker m_tracker;
    std::map<quint64, Stream> m_streams; ///< by connection
    TimePoint m_emptySince {};
    QTimer m_tick;
};

/// "event: NAME", "id: …" where there is one, "data: …", an empty line.
[[nodiscard]] QByteArray eventText(const char *name, const QJsonObject &data,
                                   std::optional<quint64> id = {});

} // namespace sami::admin
