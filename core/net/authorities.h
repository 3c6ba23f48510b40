// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QSslCertificate>
#include <QString>

namespace sami::net {

/// The certificates in a PEM file; empty if the file is missing or holds none.
[[nodiscard]] QList<QSslCertificate> certificatesOf(const QString &file);

/// The authorities that this machine trusts, possibly with duplicates; empty if it has no list.
/// Reads files, so it needs descriptors and takes a while.
[[nodiscard]] QList<QSslCertificate> systemAuthorities();

} // namespace sami::net
