// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/tokens.h"
#include "base/result.h"
#include "config/configerror.h"
#include "config/settings.h"

#include <QString>

/// The tokens' file on disk. Blocks for as long as the disk does. Any thread; safe while a proxy
/// and other commands run.
namespace sami::admin {

struct TokenFile
{
    static constexpr qint64 mostOctets = 65536;

    /// Its path under these settings; empty if they have none.
    [[nodiscard]] static QString pathOf(const config::Settings &settings);
    /// A missing file is a list without tokens. Only its owner may have write access. The error
    /// completes a sentence that names the file, and quotes nothing of it.
    [[nodiscard]] static Result<TokenList, QString> read(const QString &path);
};

/// Whether a proxy can start with the tokens of these settings: a bad file prevents it, a missing
/// one does not.
[[nodiscard]] Result<void, config::ConfigError> tryTokens(const config::Settings &settings);

} // namespace sami::admin
