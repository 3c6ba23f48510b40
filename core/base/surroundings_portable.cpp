// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/surroundings.h"

namespace sami {

Result<Surroundings, QString> readSurroundings()
{
    // The program is not made for containers of other systems.
    return Surroundings {};
}

} // namespace sami
