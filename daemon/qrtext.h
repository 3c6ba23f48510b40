// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

namespace sami::daemon {

/// A QR code of the octets for a terminal, with the quiet zone and its line ends: two rows of
/// modules a line, by half blocks. Its colours are set, black on white, so that a terminal's own do
/// not turn the picture inside out. The error says why there is none: this build has no
/// libqrencode, or there are more octets than a code holds (2331). Pure.
[[nodiscard]] Result<QString, QString> qrText(const QByteArray &octets);

} // namespace sami::daemon
