// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "tlspeer.h"

#include <QByteArray>
#include <QString>

struct ssl_ctx_st;     // OpenSSL's SSL_CTX
struct ssl_session_st; // OpenSSL's SSL_SESSION

namespace sami::test {

/// What clients of one kind share: whom they trust, what they support, and the tickets they got.
class CallerKind
{
    Q_DISABLE_COPY_MOVE(CallerKind)

public:
    /// Trusts only the authorities in that file; without a file, anybody.
    explicit CallerKind(const QString &authorities = {});
    ~CallerKind();

    [[nodiscard]] ssl_ctx_st *native() const { return m_native; }
    /// Supports exactly these SSL versions, also older ones than 1.2.
    void speak(int oldest, int newest);
    /// The cipher suites for TLS 1.2, in OpenSSL's syntax.
    void knowSuites(const char *suites);
    void knowGroups(const char *groups);
    /// ALPN names, each preceded by its length.
    void offer(const QByteArray &protocols);
    /// The newest ticket; null if there is none.
    [[nodiscard]] ssl_session_st *session() const { return m_session; }

private:
    ssl_ctx_st *m_native;
    ssl_session_st *m_session = nullptr;
};

/// The client's end of a TLS connection, without I/O: bytes in, bytes out.
class TlsCaller final : public TlsPeer
{
public:
    /// Sends its ClientHello at once. `resumes`: with the kind's ticket.
    explicit TlsCaller(const CallerKind &kind, const char *name = "proxy.example",
                       bool resumes = false);

    [[nodiscard]] bool isResumed() const;
    [[nodiscard]] QByteArray suite() const;
    [[nodiscard]] QByteArray version() const;
};

} // namespace sami::test
