// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

namespace sami::gui {

/// Takes the link of a server off the command line, where a desktop puts it when the user opens
/// one: "sami-proxy://…", or "@FILE" with a link in its first line. Leaves the value of --parents
/// alone, and any "@FILE" that is the value of a flag. A link is a secret and everybody can read a
/// command line, so the octets are overwritten and the argument is removed. Returns nothing if
/// there is no link. Call it before anything else sees the arguments.
[[nodiscard]] QByteArray takeLink(int &argc, char **argv);

/// The link that takeLink() has found; reads the file if it names one. The error is for a terminal.
[[nodiscard]] Result<QString, QString> linkOf(const QByteArray &taken);

} // namespace sami::gui
