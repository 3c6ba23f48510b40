// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// Checks a certificate file before it becomes a setting.
class CertificateFile
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::CertificateFile)

public:
    /// Why the file cannot be used, in the program's language: it is missing, unreadable, not a
    /// regular file, a private key or a certificate in binary form, or has no readable certificate.
    /// Empty if it can be used.
    [[nodiscard]] static QString problem(const QString &path);
};

} // namespace sami::gui
