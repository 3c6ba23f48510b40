// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/engine.h"

#include <functional>
#include <random>

namespace sami::gui {

/// A core that a test scripts. Its connections, finished work and refusals are plain lists that the
/// test fills, or that churn() varies. It records what it was asked to do.
class FakeEngine final : public server::Engine
{
    Q_OBJECT

public:
    explicit FakeEngine(QObject *parent = nullptr) : Engine(parent) {}

    /// A connection whose values derive from its id; not in the list yet.
    [[nodiscard]] static account::ConnectionSnapshot makeConnection(quint64 id);
    [[nodiscard]] static account::FinishedWork makeWork(quint64 id, const QByteArray &host);
    [[nodiscard]] static account::RefusalRow makeRefusal(const char *client, const QByteArray &host,
                                                         quint16 port, const QByteArray &reason);

    /// Adds that many live connections, with the next ids.
    void addConnections(int count);
    void end(quint64 id);
    /// Inserts it in id order, or replaces the one with the same id.
    void put(const account::ConnectionSnapshot &row);
    [[nodiscard]] account::ConnectionSnapshot &connection(quint64 id);
    /// Simulates one second: `percent` of the connections end, as many start, and every other one
    /// of the rest moves bytes. Deterministic.
    void churn(int percent);
    /// Makes all others that much older.
    void ageAll(std::chrono::milliseconds by);

    void start(const config::Settings &settings, QObject *context, Answer answer) override;
    void apply(const config::Settings &settings, QObject *context, Answer answer) override;
    void drain(std::optional<std::chrono::milliseconds> grace) override;
    void stop() override;
    [[nodiscard]] const server::Effective *effective() const override;
    [[nodiscard]] account::Snapshot snapshot() const override;
    [[nodiscard]] account::Totals totals() const override;
    [[nodiscard]] QList<account::FinishedWork> finishedWork() const override;
    [[nodiscard]] QList<account::RefusalRow> refusals() const override;
    [[nodiscard]] QList<account::BlockRow> blocks() const override { return blocked; }
    [[nodiscard]] route::ParentsOverview parents() const override { return servers; }
    [[nodiscard]] policy::PrivateClients privateClients() const override { return privates; }
    void expectOwn(const SocketAddress &client) override { own.append(client); }
    void closeConnection(quint64 id) override { closed.append(id); }
    void closeAllConnections() override { ++closesOfAll; }
    void liftBlock(const QHostAddress &client, QObject *context,
                   std::function<void(bool)> answer) override;
    void since(quint64 revision, QObject *context,
               std::function<void(const account::Changes &)> answer) override;

    /// Delivers the answers that were held back, from the event loop, as a remote engine would.
    void release();

    // The script.
    QList<account::ConnectionSnapshot> connections; ///< in id order
    QList<account::FinishedWork> finished;          ///< oldest first
    QList<account::RefusalRow> refused;
    QList<account::BlockRow> blocked;
    route::ParentsOverview servers;
    policy::PrivateClients privates;
    account::Totals sums; ///< what totals() adds the live connections to
    bool running = true;
    SocketAddress address { QHostAddress(QHostAddress::LocalHost), 8080 };
    QString startError; ///< makes start() fail
    QString applyError;
    std::function<void()> whileApplying; ///< runs between request and answer
    bool holdsAnswers = false;           ///< those of start and apply, until release()

    // The record of requests.
    int starts = 0;           ///< the successful ones
    QList<SocketAddress> own; ///< announced as the program's own
    QList<quint64> closed;
    int closesOfAll = 0;
    QList<QHostAddress> lifted;
    QList<config::Settings> applied;
    mutable int snapshotsTaken = 0;
    mutable int finishedReads = 0;
    mutable int refusalReads = 0;

private:
    void answerInTime(const Outcome &outcome, QObject *context, Answer answer);

    QList<std::function<void()>> m_held;
    account::ChangeTracker m_changes;
    TimePoint m_now { std::chrono::hours(1) }; ///< ageAll()'s clock
    mutable server::Effective m_effective;
    quint64 m_nextId = 1;
    std::minstd_rand m_dice; // NOLINT: the same rows at each run
};

} // namespace sami::gui
