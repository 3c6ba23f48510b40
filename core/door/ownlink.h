// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "base/result.h"
#include "config/configerror.h"
#include "config/settings.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace sami::door {

/// What a link needs beyond the settings.
struct LinkWishes
{
    QString host; ///< HOST or HOST:PORT at which clients reach the proxy; empty: see below
    QString name; ///< what its users call it; empty: its host and port
    /// The user whose link it is; empty: the pair from the settings.
    std::optional<policy::Credentials> user = {};
};

struct OwnLink
{
    QByteArray text;      ///< a secret (config/link.h)
    QStringList warnings; ///< sentences for the person who asked; they hold no secret
};

/// The link to the proxy of these settings. Blocks as identityPin() does, and like it creates a
/// missing identity; the shell's thread.
///
///     a host was requested               that; its port, or the listener's
///     else PROXY_TLS_NAMES               the first of them
///     else                               the address that is listened on, or the first of this
///                                        machine's, IPv4 before IPv6, if it is public
///     none of these                      error: it needs --host
///
///     own identity                       its pin; its certificate covers the requested host from
///                                        now on, or a warning says why it does not
///     certificate files, self-signed     the pin of the certificate
///     certificate files of an authority  no pin: the certificate is good by itself, and its key
///                                        changes
///     no TLS at the door                 tls=0, and a warning
///
///     a user was requested               with the user's credentials
///     else the settings' pair            with it
///     neither, but a users file          error: it needs --user
///     none of these                      no user information: the proxy asks for none
[[nodiscard]] Result<OwnLink, config::ConfigError>
ownLink(const config::Settings &settings, const LinkWishes &wishes,
        const std::function<Result<QList<InterfaceAddress>, QString>()> &addresses =
            &readInterfaceAddresses);

} // namespace sami::door
