// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "config/servername.h"
#include "door/material.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace sami::door {

class StateFolder;

/// The server's own identity, for when no authority's certificate vouches for it: a key that is
/// made once and only changed by newIdentity(), and a self-signed certificate. Clients know it by
/// its pin, which is the key's. Linux; for the main thread or a command.
///
///     identity.key          identity.crt                          useIdentity()
///     none                  anything                              makes both; error if one is in
///                                                                 force, which stays
///     a P-256 key           good for these names, for long        uses both as they are
///     a P-256 key           anything else                         signs another one by this key
///     a key of another      anything                              error; nothing is touched
///     kind, damaged, empty
///
/// "Good for long" means: signed by this key, already valid by this clock, within the first two
/// thirds of its life, and covering every requested name. Extra names are fine: clients may have
/// been given the certificate as a file, which each new one makes obsolete, so none is signed
/// without need. A clock long before this program's release date is wrong, and that date is used
/// instead.
///
/// The requested names are `names` and those of addIdentityName().
///
/// A caller that already shows a certificate passes it as `inForce`, PEM. So one that cannot be
/// written (a read-only folder) stays as long as it is good, and a key that is gone (a volume that
/// is no longer mounted) is not replaced by another one with another pin.
[[nodiscard]] Result<Material, QString> useIdentity(StateFolder &folder,
                                                    const QList<config::ServerName> &names,
                                                    WallTime now, const QByteArray &inForce = {});

/// The same for a command. Makes an identity where there has never been one. If the certificate is
/// there and its key is gone, that is an error: another key is another pin, so only a start or an
/// explicit command makes one.
[[nodiscard]] Result<Material, QString>
useKnownIdentity(StateFolder &folder, const QList<config::ServerName> &names, WallTime now);

/// Keeps a name or an address that clients were given: the identity is for it from now on, whatever
/// the settings say. The proxy that runs signs a certificate for it when it looks next. A name that
/// is kept already changes nothing; there is room for `maxAddedNames`.
[[nodiscard]] Result<void, QString> addIdentityName(StateFolder &folder,
                                                    const config::ServerName &name);
inline constexpr qsizetype maxAddedNames = 32;

/// The identity as stored, for a command that must change nothing; empty if there is no key, or no
/// certificate that belongs to it.
[[nodiscard]] Result<std::optional<Material>, QString> readIdentity(const StateFolder &folder);

struct IdentityChange
{
    QByteArray formerPin; ///< empty if there was none
    QByteArray pin;
};

/// Replaces the key, good or not, by a new one.
[[nodiscard]] Result<IdentityChange, QString>
newIdentity(StateFolder &folder, const QList<config::ServerName> &names, WallTime now);

} // namespace sami::door
