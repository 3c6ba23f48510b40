// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/identity.h"

#include "base/version.h"
#include "door/certificate.h"
#include "door/identitynames.h"
#include "door/privatekey.h"
#include "door/statefolder.h"

#include <QDateTime>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace sami::door {

using namespace Qt::StringLiterals;
using config::ServerName;

namespace {

constexpr char keyFile[] = "identity.key";
constexpr char certificateFile[] = "identity.crt";
constexpr char namesFile[] = "identity.names"; ///< one name per line
// Ours have a few hundred octets; with a hundred names, a few thousand.
constexpr qsizetype mostOctets = 65536;

/// A date before which no clock is right: a build may be older than its release.
WallTime earliest()
{
    const QDateTime date(QDate::fromString(QStringLiteral(SAMI_RELEASE_DATE), Qt::ISODate),
                         QTime(0, 0), Qt::UTC);
    return WallClock::from_time_t(date.toSecsSinceEpoch()) - std::chrono::days(30);
}

Unexpected<QString> badKey(const QString &problem)
{
    return Unexpected(
        u"%1 in it %2; it is left as it is. Put the right one there, or make another identity with "
        "--new-identity, which changes the pin"_s.arg(QString::fromLatin1(keyFile), problem));
}

Unexpected<QString> keyIsGone()
{
    return Unexpected(
        u"%1 in it is gone; put it back before the next start, which makes another identity with "
        "another pin where there is none. If it is lost, --new-identity makes another one now"_s
            .arg(QString::fromLatin1(keyFile)));
}

/// The stored key; empty if there is no file.
Result<std::optional<PrivateKey>, QString> readKey(const StateFolder &folder)
{
    auto pem = folder.read(keyFile, mostOctets);
    if (!pem)
        return Unexpected(std::move(pem).error());
    if (!*pem)
        return std::optional<PrivateKey>();
    const QByteArray &octets = (*pem)->octets();
    if (octets.isEmpty())
        return badKey(u"is empty"_s);
    auto key = PrivateKey::fromPem(octets);
    if (!key)
        return badKey(key.error());
    if (!key->isP256())
        return badKey(u"is not a key on the curve P-256, as ours are"_s);
    return std::optional(std::move(key).value());
}

/// The added names. An unreadable file counts as empty: the identity is good without it.
QList<ServerName> addedNames(const StateFolder &folder)
{
    QList<ServerName> added;
    const auto content = folder.read(namesFile, mostOctets);
    if (!content || !*content)
        return added;
    for (const QByteArray &line : (*content)->octets().split('\n')) {
        const auto name = ServerName::parse(line);
        if (name && !added.contains(*name) && added.size() < maxAddedNames)
            added.append(*name);
    }
    return added;
}

QList<ServerName> withAdded(QList<ServerName> names, const StateFolder &folder)
{
    for (const ServerName &name : addedNames(folder)) {
        if (names.size() < maxIdentityNames && !names.contains(name))
            names.append(name);
    }
    return names;
}

/// What a certificate has to satisfy.
struct Wanted
{
    const PrivateKey &key;
    QList<ServerName> names;
    WallTime now;
};

bool isGood(const Certificate &certificate, const Wanted &wanted)
{
    const auto life = certificate.notAfter() - certificate.notBefore();
    return certificate.belongsTo(wanted.key) && certificate.notBefore() <= wanted.now
        && wanted.now < certificate.notBefore() + life * 2 / 3
        && std::all_of(wanted.names.begin(), wanted.names.end(),
                       [&certificate](const ServerName &name) { return certificate.isFor(name); });
}

/// The certificate if it is good, otherwise nothing.
QByteArray ifGood(const QByteArray &pem, const Wanted &wanted)
{
    const auto found = Certificate::allOf(pem);
    if (!found || found->size() != 1 || !isGood(*found->first(), wanted))
        return {};
    return found->first()->toPem();
}

Result<Material, QString> materialOf(const StateFolder &folder, const Wanted &wanted,
                                     const QByteArray &inForce)
{
    Material material;
    const auto &[key, names, now] = wanted;
    if (const auto kept = folder.read(certificateFile, mostOctets); kept && *kept)
        material.chain = ifGood((*kept)->octets(), wanted);
    if (material.chain.isEmpty())
        material.chain = ifGood(inForce, wanted);
    if (material.chain.isEmpty()) {
        const auto signedNow = Certificate::sign(key, names, now);
        if (!signedNow)
            return Unexpected(signedNow.error());
        material.chain = signedNow->toPem();
        if (const auto written = folder.write(certificateFile, material.chain); !written) {
            material.unwritten = written.error();
            material.warnings.append(
                u"the certificate of the own identity was signed again, and is kept only in "
                "memory: "_s
                + material.unwritten);
        }
    }
    material.key = key.toPem();
    material.pin = key.pin();
    return material;
}

} // namespace

