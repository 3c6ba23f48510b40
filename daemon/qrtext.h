// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

namespace sami::daemon {

/// A QR code of the octets for a terminal, with its quiet zone and line ends; half blocks put two
/// rows of modules on a line. Sets its colours, black on white, because a terminal's own could
/// invert the picture. The error says why there is no code: this build has no libqrencode, or there
/// are more octets than a code holds (2331). Pure.
[[nodiscard]] Result<QString, QString> qrText(const QByteArray &octets);

} // namespace sami::daemon
