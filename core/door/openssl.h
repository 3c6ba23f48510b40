// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <memory>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

/// What this folder's OpenSSL units share: objects with owners, and errors. For their sources only;
/// any thread.
namespace sami::door::openssl {

template <auto free> struct Freed
{
    template <typename T> void operator()(T *object) const { free(object); }
};
template <typename T, auto free> using Owned = std::unique_ptr<T, Freed<free>>;
using Bio = Owned<BIO, BIO_free>;

/// A BIO that borrows the octets.
[[nodiscard]] inline Bio reading(const QByteArray &octets)
{
    return Bio(BIO_new_mem_buf(octets.constData(), static_cast<int>(octets.size())));
}

/// The content of a memory BIO.
[[nodiscard]] inline QByteArray content(BIO *memory)
{
    char *octets = nullptr;
    const long size = BIO_get_mem_data(memory, &octets);
    return { octets, static_cast<qsizetype>(size) };
}

/// OpenSSL keeps errors until they are taken; TLS on the same thread would find them.
inline void clearErrors()
{
    ERR_clear_error();
}

/// The first error, for a person.
[[nodiscard]] inline QString takeError()
{
    const char *reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return reason ? QString::fromLatin1(reason) : QStringLiteral("OpenSSL does not say why");
}

} // namespace sami::door::openssl
