// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/keychain.h"

namespace sami::gui {

std::unique_ptr<Keychain> makeSystemKeychain()
{
    return nullptr;
}

} // namespace sami::gui
