// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"

#include <QString>
#include <QStringList>

/// What is said about ALLOWED_HOSTS in addition to its value.
namespace sami::config {

/// Whether hosts that are not on the list pass: there is a list, and its mode is "report".
[[nodiscard]] bool isHostListOnlyReported(const policy::AccessRules &rules);

/// The words of the presets; the last stands for all others.
[[nodiscard]] QStringList hostPresetWords();
/// The hosts behind one of them, as entries of the list.
[[nodiscard]] QStringList hostsOfPreset(const QString &word);

/// For --check-config: that the list is only reported, if so, and each preset that the list names,
/// with its hosts and the day they were checked. Empty when there is nothing to say.
[[nodiscard]] QString hostListText(const policy::AccessRules &rules);

/// For the log, at each start: that the list is only reported, and what an operator may not have
/// meant.
[[nodiscard]] QStringList hostHints(const policy::AccessRules &rules);

/// The list of docs/host-presets.md, in Markdown.
[[nodiscard]] QString hostPresetsMarkdown();

} // namespace sami::config
