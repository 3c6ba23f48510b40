// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QSslConfiguration>
#include <QString>

#include <functional>
#include <memory>
#include <thread>

namespace sami::net {

/// The TLS configuration towards upstreams: the system's trust list and PROXY_UPSTREAM_CA_FILE,
/// verification always on, ALPN http/1.1. Loading the trust list costs 110 ms of CPU, so it is
/// loaded once, at the first need, on a thread that is no worker, and shared.
///
/// Thread-safe; held by shared_ptr by whoever dials.
class TlsClientConfig
{
    Q_DISABLE_COPY_MOVE(TlsClientConfig)

public:
    using Callback = std::function<void(const QSslConfiguration &)>;

    /// `caFile`: PEM, added to the system's list; empty for none.
    explicit TlsClientConfig(QString caFile = {});
    ~TlsClientConfig();

    /// Hands the configuration over by a queued call in `context`'s thread.
    void request(QObject *context, Callback callback);

private:
    struct State;
    std::shared_ptr<State> m_state;
    std::thread m_loader;
};

} // namespace sami::net
