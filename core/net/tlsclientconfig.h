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

/// What upstreams are verified against.
struct TlsTrust
{
    QList<QSslCertificate> authorities;
    std::shared_ptr<const TlsContext> context; ///< made of these, for TlsHandshake; never null
};

/// What TLS to upstreams needs: the library, and the list of trusted CAs, which is the system's
/// plus PROXY_UPSTREAM_CA_FILE. Qt says whether there is a library; authorities.h reads the list.
/// Verification is always on; ALPN is http/1.1.
///
/// Loading takes 110 ms of CPU, so it runs on its own thread, once for everything that dials. It
/// needs descriptors, which may run short later, so it runs at the start. Qt looks for its TLS
/// library once per process, and remembers a failure. Each load() reads the list again. A failed
/// read never replaces known data:
///
///     the load brought                 in use afterwards           tried again
///     the list, and the file if set    exactly these               by load()
///     only one of the two              it, and the known other     on demand, every 5 s at most
///     nothing, or no descriptors left  what was known before       on demand, every 5 s at most
///
/// A file with another name is not known data: a file that the settings no longer name is dropped.
///
/// Thread-safe; everything that dials shares it by shared_ptr.
class TlsClientConfig
{
    Q_DISABLE_COPY_MOVE(TlsClientConfig)

public:
    static constexpr std::chrono::seconds retryInterval { 5 };

    /// The result of one load.
    struct Material
    {
        bool hasLibrary = false;
        bool isShort = false; ///< descriptors ran out: the lists may be incomplete
        QList<QSslCertificate> system;
        QList<QSslCertificate> added; ///< from the file
    };
    /// Blocks; called only on the loading thread.
    using Source = std::function<Material(const QString &caFile)>;
    using Answer = Result<TlsTrust, DialError>;
    using Callback = std::function<void(const Answer &)>;
    using Now = std::function<TimePoint()>;

    [[nodiscard]] static Material ofThisMachine(const QString &caFile);

    /// `now` dates the retries; thread-safe.
    explicit TlsClientConfig(Source source = &TlsClientConfig::ofThisMachine,
                             Now now = &Clock::now);
    /// Waits for a running load, which takes about a tenth of a second. A detached thread would
    /// still use Qt's statics while the process destroys them.
    ~TlsClientConfig();

    /// Reads the list again at each call. `caFile` is PEM, or empty. If there is a context, `over`
    /// is called from the event loop of its thread once the load has ended, whatever the result.
    void load(QString caFile, QObject *context = nullptr, std::function<void()> over = {});
    /// Delivers the trust, or why there is none, by a queued call in `context`'s thread: the result
    /// of the last load() before this call. So it waits for a running load(), but not for later
    /// ones.
    void request(QObject *context, Callback callback);
    /// For handshakes with pinned keys, which need no CAs: available at once, independent of
    /// load(). Made on first use; null on failure.
    [[nodiscard]] std::shared_ptr<const TlsContext> withoutAuthorities();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace sami::net
