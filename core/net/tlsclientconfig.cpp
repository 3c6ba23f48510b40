// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsclientconfig.h"

#include "base/logging.h"
#include "base/systemlimits.h"
#include "net/authorities.h"
#include "net/mailbox.h"
#include "net/tlshandshake.h"

#include <QSet>
#include <QSslSocket>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sami::net {

namespace {

constexpr char unit[] = "net.tls";

/// A system keeps each certificate twice, in a file of its own and in a bundle of all. Each
/// handshake would pay for both.
QList<QSslCertificate> withoutDuplicates(const QList<QSslCertificate> &certificates)
{
    QSet<QSslCertificate> seen;
    QList<QSslCertificate> unique;
    for (const QSslCertificate &certificate : certificates) {
        if (seen.contains(certificate))
            continue;
        seen.insert(certificate);
        unique.append(certificate);
    }
    return unique;
}

struct Waiter
{
    std::shared_ptr<Mailbox> mailbox;
    TlsClientConfig::Callback callback;

    void answer(const TlsClientConfig::Answer &answer) const
    {
        mailbox->post([callback = callback, answer] { callback(answer); });
    }
};

} // namespace

/// Shared with the loading thread, which holds the mutex except while reading.
struct TlsClientConfig::State
{
    std::mutex mutex;
    Source source;
    Now now;
    std::thread loader;
    QString caFile;         ///< of the last load()
    bool isLoading = false; ///< the loader is running
    bool isAsked = false;   ///< by a load() that has not started yet
    bool isSettled = false; ///< the last load() has finished
    bool isFirst = true;    ///< only for the loader
    TimePoint lastEnd {};

    bool hasLibrary = false;
    bool isShort = false;
    QList<QSslCertificate> system;
    QList<QSslCertificate> added;
    QString addedOf;    ///< the file that `added` came from
    QByteArray problem; ///< of the last load, empty for none
    std::optional<TlsTrust> trust;
    std::shared_ptr<const TlsContext> forPins;
    std::vector<Waiter> waiters;
    std::size_t earlier = 0; ///< how many of them came before the load() that has not started yet

    void startLoading();
    void run();
    [[nodiscard]] Material read(const QString &file);
    void take(Material material);
    [[nodiscard]] QByteArray findProblem(const Material &material) const;
    [[nodiscard]] Answer answer() const;
};

TlsClientConfig::Material TlsClientConfig::ofThisMachine(const QString &caFile)
{
    Material material;
    const bool wasShort = lacksDescriptors();
    material.hasLibrary = QSslSocket::supportsSsl();
    if (material.hasLibrary) {
        material.system = withoutDuplicates(systemAuthorities());
        if (!caFile.isEmpty())
            material.added = certificatesOf(caFile);
    }
    material.isShort = wasShort || lacksDescriptors();
    return material;
}

TlsClientConfig::TlsClientConfig(Source source, Now now) : m_state(std::make_unique<State>())
{
    m_state->source = std::move(source);
    m_state->now = std::move(now);
}

TlsClientConfig::~TlsClientConfig()
{
    std::thread loader;
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->waiters.clear();
        m_state->isAsked = false;
        loader = std::move(m_state->loader);
    }
    if (loader.joinable())
        loader.join();
}

void TlsClientConfig::load(QString caFile, QObject *context, std::function<void()> over)
{
    const std::lock_guard lock(m_state->mutex);
    if (!m_state->isAsked)
        m_state->earlier = m_state->waiters.size();
    if (context)
        m_state->waiters.push_back(
            { Mailbox::open(context), [over = std::move(over)](const Answer &) { over(); } });
    m_state->caFile = std::move(caFile);
    m_state->isSettled = false;
    m_state->isAsked = true;
    m_state->startLoading();
}

void TlsClientConfig::request(QObject *context, Callback callback)
{
    Waiter waiter { Mailbox::open(context), std::move(callback) };
    const std::lock_guard lock(m_state->mutex);
    if (m_state->isSettled && !m_state->problem.isEmpty()
        && m_state->now() >= m_state->lastEnd + retryInterval)
        m_state->startLoading();
    const Answer answer = m_state->answer();
    // During a re-read the known list suffices; without one, wait.
    if (m_state->isSettled && (answer || !m_state->isLoading))
        waiter.answer(answer);
    else
        m_state->waiters.push_back(std::move(waiter));
}

