// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "door/secretbytes.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace sami::door {

/// A certificate with its key that was looked at and is good to be shown, wherever it came from. A
/// value that moves; any thread.
struct Material
{
    QByteArray chain;     ///< PEM, the own certificate first
    SecretBytes key;      ///< PEM
    QByteArray pin;       ///< "sha256//…" of the own certificate's key
    QStringList warnings; ///< sentences for the log
};

} // namespace sami::door
