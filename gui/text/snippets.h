// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QList>
#include <QString>

#include <optional>

namespace sami::gui {

/// The target of a copied client configuration.
enum class SnippetKind {
    Posix, ///< bash, zsh and every other sh
    Fish,
    PowerShell,
    Cmd,    ///< for the prompt; in a batch file each % would have to be doubled
    DotEnv, ///< NAME=value lines without quotes, as docker's --env-file requires
    DockerRun,
    DockerConfig, ///< ~/.docker/config.json
    Git,
    ClaudeCode, ///< settings.json
    Node,       ///< for this platform's shell
    Tls,        ///< the same, but the proxy is reached over TLS, for programs that support that
    Socks5,     ///< the same, for programs that read ALL_PROXY
};

/// Where the client runs; the address to use depends on it.
enum class ClientPlace { ThisComputer, AnotherComputer };

/// The proxy as a client has to address it.
struct ProxyAddress
{
    QHostAddress host;
    quint16 port = 0;
    std::optional<policy::Credentials> credentials; ///< empty: the proxy does not require any
    bool requiresTls = false;                       ///< it accepts nothing else: https://
};

enum class WithPassword { Yes, No };

/// Client settings as text to paste. Pure: the facts about this machine are parameters.
class Snippets
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::Snippets)

public:
    static constexpr SnippetKind kinds[] = {
        SnippetKind::Posix,        SnippetKind::Fish,   SnippetKind::PowerShell,
        SnippetKind::Cmd,          SnippetKind::DotEnv, SnippetKind::DockerRun,
        SnippetKind::DockerConfig, SnippetKind::Git,    SnippetKind::ClaudeCode,
        SnippetKind::Node,         SnippetKind::Tls,    SnippetKind::Socks5,
    };
    /// The kinds that are useful with these settings, in the same order.
    ///
    ///     what the proxy speaks              kinds
    ///     TLS or clear text                  all, Tls among them
    ///     TLS alone                          all with https://, but no Tls of its own
    ///     clear text alone                   no Tls
    ///     SOCKS5, where clear text is taken  Socks5
    [[nodiscard]] static QList<SnippetKind> kindsFor(const config::Settings &settings);

    /// The address that a client at `place` dials if the proxy listens on `listener`: another
    /// computer gets the first of `machine` that is neither loopback nor link-local, IPv4 before
    /// IPv6. Empty if it cannot reach the listener.
    [[nodiscard]] static std::optional<QHostAddress>
    hostFor(ClientPlace place, const QHostAddress &listener, const QList<QHostAddress> &machine);

    /// "http://user:password@host:port", or https:// if TLS is required, with special characters
    /// percent-encoded. Without the password, the word PASSWORD takes its place.
    [[nodiscard]] static QString url(const ProxyAddress &proxy, WithPassword withPassword);

    [[nodiscard]] static QString text(SnippetKind kind, const ProxyAddress &proxy,
                                      WithPassword withPassword);

    /// "bash / zsh", "Docker (docker run)"
    [[nodiscard]] static QString name(SnippetKind kind);

private:
    [[nodiscard]] static QString certificateHint();
};

} // namespace sami::gui
