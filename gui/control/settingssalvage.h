// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/configerror.h"
#include "config/inifile.h"
#include "config/settingsloader.h"
#include "gui/text/damagetext.h"

#include <QByteArray>
#include <QList>

namespace sami::gui {

// clang-format off
/// The parts of a damaged settings file that still count.
///
///   an unreadable line                  does not count
///   an unknown key                      does not count
///   an invalid value                    does not count
///   half a pair of credentials          does not count
///   a key twice, with the same value    counts once
///   a key twice, with different values  neither counts
///   a file in UTF-16                    all of it counts
///   a damaged line may have been a rule about who may use the proxy
///                                       `address` does not count, unless it is this computer
///   a damaged line may have named the servers on the way out, and no server is left
///                                       the proxy does not start: it would connect directly
///
/// A line may have been a rule about who may use the proxy unless its key is known to be for
/// something else. It may have named the servers if its key is for them, or if its key is unknown
/// and the line looks like a list of servers.
// clang-format on
struct Salvage
{
    config::IniFile good; ///< the other lines, with their comments
    config::LoadedSettings loaded;
    QList<DamagedLine> damage;
    bool mayLackRules = false;
    bool mayLackServers = false;
};

/// Salvages the file's content. `input` has the path, environment and command line. The errors are
/// those of the environment and the command line.
[[nodiscard]] Result<Salvage, QList<config::ConfigError>> salvage(QByteArray octets,
                                                                  config::LoadInput input);

/// For a file that cannot be read at all, with the reason.
[[nodiscard]] Result<Salvage, QList<config::ConfigError>> salvageNothing(const QString &reason,
                                                                         config::LoadInput input);

} // namespace sami::gui
