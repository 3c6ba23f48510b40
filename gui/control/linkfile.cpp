// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/linkfile.h"

#include "config/secretfile.h"

namespace sami::gui {

Result<QString, QString> linkOfFile(const QString &path)
{
    const auto lines = config::readSecretLines(path);
    if (!lines)
        return Unexpected(lines.error());
    return lines->isEmpty() ? QString() : lines->constFirst().text.trimmed();
}

} // namespace sami::gui
