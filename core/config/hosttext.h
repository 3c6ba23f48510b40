// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"

#include <QString>
#include <QStringList>

/// Texts about ALLOWED_HOSTS, in addition to its value.
namespace sami::config {

/// Whether unlisted hosts pass: there is a list, and its mode is "report".
[[nodiscard]] bool isHostListOnlyReported(const policy::AccessRules &rules);

/// The words of the presets; the last means all of them.
[[nodiscard]] QStringList hostPresetWords();
/// The hosts of one preset, as list entries.
[[nodiscard]] QStringList hostsOfPreset(const QString &word);

/// For --check-config: a note if the list is only reported, and each preset in the list with its
/// hosts and the day they were checked. Empty if there is nothing to say.
[[nodiscard]] QString hostListText(const policy::AccessRules &rules);

/// For the log at each start: a note if the list is only reported, and possible mistakes in it.
[[nodiscard]] QStringList hostHints(const policy::AccessRules &rules);

/// The list of docs/host-presets.md, in Markdown.
[[nodiscard]] QString hostPresetsMarkdown();

} // namespace sami::config
