// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "config/servername.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <chrono>
#include <memory>

struct x509_st; // OpenSSL's X509

namespace sami::door {

class PrivateKey;

/// A certificate in OpenSSL's form. A movable value; any thread.
class Certificate
{
public:
    /// How long a certificate of our own is valid: some clients (Apple's) reject more than 398
    /// days.
    static constexpr std::chrono::days lifetime { 397 };
    /// How long before now it becomes valid, for clients with a slow clock.
    static constexpr std::chrono::hours backdated { 24 };

    /// Makes a self-signed certificate for these names: CA:FALSE, for server signatures only (RFC
    /// 5280 §4.2.1), with a random serial number.
    [[nodiscard]] static Result<Certificate, QString>
    sign(const PrivateKey &key, const QList<config::ServerName> &names, WallTime now);
    /// All certificates of a PEM text; other things may stand between them. The error is for a
    /// person and completes a sentence that names the file: it has no certificate, or one is cut or
    /// damaged.
    [[nodiscard]] static Result<QList<std::shared_ptr<const Certificate>>, QString>
    allOf(const QByteArray &pem);

    [[nodiscard]] QByteArray toPem() const;
    [[nodiscard]] WallTime notBefore() const;
    [[nodiscard]] WallTime notAfter() const;
    [[nodiscard]] bool belongsTo(const PrivateKey &key) const;
    /// Whether it covers the name or the address, by its alternative names only (RFC 9525 §6.3).
    [[nodiscard]] bool isFor(const config::ServerName &name) const;

private:
    struct Free
    {
        void operator()(x509_st *certificate) const;
    };

    explicit Certificate(x509_st *certificate) : m_certificate(certificate) {}

    std::unique_ptr<x509_st, Free> m_certificate;
};

} // namespace sami::door
