// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/result.h"

#include <QSocketNotifier>
#include <QString>
#include <QTcpServer>
#include <QTimer>

#include <functional>
#include <memory>

namespace sami::server {

/// The listening socket. Lives in the accept thread; hands every descriptor on and keeps none.
class Listener : public QTcpServer
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Listener)

public:
    /// Runs in the accept thread, takes the descriptor over. The peer is unknown (null) where the
    /// system cannot say any more who it was.
    using Acceptor = std::function<void(qintptr descriptor, const SocketAddress &peer)>;

    explicit Listener(Acceptor acceptor, QObject *parent = nullptr);
    ~Listener() override;

    /// Binds and listens, so that clients wait in the kernel's backlog, and accepts nothing. The
    /// error says what is wrong and what to do.
    [[nodiscard]] Result<void, QString> bind(const SocketAddress &where);
    /// Accepts from now on. Once, after bind().
    void startAccepting();
    [[nodiscard]] SocketAddress where() const;

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void acceptWaiting();
    void takeRest(const QByteArray &error);
    void endRest();

    Acceptor m_acceptor;
    std::unique_ptr<QSocketNotifier> m_notifier; ///< where we accept ourselves
    QTimer m_resume;
    bool m_saidExhausted = false;
};

} // namespace sami::server
