// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace sami::test {

/// A certificate authority in a temporary folder, made with the openssl program.
class TestAuthority
{
    Q_DISABLE_COPY_MOVE(TestAuthority)

public:
    TestAuthority();

    [[nodiscard]] bool isValid() const { return m_valid; }
    [[nodiscard]] QString caFile() const { return path(QStringLiteral("ca.pem")); }
    /// Issues a certificate for `names` ("DNS:example.com,IP:127.0.0.1"). Returns its base name, to
    /// be extended by ".pem" and ".key"; empty on failure. `file` is the common name and, without
    /// `names`, the only name.
    [[nodiscard]] QString issue(const QString &file, const QString &names, bool expired = false);
    [[nodiscard]] QString path(const QString &file) const { return m_directory.filePath(file); }

private:
    [[nodiscard]] bool run(const QStringList &arguments) const;

    QTemporaryDir m_directory;
    bool m_valid = false;
};

} // namespace sami::test
