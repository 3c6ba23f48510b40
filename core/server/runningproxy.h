// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/changes.h"
#include "account/snapshot.h"
#include "base/result.h"
#include "config/settings.h"
#include "server/activation.h"
#include "server/context.h"
#include "server/doors.h"
#include "server/drain.h"
#include "server/engine.h"
#include "server/vitals.h"
#include "server/workerpool.h"

#include <QDate>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace sami::server {

/// Everything that exists between a start and a stop, and the order in which it comes into force:
/// bind, publish, accept. Owned by the façade; main thread. Its destructor cuts what runs.
///
/// More than twelve public methods: the façade passes an engine's commands and questions on, one by
/// one.
class RunningProxy : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunningProxy)

public:
    /// Listens at once, and accepts as soon as TLS is loaded. The error is for a person.
    [[nodiscard]] static Result<std::unique_ptr<RunningProxy>, QString>
    start(const config::Settings &settings);
    ~RunningProxy() override;

    /// Puts new settings in force. A new address uses the new rules from its first connection on;
    /// if it cannot be bound, the old rules stay.
    [[nodiscard]] Result<void, QString> apply(const config::Settings &settings);
    /// drained() follows when nothing is left or `grace` is over. A second call does nothing.
    void drain(std::optional<std::chrono::milliseconds> grace);
    /// Reads the users file now, because this process has changed it.
    void readUsers();
    /// Logs how often lines were left out since the last report (account::LineRate).
    void reportLeftOut();

    [[nodiscard]] account::Snapshot snapshot(TimePoint now) const;
    /// The current state, without finished work and blocks.
    [[nodiscard]] account::ChangeTracker::Sight sight(TimePoint now) const;
    [[nodiscard]] account::Totals totals() const;
    [[nodiscard]] SharedState &shared() { return m_shared; }
    [[nodiscard]] WorkerPool &workers() { return m_workers; }
    /// The settings as adjusted to the machine.
    [[nodiscard]] Effective effective() const;
    /// The certificate that the door shows now; null if there is no TLS.
    [[nodiscard]] std::shared_ptr<const net::TlsContext> identity() const
    {
        return m_activation.current()->identity;
    }
    /// The users of the file who are let in; null: no users file.
    [[nodiscard]] const users::RosterPtr &users() const { return m_activation.users().roster(); }
    [[nodiscard]] const policy::PrivateClients &privateClients() const
    {
        return m_activation.privateClients();
    }
    [[nodiscard]] VitalsSource::Published published() const;

Q_SIGNALS:
    /// The networks or the door's certificate have changed. From the event loop.
    void refreshed();
    /// From the event loop.
    void drained();

private:
    RunningProxy(const MachineBounds &bounds, Activation activation, int threads);

    [[nodiscard]] Result<void, QString> listen(const config::Settings &settings);
    void limitPlaces(const config::Settings &settings);
    void loadTls(const QString &caFile);
    void startAccepting();
    void pollDrain();
    void doHousekeeping();
    void refreshUsers(users::RosterWatch::Trust trust);
    void tellGatekeeper();
    void addCounted(account::Totals &totals) const;

    Activation m_activation; ///< before the workers, which get its settings
    SharedState m_shared;
    WorkerPool m_workers;
    Doors m_doors;            ///< after the workers, which get their connections
    bool m_mayAccept = false; ///< TLS is loaded, or took too long
    std::optional<Drain> m_drain;
    QTimer m_tlsPatience;
    QTimer m_housekeeping;
    QTimer m_usersSettling; ///< the users file has changed, and may be half written
    QDate m_usersDay;       ///< the UTC day of the last look at the users
    QTimer m_drainPoll;
};

} // namespace sami::server
