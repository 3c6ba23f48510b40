// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

namespace sami::gui {

/// Takes the link of a server off the command line, as a desktop hands it over that was told to
/// open one: "sami-proxy://…", or "@FILE" with a link in its first line. What is the value of a
/// flag stays. A link is a secret and everybody may read a command line: its octets are
/// overwritten, and the arguments close up. Empty where there is none. To be called before
/// anything else sees the arguments.
[[nodiscard]] QByteArray takeLink(int &argc, char **argv);

/// The link that takeLink() has found, out of its file where it names one. The error is for a
/// terminal.
[[nodiscard]] Result<QString, QString> linkOf(const QByteArray &taken);

} // namespace sami::gui
