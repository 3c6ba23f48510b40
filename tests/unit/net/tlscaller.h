// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "tlspeer.h"

#include <QByteArray>
#include <QString>

struct ssl_ctx_st;     // OpenSSL's SSL_CTX
struct ssl_session_st; // OpenSSL's SSL_SESSION

namespace sami::test {

/// What clients of one kind have in common: whom they trust, what they know, and the tickets that
/// they were given.
class CallerKind
{
    Q_DISABLE_COPY_MOVE(CallerKind)

public:
    /// Trusts the authorities in that file alone; without one anybody.
    explicit CallerKind(const QString &authorities = {});
    ~CallerKind();

    [[nodiscard]] ssl_ctx_st *native() const { return m_native; }
    /// Exactly these, an SSL version each; older ones than 1.2 too.
    void speak(int oldest, int newest);
    /// Of TLS 1.2, in OpenSSL's words.
    void knowSuites(const char *suites);
    void knowGroups(const char *groups);
    /// ALPN: names with their lengths before them.
    void offer(const QByteArray &protocols);
    /// The newest ticket; null when there is none.
    [[nodiscard]] ssl_session_st *session() const { return m_session; }

private:
    ssl_ctx_st *m_native;
    ssl_session_st *m_session = nullptr;
};

/// The client's end of a TLS connection, with nothing below: octets in, octets out.
class TlsCaller final : public TlsPeer
{
public:
    /// Says hello at once. `resumes`: with the kind's ticket.
    explicit TlsCaller(const CallerKind &kind, const char *name = "proxy.example",
                       bool resumes = false);

    [[nodiscard]] bool isResumed() const;
    [[nodiscard]] QByteArray suite() const;
    [[nodiscard]] QByteArray version() const;
};

} // namespace sami::test
