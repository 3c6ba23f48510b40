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

/// The server's own identity, for a server without an authority's certificate: a key that is made
/// once and changed by newIdentity() alone, and a self-signed certificate. Clients know it by its
/// pin, which is the key's. Linux; for the main thread or a command.
///
///     identity.key          identity.crt                          useIdentity()
///     none                  anything                              makes both; error if one is in
///                                                                 force, which stays
///     a P-256 key           good for these names, for long        uses both as they are
///     a P-256 key           anything else                         signs a new one with this key
///     a key of another      anything                              error; nothing is touched
///     kind, damaged, empty
///
/// "Good for long" means: signed by this key, already valid by this clock, within the first two
/// thirds of its life, and covering every requested name. Extra names are fine. No certificate is
/// signed without need: clients may have been given the present one as a file, which a new one
/// makes obsolete. A clock long before this program's release date is wrong, and a date shortly
/// before the release is used instead.
///
/// The requested names are `names` and those of addIdentityName().
///
/// A caller that already shows a certificate passes it as `inForce`, PEM. Then a certificate that
/// could not be written (a read-only folder) stays in use as long as it is good. And a key that is
/// gone (a volume that is no longer mounted) is not replaced by another one with another pin.
[[nodiscard]] Result<Material, QString> useIdentity(StateFolder &folder,
                                                    const QList<config::ServerName> &names,
                                                    WallTime now, const QByteArray &inForce = {});

/// The same for a command. Makes an identity if there has never been one. Returns an error if the
/// certificate exists but its key is gone: another key means another pin, which only a start or
/// newIdentity() may make.
[[nodiscard]] Result<Material, QString>
useKnownIdentity(StateFolder &folder, const QList<config::ServerName> &names, WallTime now);

/// Adds a name or an address that clients were given. The identity covers it from now on, whatever
/// the settings say; a running proxy signs a certificate for it at its next look. Adding a name
/// twice changes nothing. The folder holds at most `maxAddedNames`.
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
    QString unwritten {}; ///< why the folder has no new certificate; empty if it has one
};

/// Replaces the key, good or not, with a new one, and signs a certificate for it. If only the
/// certificate cannot be written, the new key counts all the same: a running proxy signs another
/// certificate for it.
[[nodiscard]] Result<IdentityChange, QString>
newIdentity(StateFolder &folder, const QList<config::ServerName> &names, WallTime now);

} // namespace sami::door
