// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/tlscontext.h"
#include "testauthority.h"
#include "tlsrig.h"

#include <QTest>

#include <memory>

namespace sami::test {

/// The peer's certificate for stream tests, and what trusts it: these tests are about what comes
/// after the handshake.
class GoodServer : public QObject
{
protected:
    /// False if no certificates can be made here.
    [[nodiscard]] bool makeCertificate()
    {
        m_authority = std::make_unique<TestAuthority>();
        if (!m_authority->isValid())
            return false;
        m_context = net::TlsContext::client(QSslCertificate::fromPath(m_authority->caFile()));
        m_good = m_authority->issue(QStringLiteral("good"), QStringLiteral("DNS:api.example.com"));
        return !m_good.isEmpty();
    }
    /// Completes the handshake; tickets, if any, are still in flight.
    [[nodiscard]] bool shake(TlsRig &rig) const
    {
        rig.shake(*m_context, host);
        return QTest::qWaitFor([&rig] { return bool(rig.stream) && rig.peer.isShaken(); });
    }

    const QByteArray host = "api.example.com";
    std::shared_ptr<const net::TlsContext> m_context;
    QString m_good;

private:
    std::unique_ptr<TestAuthority> m_authority;
};

} // namespace sami::test
