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

/// What a link is to say beyond the settings.
struct LinkWishes
{
    QString host; ///< HOST or HOST:PORT that clients reach the proxy at; empty: see below
    QString name; ///< what those who use it call it; empty: its host and port
    /// Whose link it is; nothing: that of the settings' own pair.
    std::optional<policy::Credentials> user = {};
};

struct OwnLink
{
    QByteArray text;      ///< a secret (config/link.h)
    QStringList warnings; ///< sentences for whoever asked; no secret in them
};

/// The link to the proxy of these settings. Blocks as identityPin() does, and as it makes an
/// identity that is not there yet; the shell's thread.
///
///     host that was wished for           that; its port, or the listener's
///     none, but PROXY_TLS_NAMES          the first of these
///     neither                            the address that is listened at, or the first of this
///                                        machine's, IPv4 before IPv6, if it is public
///     none of these                      error: it needs --host
///
///     own identity                       its pin; its certificate is for the wished host from now
///                                        on, or a warning says why it is not
///     certificate files, self-signed     the pin of the certificate
///     certificate files of an authority  no pin: the certificate is good by itself, and its key
///                                        changes
///     no TLS at the door                 tls=0, and a warning
///
///     a user that was wished for         with the user's credentials
///     the settings' pair                 with it
///     neither, but a file of users       error: it needs --user
///     none of these                      no user information: the proxy asks for none
[[nodiscard]] Result<OwnLink, config::ConfigError>
ownLink(const config::Settings &settings, const LinkWishes &wishes,
        const std::function<Result<QList<InterfaceAddress>, QString>()> &addresses =
            &readInterfaceAddresses);

} // namespace sami::door