std::shared_ptr<const TlsContext> TlsClientConfig::withoutAuthorities()
{
    const std::lock_guard lock(m_state->mutex);
    if (!m_state->forPins)
        m_state->forPins = makeTlsContext({});
    return m_state->forPins;
}

void TlsClientConfig::State::startLoading()
{
    if (std::exchange(isLoading, true))
        return;
    if (loader.joinable())
        loader.join(); // it has finished, as isLoading says
    try {
        loader = std::thread([this] { run(); });
    } catch (const std::system_error &) {
        Material none;
        none.hasLibrary = hasLibrary;
        none.isShort = true;
        isAsked = false;
        take(std::move(none));
    }
}

void TlsClientConfig::State::run()
{
    std::unique_lock lock(mutex);
    do {
        isAsked = false;
        const QString file = caFile;
        lock.unlock();
        Material material = read(file);
        releaseFreedMemory(); // about a megabyte, from parsing certificates
        if (std::exchange(isFirst, false))
            releaseUnusedCode(); // from startup: some 10 MB, a third of it OpenSSL's
        lock.lock();
        // With the same file the result counts although another load() was asked for meanwhile:
        // otherwise repeated calls of load() would keep the waiting requests waiting.
        if (!isAsked || file == caFile)
            take(std::move(material));
    } while (isAsked);
}

/// Reads again if certificates are missing: a file that cannot be opened is skipped silently.
TlsClientConfig::Material TlsClientConfig::State::read(const QString &file)
{
    Material material = source(file);
    qsizetype known = 0;
    {
        const std::lock_guard lock(mutex);
        known = system.size();
    }
    if (!material.isShort && material.system.size() < known)
        material.isShort = source(file).system.size() != material.system.size();
    return material;
}

void TlsClientConfig::State::take(Material material)
{
    const QByteArray found = findProblem(material);
    if (found != problem && found.isEmpty())
        logInfo(unit, "the list of trusted authorities could be read again");
    else if (found != problem)
        logError(unit, found);
    problem = found;

    hasLibrary = hasLibrary || material.hasLibrary;
    isShort = material.isShort;
    if (addedOf != caFile)
        added.clear();
    addedOf = caFile;
    if (!material.isShort && !material.system.isEmpty())
        system = std::move(material.system);
    if (!material.isShort && !material.added.isEmpty())
        added = std::move(material.added);
    trust.reset();
    if (hasLibrary && !(system.isEmpty() && added.isEmpty())) {
        trust = TlsTrust { system + added, makeTlsContext(system + added) };
        if (!trust->context)
            trust.reset();
        isShort = isShort || !trust;
    }

    isLoading = isAsked;
    isSettled = !isAsked;
    lastEnd = now();
    const auto end = isAsked ? waiters.begin() + std::ptrdiff_t(earlier) : waiters.end();
    std::for_each(waiters.begin(), end, [this](const Waiter &waiter) { waiter.answer(answer()); });
    waiters.erase(waiters.begin(), end);
    earlier = 0;
}

/// The problem in words, for the log; empty if there is none.
QByteArray TlsClientConfig::State::findProblem(const Material &material) const
{
    if (material.isShort)
        return "the list of trusted authorities cannot be read for want of descriptors or threads: "
               "what was known of it stays in use";
    if (!material.hasLibrary && !hasLibrary)
        return "no TLS library on this machine: https:// targets are refused, tunnels (CONNECT) "
               "are not concerned";
    if (material.system.isEmpty())
        return "this machine has no list of trusted authorities: install one (ca-certificates) or "
               "set PROXY_UPSTREAM_CA_FILE; tunnels (CONNECT) are not concerned";
    if (!caFile.isEmpty() && material.added.isEmpty())
        return "PROXY_UPSTREAM_CA_FILE holds no certificate: nothing is added to the trust list";
    return {};
}

TlsClientConfig::Answer TlsClientConfig::State::answer() const
{
    if (trust)
        return *trust;
    if (isShort)
        return Unexpected(DialError { DialFault::OutOfResources,
                                      "the list of trusted authorities could not be read" });
    if (!hasLibrary)
        return Unexpected(
            DialError { DialFault::NoTlsLibrary, "there is no TLS library on this machine" });
    return Unexpected(
        DialError { DialFault::NoAuthorities, "this machine has no list of trusted authorities" });
}

} // namespace sami::net
