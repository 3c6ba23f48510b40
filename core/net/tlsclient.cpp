// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsclient.h"

#include "base/logging.h"
#include "net/mailbox.h"

#include <QList>
#include <QSslCertificate>
#include <QSslSocket>

#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sami::net {

namespace {

QSslConfiguration load(const QString &caFile)
{
    QList<QSslCertificate> authorities = QSslConfiguration::systemCaCertificates();
    if (!caFile.isEmpty()) {
        const QList<QSslCertificate> added = QSslCertificate::fromPath(caFile);
        if (added.isEmpty())
            logError("net.tls",
                     "PROXY_UPSTREAM_CA_FILE holds no certificate: nothing is added "
                     "to the trust list");
        authorities += added;
    }
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(authorities);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setAllowedNextProtocols({ QSslConfiguration::NextProtocolHttp1_1 });
    return configuration;
}

struct Waiter
{
    std::shared_ptr<Mailbox> mailbox;
    TlsClientConfig::Callback callback;

    void answer(const QSslConfiguration &configuration) const
    {
        mailbox->post([callback = callback, configuration] { callback(configuration); });
    }
};

} // namespace

/// Shared with the loading thread.
struct TlsClientConfig::State
{
    std::mutex mutex;
    QString caFile;
    bool isLoading = false;
    std::optional<QSslConfiguration> configuration;
    std::vector<Waiter> waiters;

    void publish(QSslConfiguration loaded);
};

TlsClientConfig::TlsClientConfig(QString caFile) : m_state(std::make_shared<State>())
{
    m_state->caFile = std::move(caFile);
}

TlsClientConfig::~TlsClientConfig()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->waiters.clear();
    }
    // It reads files for a tenth of a second at most. Left behind, it would still use Qt's statics
    // when the process takes them down.
    if (m_loader.joinable())
        m_loader.join();
}

void TlsClientConfig::request(QObject *context, Callback callback)
{
    Waiter waiter { Mailbox::open(context), std::move(callback) };
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->configuration) {
            waiter.answer(*m_state->configuration);
            return;
        }
        m_state->waiters.push_back(std::move(waiter));
        if (std::exchange(m_state->isLoading, true))
            return;
    }
    try {
        m_loader = std::thread([state = m_state] { state->publish(load(state->caFile)); });
    } catch (const std::system_error &) {
        m_state->publish(load(m_state->caFile)); // no thread to be had: better late than never
    }
}

void TlsClientConfig::State::publish(QSslConfiguration loaded)
{
    const std::lock_guard lock(mutex);
    configuration = std::move(loaded);
    for (const Waiter &waiter : std::exchange(waiters, {}))
        waiter.answer(*configuration);
}

} // namespace sami::net