Result<Material, QString> useIdentity(StateFolder &folder, const QList<ServerName> &names,
                                      WallTime now, const QByteArray &inForce)
{
    // Two processes may start at once: the second one finds what the first has made.
    if (auto locked = folder.lock(); !locked)
        return Unexpected(locked.error());
    auto key = readKey(folder);
    if (!key)
        return Unexpected(key.error());
    if (!*key) {
        if (!inForce.isEmpty())
            return keyIsGone();
        auto made = PrivateKey::make();
        if (!made)
            return Unexpected(made.error());
        if (auto written = folder.write(keyFile, made->toPem().octets()); !written)
            return Unexpected(written.error());
        *key = std::move(made).value();
    }
    return materialOf(folder, { **key, withAdded(names, folder), std::max(now, earliest()) },
                      inForce);
}

Result<Material, QString> useKnownIdentity(StateFolder &folder, const QList<ServerName> &names,
                                           WallTime now)
{
    const auto kept = folder.read(certificateFile, mostOctets);
    if (!kept)
        return Unexpected(kept.error());
    return useIdentity(folder, names, now, *kept ? (*kept)->octets() : QByteArray());
}

Result<void, QString> addIdentityName(StateFolder &folder, const ServerName &name)
{
    if (auto locked = folder.lock(); !locked)
        return Unexpected(locked.error());
    QList<ServerName> names = addedNames(folder);
    if (names.contains(name))
        return {};
    if (names.size() == maxAddedNames) {
        return Unexpected(u"%1 in it has %2 names already; take out those that nobody uses"_s.arg(
            QString::fromLatin1(namesFile), QString::number(maxAddedNames)));
    }
    names.append(name);
    QByteArray content;
    for (const ServerName &each : std::as_const(names))
        content += each.toByteArray() + '\n';
    return folder.write(namesFile, content);
}

Result<std::optional<Material>, QString> readIdentity(const StateFolder &folder)
{
    const auto key = readKey(folder);
    if (!key)
        return Unexpected(key.error());
    if (!*key)
        return std::optional<Material>();
    const auto kept = folder.read(certificateFile, mostOctets);
    if (!kept)
        return Unexpected(kept.error());
    const auto found =
        *kept ? Certificate::allOf((*kept)->octets()) : Certificate::allOf(QByteArray());
    if (!found || !found->first()->belongsTo(**key))
        return std::optional<Material>();
    Material material;
    material.chain = found->first()->toPem();
    material.key = (*key)->toPem();
    material.pin = (*key)->pin();
    return std::optional(std::move(material));
}

Result<IdentityChange, QString> newIdentity(StateFolder &folder, const QList<ServerName> &names,
                                            WallTime now)
{
    if (auto locked = folder.lock(); !locked)
        return Unexpected(locked.error());
    IdentityChange change;
    // A damaged key has no pin; replacing it is what this command is for.
    if (auto former = readKey(folder); former && *former)
        change.formerPin = (*former)->pin();
    const auto made = PrivateKey::make();
    if (!made)
        return Unexpected(made.error());
    const auto signedNow =
        Certificate::sign(*made, withAdded(names, folder), std::max(now, earliest()));
    if (!signedNow)
        return Unexpected(signedNow.error());
    if (auto written = folder.write(keyFile, made->toPem().octets()); !written)
        return Unexpected(written.error());
    change.pin = made->pin();
    if (const auto written = folder.write(certificateFile, signedNow->toPem()); !written)
        change.unwritten = written.error();
    return change;
}

} // namespace sami::door
