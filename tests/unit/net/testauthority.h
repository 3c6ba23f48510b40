// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace sami::test {

/// A certification authority in a temporary directory, made with the openssl program.
class TestAuthority
{
    Q_DISABLE_COPY_MOVE(TestAuthority)

public:
    TestAuthority();

    [[nodiscard]] bool isValid() const { return m_valid; }
    [[nodiscard]] QString caFile() const { return path(QStringLiteral("ca.pem")); }
    /// Issues a certificate for `names` ("DNS:example.com,IP:127.0.0.1") and returns its base
    /// name, to which ".pem" and ".key" belong; empty when that failed. Its common name is `file`;
    /// without `names` it is the only one.
    [[nodiscard]] QString issue(const QString &file, const QString &names, bool expired = false);
    [[nodiscard]] QString path(const QString &file) const { return m_directory.filePath(file); }

private:
    [[nodiscard]] bool run(const QStringList &arguments) const;

    QTemporaryDir m_directory;
    bool m_valid = false;
};

} // namespace sami::test
