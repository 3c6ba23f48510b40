// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "../../fuzz/fakewire.h"
#include "server/clientsession.h"
#include "server/firstoctets.h"
#include "serverrig.h"

#include <QCoreApplication>

#include <memory>
#include <optional>

namespace rig {

/// A freshly accepted connection on simulated wires. The client is 198.51.100.7, and every name
/// resolves to 8.8.8.8 unless the test says otherwise.
class Door
{
public:
    explicit Door(const sami::config::Settings &settings = {}) : m_proxy(settings)
    {
        dialer->resolved = QHostAddress(0x08080808);
        dialer->isForTunnel = [] { return true; };
        m_proxy.active.dialer = dialer;
        m_proxy.shared.places.setLimits({ 10, 0 });
        m_context.shared = &m_proxy.shared;
        m_context.active = std::make_shared<const sami::server::ActiveSettings>(m_proxy.active);
        m_context.pool = &m_pool;
    }

    /// Changes what is in force. Before accept().
    template <typename Change> void prepare(Change change)
    {
        change(m_proxy.active);
        m_context.active = std::make_shared<const sami::server::ActiveSettings>(m_proxy.active);
    }

    /// `isCrowded`: above the limit of all connections.
    void accept(bool isCrowded = false)
    {
        using namespace sami;
        session.reset();
        client = std::make_shared<fuzzing::Wire>();
        net::StreamPtr stream(new fuzzing::FakeStream(client, m_proxy.shared.budgets));
        std::optional<server::Places::Place> taken;
        if (isCrowded) {
            m_proxy.shared.places.setLimits({ 1, 0 });
            taken.emplace(m_proxy.shared.places.take(QHostAddress(0x01010101)));
        }
        auto row = m_proxy.shared.books.registry.add(stream->peerAddress(), Clock::now());
        record = &*row;
        session = std::make_unique<server::ClientSession>(
            std::move(stream), std::move(row), m_proxy.shared.places.take(record->client().address),
            m_context, server::FirstOctets::make, [this] { isClosed = true; });
        isClosed = false;
        session->start();
        turn();
    }

    void say(const QByteArray &octets)
    {
        client->sent += octets;
        turn();
    }

    /// Runs both peers and the event loop until all are quiet.
    void turn()
    {
        for (int quiet = 0; quiet < 2; ++quiet) {
            QCoreApplication::sendPostedEvents();
            bool isBusy = client->stream && client->stream->turn();
            for (const sami::fuzzing::WirePtr &wire : dialer->wires)
                isBusy = (wire->stream && wire->stream->turn()) || isBusy;
            if (isBusy)
                quiet = -1;
        }
    }

    /// Takes effect at once, also for this connection.
    void apply(const sami::config::Settings &settings)
    {
        using namespace sami;
        m_proxy.active = { settings, policy::AccessPolicy(settings.access), dialer, {} };
        m_context.active = std::make_shared<const server::ActiveSettings>(m_proxy.active);
        session->settingsChanged();
        turn();
    }

    [[nodiscard]] sami::server::SharedState &shared() { return m_proxy.shared; }
    /// The last finished work: "403 proxy refused client_not_listed".
    [[nodiscard]] QByteArray end()
    {
        const QList<sami::account::FinishedWork> all = finished();
        if (all.isEmpty())
            return "none";
        const sami::account::FinishedWork &work = all.constLast();
        return (QByteArray::number(work.status) + ' ' + toString(work.ending.by) + ' '
                + toString(work.ending.how) + ' ' + work.ending.reason.code())
            .trimmed();
    }
    [[nodiscard]] QList<sami::account::FinishedWork> finished()
    {
        return m_proxy.shared.books.finished->recent();
    }

    std::shared_ptr<sami::fuzzing::FakeDialer> dialer =
        std::make_shared<sami::fuzzing::FakeDialer>();
    sami::fuzzing::WirePtr client = std::make_shared<sami::fuzzing::Wire>();
    sami::account::ConnectionRecord *record = nullptr; ///< the session's
    bool isClosed = false;

private:
    rig::Proxy m_proxy;
    sami::route::UpstreamPool m_pool;
    sami::server::WorkerContext m_context;

public:
    std::unique_ptr<sami::server::ClientSession> session; ///< declared after what it borrows
};

} // namespace rig
