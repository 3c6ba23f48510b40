// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/surroundings.h"

namespace sami {

Result<Surroundings, QString> readSurroundings()
{
    // Only Linux containers are supported.
    return Surroundings {};
}

} // namespace sami
