// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// Looks into a file of certificates before it becomes a setting.
class CertificateFile
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::CertificateFile)

public:
    /// Why it cannot be used, in the program's language: not there, not readable, no file, a
    /// private key, a certificate in binary form, none that can be read. Empty when it can be.
    [[nodiscard]] static QString problem(const QString &path);
};

} // namespace sami::gui
