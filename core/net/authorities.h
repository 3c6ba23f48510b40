// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QSslCertificate>
#include <QString>

namespace sami::net {

/// The certificates of a file in PEM; none where there is no such file or nothing in it.
[[nodiscard]] QList<QSslCertificate> certificatesOf(const QString &file);

/// The authorities that this machine trusts, some of them twice; none where it has no list. Reads
/// files, so it wants descriptors and takes a while.
[[nodiscard]] QList<QSslCertificate> systemAuthorities();

} // namespace sami::net
