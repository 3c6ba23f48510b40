// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

/// The words of ALLOWED_HOSTS that stand for a provider's hosts. hostpresets.cpp has the only list;
/// --check-config, docs/host-presets.md and the tray app print it.
namespace sami::policy {

struct HostPreset
{
    /// Hosts that serve one purpose.
    struct Group
    {
        QByteArray purpose;
        QList<HostPattern> hosts;
    };

    QByteArray word;           ///< "@openai": lower case, with the "@"
    QByteArray checked;        ///< the day its hosts were compared with the sources: "2026-11-29"
    QList<QByteArray> sources; ///< URLs of public documentation or source code
    QList<Group> groups;
    QByteArray leftOut; ///< hosts that a client may try but does not need

    [[nodiscard]] QList<HostPattern> hosts() const;
};

/// Means all presets together.
inline constexpr char everyPreset[] = "@llm";

/// One for each provider, in the order of the documentation. Thread-safe.
[[nodiscard]] const QList<HostPreset> &hostPresets();
/// All words, everyPreset last.
[[nodiscard]] QList<QByteArray> hostPresetWords();
/// The hosts of a word without duplicates; empty for an unknown word. Lower case only.
[[nodiscard]] QList<HostPattern> hostsOfPreset(QByteArrayView word);

} // namespace sami::policy
