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

/// What a client's settings are copied for.
enum class SnippetKind {
    Posix, ///< bash, zsh and every other sh
    Fish,
    PowerShell,
    Cmd,    ///< at its prompt; a batch file would want each % twice
    DotEnv, ///< NAME=value lines, nothing quoted: docker's --env-file wants it so
    DockerRun,
    DockerConfig, ///< ~/.docker/config.json
    Git,
    ClaudeCode, ///< settings.json
    Node,       ///< for the shell of this platform
    Tls,        ///< the same; the proxy spoken to over TLS, for programs that can
    Socks5,     ///< the same; for programs that read ALL_PROXY
};

/// Where the client runs: the address to use follows from it.
enum class ClientPlace { ThisComputer, AnotherComputer };

/// The proxy as a client must name it.
struct ProxyAddress
{
    QHostAddress host;
    quint16 port = 0;
    std::optional<policy::Credentials> credentials; ///< none: the proxy does not ask
    bool requiresTls = false;                       ///< it takes nothing else: https://
};

enum class WithPassword { Yes, No };

/// The settings of clients as text to paste. Pure: what surrounds this machine is a parameter.
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
    /// Those of use with these settings, in the same order.
    ///
    ///     what the proxy speaks              kinds
    ///     TLS or clear text                  all, Tls among them
    ///     TLS alone                          all with https://, but no Tls of its own
    ///     clear text alone                   no Tls
    ///     SOCKS5, where clear text is taken  Socks5
    [[nodiscard]] static QList<SnippetKind> kindsFor(const config::Settings &settings);

    /// The address that a client at `place` dials when the proxy listens at `listener`: another
    /// computer gets the first of `machine` that is neither loopback nor link-local, IPv4 before
    /// IPv6. Nothing when it cannot reach the listener.
    [[nodiscard]] static std::optional<QHostAddress>
    hostFor(ClientPlace place, const QHostAddress &listener, const QList<QHostAddress> &machine);

    /// "http://user:password@host:port", or https:// where TLS is required, all that is special
    /// percent-encoded. Without the password the word PASSWORD stands in its place.
    [[nodiscard]] static QString url(const ProxyAddress &proxy, WithPassword withPassword);

    [[nodiscard]] static QString text(SnippetKind kind, const ProxyAddress &proxy,
                                      WithPassword withPassword);

    /// "bash / zsh", "Docker (docker run)"
    [[nodiscard]] static QString name(SnippetKind kind);

private:
    [[nodiscard]] static QString certificateHint();
};

} // namespace sami::gui
