// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

/// The words of ALLOWED_HOSTS that stand for the hosts of a provider. The one list of them is in
/// hostpresets.cpp; --check-config, docs/host-presets.md and the tray app show what it says.
namespace sami::policy {

struct HostPreset
{
    /// Hosts that serve one purpose.
    struct Group
    {
        QByteArray purpose;
        QList<HostPattern> hosts;
    };

    QByteArray word;           ///< "@openai": lower case, with its "@"
    QByteArray checked;        ///< the day its hosts were compared with the sources: "2026-11-29"
    QList<QByteArray> sources; ///< addresses of public documentation or source text
    QList<Group> groups;
    QByteArray leftOut; ///< what a client may ask for but can do without

    [[nodiscard]] QList<HostPattern> hosts() const;
};

/// Stands for all presets together.
inline constexpr char everyPreset[] = "@llm";

/// One for each provider, in the order of the documents. Thread-safe.
[[nodiscard]] const QList<HostPreset> &hostPresets();
/// All words, everyPreset last.
[[nodiscard]] QList<QByteArray> hostPresetWords();
/// The hosts that a word stands for, each once; none for an unknown word. Lower case only.
[[nodiscard]] QList<HostPattern> hostsOfPreset(QByteArrayView word);

} // namespace sami::policy
