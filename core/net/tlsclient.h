// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "net/dialfault.h"

#include <QList>
#include <QSslCertificate>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

namespace sami::net {

class TlsContext;

/// Whom upstreams are verified by.
struct TlsTrust
{
    QList<QSslCertificate> authorities;
    std::shared_ptr<const TlsContext> context; ///< made of these, for TlsHandshake; never null
};

/// What TLS towards upstreams needs: the library, and the list of trusted authorities, which is
/// the system's and PROXY_UPSTREAM_CA_FILE. Verification is always on, ALPN is http/1.1.
///
/// Loading costs 110 ms of CPU, so it is done on a thread of its own, once for all; and it needs
/// descriptors, which may be short later, so it is done at the start. Qt looks for its TLS library
/// once in a process and remembers that it found none. The list is read again by each load(). What
/// cannot be read is never kept:
///
///     the load brought                 in use afterwards                   tried again
///     the list, and the file if set    just these                          by load()
///     only one of the two              it, and the other as known before   at need, each 5 s at
///     most nothing, or descriptors lacked   all as known before                 at need, each 5 s
///     at most
///
/// A file of another name is not "as known before": what the settings no longer name goes.
///
/// Thread-safe; held by shared_ptr by whoever dials.
class TlsClientConfig
{
    Q_DISABLE_COPY_MOVE(TlsClientConfig)

public:
    static constexpr std::chrono::seconds retryInterval { 5 };

    /// What one load found.
    struct Material
    {
        bool hasLibrary = false;
        bool isShort = false; ///< descriptors were lacking: the lists may not be whole
        QList<QSslCertificate> system;
        QList<QSslCertificate> added; ///< of the file
    };
    /// Blocks; called on the loading thread only.
    using Source = std::function<Material(const QString &caFile)>;
    using Answer = Result<TlsTrust, DialError>;
    using Callback = std::function<void(const Answer &)>;
    using Now = std::function<TimePoint()>;

    [[nodiscard]] static Material ofThisMachine(const QString &caFile);

    /// `now` dates the retries; thread-safe.
    explicit TlsClientConfig(Source source = &TlsClientConfig::ofThisMachine,
                             Now now = &Clock::now);
    /// Waits for a load that is under way. It reads files for a tenth of a second at most; left
    /// behind, it would still use Qt's statics when the process takes them down.
    ~TlsClientConfig();

    /// Loads, again if need be. `caFile`: PEM, empty for none. `over`, if any, is called in
    /// `context`'s thread from its event loop, whatever came of it.
    void load(QString caFile, QObject *context = nullptr, std::function<void()> over = {});
    /// Hands the configuration over, or why there is none, by a queued call in `context`'s thread:
    /// what the last load() before it brought, so it waits for one that is under way, and for no
    /// load() that comes later.
    void request(QObject *context, Callback callback);
    /// For handshakes with pinned keys, which ask no authority: there at once, whatever load()
    /// brings. Made at the first need; null where it cannot be.
    [[nodiscard]] std::shared_ptr<const TlsContext> withoutAuthorities();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace sami::net
