// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/engine.h"

#include <functional>
#include <random>

namespace sami::gui {

/// A core that a test scripts: its connections, finished work and refusals are plain lists that
/// the test fills, or that churn() lets come and go. It notes what it was asked for.
class FakeEngine final : public server::Engine
{
    Q_OBJECT

public:
    explicit FakeEngine(QObject *parent = nullptr) : Engine(parent) {}

    /// A connection with values that follow from its id; it is not in the list yet.
    [[nodiscard]] static account::ConnectionSnapshot makeConnection(quint64 id);
    [[nodiscard]] static account::FinishedWork makeWork(quint64 id, const QByteArray &host);
    [[nodiscard]] static account::RefusalRow makeRefusal(const char *client, const QByteArray &host,
                                                         quint16 port, const QByteArray &reason);

    /// As many live connections more, with the next ids.
    void addConnections(int count);
    void end(quint64 id);
    /// Puts it where its id belongs, in place of one of the same id.
    void put(const account::ConnectionSnapshot &row);
    [[nodiscard]] account::ConnectionSnapshot &connection(quint64 id);
    /// One second: of a hundred connections as many as `percent` end, as many come, every second
    /// one of the others moves octets. Always the same from the same start.
    void churn(int percent);
    /// All others are a second older.
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
    void expectOwn(const SocketAddress &client) override { own.append(client); }
    void closeConnection(quint64 id) override { closed.append(id); }
    void closeAllConnections() override { ++closesOfAll; }
    void liftBlock(const QHostAddress &client, QObject *context,
                   std::function<void(bool)> answer) override;
    void since(quint64 revision, QObject *context,
               std::function<void(const account::Changes &)> answer) override;

    /// Gives the answers that were held back, from the event loop, as if the engine were far away.
    void release();

    // The script.
    QList<account::ConnectionSnapshot> connections; ///< by id
    QList<account::FinishedWork> finished;          ///< oldest first
    QList<account::RefusalRow> refused;
    QList<account::BlockRow> blocked;
    route::ParentsOverview servers;
    account::Totals sums; ///< what totals() adds the live connections to
    bool running = true;
    SocketAddress address { QHostAddress(QHostAddress::LocalHost), 8080 };
    QString startError; ///< when it is to fail
    QString applyError;
    std::function<void()> whileApplying; ///< what happens in the meantime
    bool holdsAnswers = false;           ///< to start and apply, until release()

    // What was asked for.
    int starts = 0;           ///< that succeeded
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
    TimePoint m_now { std::chrono::hours(1) }; ///< of ageAll()
    mutable server::Effective m_effective;
    quint64 m_nextId = 1;
    std::minstd_rand m_dice; // NOLINT: the same rows at each run
};

} // namespace sami::gui
