// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"

#include <QString>
#include <QStringList>

/// What is said of ALLOWED_HOSTS beside its value.
namespace sami::config {

/// The words of the presets; the last stands for all others.
[[nodiscard]] QStringList hostPresetWords();
/// The hosts behind one of them, as entries of the list.
[[nodiscard]] QStringList hostsOfPreset(const QString &word);

/// For --check-config: each preset that the list names,
/// with its hosts and the day they were checked. Empty when it names none.
[[nodiscard]] QString hostListText(const policy::AccessRules &rules);

/// For the log: what an operator may not have meant.
[[nodiscard]] QStringList hostHints(const policy::AccessRules &rules);

/// The list of docs/host-presets.md, in Markdown.
[[nodiscard]] QString hostPresetsMarkdown();

} // namespace sami::config
