// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <memory>
#include <set>

struct x509_st; // OpenSSL's X509

namespace sami::net {

/// The certificates that the servers of this thread's connections have shown. OpenSSL parses a
/// server's certificate for each connection and keeps it to the end: some 5 KB, a quarter of what a
/// silent connection takes. Most connections of a proxy go to the same few servers, so those that
/// show the same certificate share one object. It is forgotten with the last of them.
class PeerCertificates
{
    Q_DISABLE_COPY_MOVE(PeerCertificates)

public:
    using Held = std::shared_ptr<x509_st>;

    [[nodiscard]] static PeerCertificates &ofThisThread();

    PeerCertificates() = default;
    ~PeerCertificates() = default;

    /// The object to keep in place of `shown`: one with the same octets that somebody holds, or
    /// else `shown` itself. Release it in this thread, before this object is destroyed.
    [[nodiscard]] Held share(x509_st *shown);
    /// How many different ones are held.
    [[nodiscard]] qsizetype count() const { return static_cast<qsizetype>(m_known.size()); }

private:
    struct Entry
    {
        x509_st *certificate;
        std::weak_ptr<x509_st> held {};
    };
    struct Before
    {
        bool operator()(const Entry &left, const Entry &right) const;
    };

    void forget(x509_st *certificate);

    std::set<Entry, Before> m_known;
};

} // namespace sami::net
