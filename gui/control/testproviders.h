// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"

#include <QByteArray>
#include <QList>

namespace sami::gui {

/// The providers for the test of a server. The test goes on to the next one if the server's own
/// rules do not allow the one before. They are the hosts that `rules` names, or well-known hosts if
/// it names none. Pure.
[[nodiscard]] QList<QByteArray> testProviders(const policy::AccessRules &rules);

} // namespace sami::gui
