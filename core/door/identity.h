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

/// What the server is, where no certificate of an authority says so: a key of its own, made once
/// and never changed but by newIdentity(), and a certificate that it signs by itself. Clients know
/// it by its pin, which is the key's. Linux; the main thread's or a command's.
///
///     identity.key          identity.crt                          useIdentity()
///     none                  whatever                              makes both; error where one is
///                                                                 in force, which stays
///     a P-256 key           good for these names, for long        takes both as they are
///     a P-256 key           anything else                         signs another one by the same
///     key of another kind,      whatever                              error; nothing is touched
///     damaged, empty
///
/// "Good for long" is: signed by this key, begun by this clock, within two thirds of its life, with
/// every name that is wanted. One that has more names is good: each new certificate makes those old
/// that clients were given as a file, so none is signed without need. A clock that is long before
/// this program's release is wrong, and that day is taken in its place.
///
/// Wanted are the names that are handed in, and those of addIdentityName().
///
/// Whoever shows one hands its certificate in again as `inForce`, PEM. One that cannot be written
/// (a read-only folder) so stays as long as it is good, and a key that is gone (a volume that is
/// not mounted any more) is not replaced by another one, with another pin.
[[nodiscard]] Result<Material, QString> useIdentity(StateFolder &folder,
                                                    const QList<config::ServerName> &names,
                                                    WallTime now, const QByteArray &inForce = {});

/// The same for a command. It makes an identity where there has never been one; where the
/// certificate is there and its key is gone it says so, for another key is another pin, and only a
/// start, or whoever asks for just that, may mean it.
[[nodiscard]] Result<Material, QString>
useKnownIdentity(StateFolder &folder, const QList<config::ServerName> &names, WallTime now);

/// Keeps a name or an address that clients were given: the identity is for it from now on, whatever
/// the settings say. The proxy that runs signs a certificate for it when it looks next. A name that
/// is kept already changes nothing; there is room for `maxAddedNames`.
[[nodiscard]] Result<void, QString> addIdentityName(StateFolder &folder,
                                                    const config::ServerName &name);
inline constexpr qsizetype maxAddedNames = 32;

/// The identity as it is there, for a command that must change nothing: nothing where there is no
/// key, or no certificate that belongs to it.
[[nodiscard]] Result<std::optional<Material>, QString> readIdentity(const StateFolder &folder);

struct IdentityChange
{
    QByteArray formerPin; ///< empty where there was none
    QByteArray pin;
};

/// Makes another key in the place of the one there is, good or not.
[[nodiscard]] Result<IdentityChange, QString>
newIdentity(StateFolder &folder, const QList<config::ServerName> &names, WallTime now);

} // namespace sami::door
