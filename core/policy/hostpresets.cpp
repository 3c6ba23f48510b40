// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The presets' hosts. To change them, edit the rows, set `checked` to the day you compared the
// preset with its sources, and let `sami-llm-proxy --print-host-presets` write the marked part of
// docs/host-presets.md.
//
// A host is listed if an API call or the provider's own command-line client needs it: the API,
// sign-in, updates. Telemetry and experiments that fail harmlessly are left out. So are hosts where
// anybody can store data (storage.googleapis.com, github.com): with a stolen password they would be
// a way to exfiltrate data.
#include "policy/hostpresets.h"

#include <algorithm>

namespace sami::policy {

namespace {

struct GroupRow
{
    const char *purpose;
    const char *hosts; ///< as in ALLOWED_HOSTS
};

struct PresetRow
{
    const char *word;
    const char *checked;
    const char *sources; ///< separated by blanks
    QList<GroupRow> groups;
    const char *leftOut;
};

QList<PresetRow> rows()
{
    return {
        { "@openai",
          "2026-11-29",
          "https://developers.openai.com/api/docs/guides/data-residency "
          "https://github.com/openai/codex",
          { { "the API, with its regional endpoints", "api.openai.com,*.api.openai.com" },
            { "signing in to Codex", "auth.openai.com" },
            { "Codex with a ChatGPT plan", "chatgpt.com" } },
          "experiments and metrics of Codex (ab.chatgpt.com), its releases (github.com, "
          "registry.npmjs.org)" },
        { "@anthropic",
          "2026-11-29",
          "https://code.claude.com/docs/en/network-config",
          { { "the API", "api.anthropic.com" },
            { "signing in to Claude Code, and its check at the start",
              "platform.claude.com,claude.com,claude.ai" },
            { "signing in to Claude Code before 2.1.7", "console.anthropic.com" },
            { "updates of Claude Code", "downloads.claude.ai" },
            { "connectors of a claude.ai account", "mcp-proxy.anthropic.com" } },
          "telemetry (statsig.anthropic.com, sentry.io, datadoghq.com), plugins and release notes "
          "(github.com, raw.githubusercontent.com, registry.npmjs.org)" },
        { "@google",
          "2026-11-29",
          "https://ai.google.dev/api "
          "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations "
          "https://docs.cloud.google.com/gemini/docs/codeassist/set-up-gemini",
          { { "the Gemini API", "generativelanguage.googleapis.com" },
            { "Vertex AI, global and multi-region",
              "aiplatform.googleapis.com,aiplatform.eu.rep.googleapis.com,"
              "aiplatform.us.rep.googleapis.com" },
            { "Vertex AI by region",
              "us-central1-aiplatform.googleapis.com,us-east1-aiplatform.googleapis.com,"
              "us-east4-aiplatform.googleapis.com,us-east5-aiplatform.googleapis.com,"
              "us-south1-aiplatform.googleapis.com,us-west1-aiplatform.googleapis.com,"
              "us-west4-aiplatform.googleapis.com,"
              "northamerica-northeast1-aiplatform.googleapis.com,"
              "southamerica-east1-aiplatform.googleapis.com,"
              "europe-central2-aiplatform.googleapis.com,europe-north1-aiplatform.googleapis.com,"
              "europe-southwest1-aiplatform.googleapis.com,"
              "europe-west1-aiplatform.googleapis.com,europe-west2-aiplatform.googleapis.com,"
              "europe-west3-aiplatform.googleapis.com,europe-west4-aiplatform.googleapis.com,"
              "europe-west6-aiplatform.googleapis.com,europe-west8-aiplatform.googleapis.com,"
              "europe-west9-aiplatform.googleapis.com,asia-east1-aiplatform.googleapis.com,"
              "asia-east2-aiplatform.googleapis.com,asia-northeast1-aiplatform.googleapis.com,"
              "asia-northeast3-aiplatform.googleapis.com,asia-south1-aiplatform.googleapis.com,"
              "asia-southeast1-aiplatform.googleapis.com,"
              "australia-southeast1-aiplatform.googleapis.com,"
              "me-central1-aiplatform.googleapis.com,me-central2-aiplatform.googleapis.com,"
              "me-west1-aiplatform.googleapis.com" },
            { "signing in, keys of service accounts", "oauth2.googleapis.com,accounts.google.com" },
            { "Gemini CLI with a Google account", "cloudcode-pa.googleapis.com" } },
          "telemetry (play.googleapis.com), federated and borrowed identities "
          "(sts.googleapis.com, iamcredentials.googleapis.com), the IDE plug-ins' other services" },
        { "@openrouter",
          "2026-11-29",
          "https://openrouter.ai/docs/api/reference/overview "
          "https://openrouter.ai/docs/guides/features/in-region-routing",
          { { "the API and signing in", "openrouter.ai" },
            { "in-region routing", "eu.openrouter.ai,us.openrouter.ai" } },
          "" },
        { "@mistral",
          "2026-11-29",
          "https://docs.mistral.ai/api "
          "https://docs.mistral.ai/studio/regional-inference "
          "https://github.com/mistralai/mistral-vibe",
          { { "the API", "api.mistral.ai" },
            { "regional inference", "api.eu.mistral.ai,api.us.mistral.ai" },
            { "Codestral", "codestral.mistral.ai" },
            { "signing in to Vibe", "console.mistral.ai" } },
          "updates of Vibe (pypi.org)" },
        { "@deepseek",
          "2026-11-29",
          "https://api-docs.deepseek.com/",
          { { "the API", "api.deepseek.com" } },
          "" },
        { "@xai",
          "2026-11-29",
          "https://docs.x.ai/developers/regions "
          "https://docs.x.ai/build/enterprise",
          { { "the API, with its regional endpoints", "api.x.ai,*.api.x.ai" },
            { "signing in to Grok Build", "auth.x.ai" },
            { "Grok Build with an account", "cli-chat-proxy.grok.com" } },
          "shared sessions (code.grok.com), pictures (assets.grok.com), the installer (x.ai)" },
    };
}

/// tst_hostpresets parses every row, so an invalid pattern does not reach a release.
QList<HostPattern> patternsOf(const char *hosts)
{
    QList<HostPattern> patterns;
    for (const QByteArray &host : QByteArray(hosts).split(',')) {
        const auto pattern = HostPattern::parse(host);
        Q_ASSERT(pattern);
        if (pattern)
            patterns.append(*pattern);
    }
    return patterns;
}

QList<HostPreset> makePresets()
{
    QList<HostPreset> presets;
    for (const PresetRow &row : rows()) {
        HostPreset preset;
        preset.word = row.word;
        preset.checked = row.checked;
        preset.sources = QByteArray(row.sources).split(' ');
        for (const GroupRow &group : row.groups)
            preset.groups.append({ group.purpose, patternsOf(group.hosts) });
        preset.leftOut = row.leftOut;
        presets.append(preset);
    }
    return presets;
}

} // namespace

QList<HostPattern> HostPreset::hosts() const
{
    QList<HostPattern> all;
    for (const Group &group : groups)
        all += group.hosts;
    return all;
}

const QList<HostPreset> &hostPresets()
{
    static const QList<HostPreset> presets = makePresets();
    return presets;
}

QList<QByteArray> hostPresetWords()
{
    QList<QByteArray> words;
    for (const HostPreset &preset : hostPresets())
        words.append(preset.word);
    words.append(everyPreset);
    return words;
}

QList<HostPattern> hostsOfPreset(QByteArrayView word)
{
    QList<HostPattern> hosts;
    for (const HostPreset &preset : hostPresets()) {
        if (word == preset.word || word == QByteArrayView(everyPreset))
            hosts += preset.hosts();
    }
    return hosts;
}

} // namespace sami::policy
