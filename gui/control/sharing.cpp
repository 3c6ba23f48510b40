// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/sharing.h"

#include "base/endpoint.h"
#include "config/exposure.h"
#include "config/optionparsers.h"
#include "gui/control/settingsstore.h"
#include "gui/text/locktext.h"

#include <QRandomGenerator>

#include <algorithm>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

using policy::Cidr;
using policy::ClientEntry;

// No letter that looks like a digit, and no upper case.
constexpr auto alphabet = "abcdefghijkmnpqrstuvwxyz23456789"_L1;
constexpr int passwordLength = 12;

bool isIpv4(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv4Protocol;
}

bool listensAt(const QHostAddress &listener, const QHostAddress &own)
{
    return listener == QHostAddress(QHostAddress::Any) || unmapped(listener) == own
        || listener == QHostAddress(isIpv4(own) ? QHostAddress::AnyIPv4 : QHostAddress::AnyIPv6);
}

/// What "private" means on a machine with this address.
policy::PrivateClients privatesBeside(const OwnAddress &own)
{
    return { { { own.address, own.prefixLength, LinkKind::Shared, {} } }, {} };
}

/// The network around that address. A prefix of full length gives the address alone.
Cidr networkOf(const OwnAddress &own)
{
    return Cidr::around(own.address, own.prefixLength);
}

bool isHeld(const OwnAddress &own, const ClientEntry &entry)
{
    if (!entry.holds(own.address, privatesBeside(own)))
        return false;
    return entry.isPrivate() || entry.range().prefixLength() <= own.prefixLength;
}

QString textOf(const QList<ClientEntry> &entries)
{
    QStringList texts;
    for (const ClientEntry &entry : entries)
        texts.append(QString::fromLatin1(entry.toByteArray()));
    return texts.join(u',');
}

} // namespace

Sharing::Sharing(const config::Settings &now, const OwnAddress &own,
                 const policy::Credentials &fresh)
    : m_now(now), m_wanted(now)
{
    planListening(own);
    planClients(own);
    if (!now.access.credentials) {
        m_wanted.access.credentials = fresh;
        m_changes.append(Change::AskForPassword);
    }
}

void Sharing::planListening(const OwnAddress &own)
{
    const QHostAddress listener = m_now.listen.address;
    if (listensAt(listener, own.address))
        return;
    const bool areBothIpv4 = isIpv4(own.address) && isIpv4(unmapped(listener));
    m_wanted.listen.address = QHostAddress(areBothIpv4 ? QHostAddress::AnyIPv4 : QHostAddress::Any);
    m_changes.append(Change::ListenEverywhere);
}

void Sharing::planClients(const OwnAddress &own)
{
    QList<ClientEntry> &allowed = m_wanted.access.allowedClients;
    if (std::any_of(allowed.cbegin(), allowed.cend(),
                    [&own](const ClientEntry &entry) { return isHeld(own, entry); }))
        return;
    if (allowed.isEmpty() && !config::listensOnLoopbackOnly(m_now))
        return;
    const bool isPrivate = privatesBeside(own).contains(own.address);
    const Cidr network = networkOf(own);
    // A network of one or two addresses has no room for a phone: it is a tunnel's, and the devices
    // behind it have addresses elsewhere.
    const bool hasNeighbours = network.prefixLength() < (isIpv4(own.address) ? 31 : 127);
    if (isPrivate && (allowed.isEmpty() || !hasNeighbours)) {
        allowed.append(ClientEntry::privateClients());
        m_changes.append(Change::LetInPrivate);
        return;
    }
    if (allowed.isEmpty())
        allowed = { Cidr::around(QHostAddress(QHostAddress::LocalHost), 8),
                    Cidr::host(QHostAddress(QHostAddress::LocalHostIPv6)) };
    allowed.append(network);
    m_changes.append(Change::LetInNetwork);
}

config::Settings Sharing::with(Change change) const
{
    config::Settings settings = m_now;
    switch (change) {
    case Change::ListenEverywhere:
        settings.listen.address = m_wanted.listen.address;
        break;
    case Change::AskForPassword:
        settings.access.credentials = m_wanted.access.credentials;
        break;
    case Change::LetInPrivate:
    case Change::LetInNetwork:
        settings.access.allowedClients = m_wanted.access.allowedClients;
        break;
    }
    return settings;
}

QString Sharing::sentence(Change change) const
{
    const bool isFirstEntry = m_now.access.allowedClients.isEmpty();
    switch (change) {
    case Change::ListenEverywhere:
        return tr("The proxy listens on every address of this computer (%1), not on %2 alone.")
            .arg(config::formatListenAddress(m_wanted.listen.address),
                 config::formatListenAddress(m_now.listen.address));
    case Change::AskForPassword:
        if (config::asksForPassword(m_now))
            return tr("One more user with its own password can sign in, besides those of the "
                      "file of users.");
        return tr("It asks for a user name and a password. Programs on this computer that use it "
                  "now need them too.");
    case Change::LetInPrivate:
        return isFirstEntry
            ? tr("It lets in this computer and private networks, such as your home network, and "
                 "nobody from the internet.")
            : tr("It lets in private networks too, such as your home network.");
    case Change::LetInNetwork: {
        const QString network =
            QString::fromLatin1(m_wanted.access.allowedClients.last().toByteArray());
        return isFirstEntry
            ? tr("It lets in this computer and the network %1, and nobody else.").arg(network)
            : tr("It lets in the network %1 too.").arg(network);
    }
    }
    return {};
}

QString Sharing::remedy(Change change) const
{
    switch (change) {
    case Change::ListenEverywhere:
        return tr("Set it to %1 there, or remove it there, and start this program again.")
            .arg(config::formatListenAddress(m_wanted.listen.address));
    case Change::AskForPassword:
        return tr("Set a user name and a password there, or remove them there, and start this "
                  "program again.");
    case Change::LetInPrivate:
    case Change::LetInNetwork:
        return tr("Set it to %1 there, or remove it there, and start this program again.")
            .arg(textOf(m_wanted.access.allowedClients));
    }
    return {};
}

QStringList Sharing::obstacles(const SettingsStore &store) const
{
    QStringList sentences;
    for (const Change change : m_changes) {
        if (const config::EffectiveOption *lock = store.lockOn(with(change)))
            sentences.append(LockText::sentence(*lock) + u' ' + remedy(change));
    }
    return sentences;
}

QByteArray Sharing::generatePassword()
{
    QByteArray password;
    for (int i = 0; i < passwordLength; ++i) {
        const int place = QRandomGenerator::system()->bounded(int(alphabet.size()));
        password += char(alphabet.at(place).unicode());
    }
    return password;
}

} // namespace sami::gui
