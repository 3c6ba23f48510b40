// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"

#include <QByteArray>
#include <QList>

namespace sami::gui {

/// The providers that a test of a server asks for, the next one where the server's own rules do not
/// allow the one before: hosts that these rules name, or well-known ones if they name none. Pure.
[[nodiscard]] QList<QByteArray> testProviders(const policy::AccessRules &rules);

} // namespace sami::gui
