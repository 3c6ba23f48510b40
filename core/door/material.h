// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "door/secretbytes.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace sami::door {

/// A certificate with its key that has been checked and can be shown, whatever its source. A
/// movable value; any thread.
struct Material
{
    QByteArray chain;     ///< PEM, our own certificate first
    SecretBytes key;      ///< PEM
    QByteArray pin;       ///< "sha256//…" of the first certificate's key
    QStringList warnings; ///< sentences for the log
    QString unwritten {}; ///< why the certificate is only in memory; empty if it is not
};

} // namespace sami::door
