// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/serversecrets.h"

#include "base/randomoctets.h"
#include "config/optiontable.h"
#include "config/parenturl.h"
#include "config/proxyurl.h"

#include <QList>
#include <QStringList>

#include <array>
#include <optional>
#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr auto nameKey = "gui_passwords_in_keychain"_L1;
constexpr auto parkedKey = "gui_servers_off"_L1;
constexpr qsizetype standInSize = 16; ///< octets
constexpr qsizetype nameSize = 4;     ///< octets; enough to tell one person's settings files apart

QString listKey()
{
    return config::findOption(QString::fromLatin1(config::parentsOption))->iniKey();
}

/// The same server as an entry without its password. A link cannot leave its password out, so the
/// text is never a link.
QByteArray textWithoutPassword(config::Parent server)
{
    server.fromLink = false;
    server.password.clear();
    QByteArray text = config::parentText(server);
    // The user name is percent-encoded, so the first colon before an @ is where it ends.
    return text.replace(text.indexOf(":@"), 2, "@");
}

/// Replaces those servers of a list for which `replacement` returns a text. A parked server's place
/// stays in front of it. An entry that is not a server, such as "@FILE", stays as it is.
template <typename Replacement> QString mapped(const QString &list, const Replacement &replacement)
{
    QStringList entries = list.split(u',');
    for (QString &entry : entries) {
        const QString trimmed = entry.trimmed();
        const qsizetype begin = trimmed.indexOf(u' ') + 1;
        const auto parsed = config::parseParent(trimmed.sliced(begin).toUtf8());
        if (!parsed)
            continue;
        if (const std::optional<QByteArray> text = replacement(*parsed))
            entry = trimmed.first(begin) + QString::fromLatin1(*text);
    }
    return entries.join(u',');
}

} // namespace

ServerSecrets::ServerSecrets()
    : m_standIn(randomOctets<standInSize>().toHex()),
      m_name(QString::fromLatin1(randomOctets<nameSize>().toHex()))
{}

QByteArray ServerSecrets::keyOf(const config::Parent &server)
{
    return QByteArray(config::toString(server.kind)) + "://" + config::percentEncoded(server.user)
        + '@' + server.endpoint.toByteArray();
}

bool ServerSecrets::hasPassword(const config::Parent &server)
{
    return server.hasCredentials() && !server.password.isEmpty();
}

QString ServerSecrets::entryText(const Passwords &passwords)
{
    QByteArray text;
    for (auto each = passwords.cbegin(); each != passwords.cend(); ++each)
        text += each.key() + ' ' + config::percentEncoded(each.value()) + '\n';
    return QString::fromLatin1(text);
}

ServerSecrets::Passwords ServerSecrets::parseEntry(const QString &text)
{
    Passwords passwords;
    const QStringList lines = text.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const qsizetype blank = line.indexOf(u' ');
        const auto password = config::percentDecoded(line.sliced(blank + 1).toLatin1());
        if (blank > 0 && password && !password->isEmpty())
            passwords.insert(line.first(blank).toLatin1(), *password);
    }
    return passwords;
}

void ServerSecrets::adopt(const config::IniFile &file)
{
    const QString name = file.value(nameKey).value_or(QString()).trimmed();
    m_isNamed = !name.isEmpty();
    if (m_isNamed)
        m_name = name;
}

bool ServerSecrets::isMissing(const config::Parent &server) const
{
    return server.hasCredentials() && server.password == m_standIn;
}

QString ServerSecrets::filledList(const QString &list) const
{
    return mapped(list, [this](const config::ParentEntry &entry) -> std::optional<QByteArray> {
        config::Parent server = entry.parent;
        if (!entry.lacksPassword && !isMissing(server))
            return std::nullopt;
        server.password = m_held.value(keyOf(server), m_standIn);
        return config::parentText(server);
    });
}

QString ServerSecrets::strippedList(const QString &list) const
{
    return mapped(list, [this](const config::ParentEntry &entry) -> std::optional<QByteArray> {
        const config::Parent &server = entry.parent;
        const bool isHeld = hasPassword(server) && m_held.value(keyOf(server)) == server.password;
        if (!isHeld && !isMissing(server))
            return std::nullopt;
        return textWithoutPassword(server);
    });
}

config::IniFile ServerSecrets::filled(const config::IniFile &file) const
{
    config::IniFile result = file;
    if (file.value(nameKey).value_or(QString()).trimmed().isEmpty())
        return result;
    for (const QString &key : { listKey(), QString(parkedKey) }) {
        if (const auto value = file.value(key))
            result.setValue(key, filledList(*value));
    }
    return result;
}

QByteArray ServerSecrets::filledLines(const QByteArray &text) const
{
    QList<QByteArray> lines = text.split('\n');
    bool isNamedHere = false;
    for (QByteArray &line : lines) {
        auto parsed = config::IniFile::parse(line + '\n');
        if (!parsed)
            continue;
        isNamedHere = isNamedHere || parsed->value(nameKey).has_value();
        for (const QString &key : { listKey(), QString(parkedKey) }) {
            if (const auto value = parsed->value(key)) {
                parsed->setValue(key, filledList(*value));
                line = parsed->toByteArray().chopped(1);
            }
        }
    }
    return isNamedHere ? lines.join('\n') : text;
}

QList<config::Parent> ServerSecrets::serversIn(const config::IniFile &file) const
{
    const config::IniFile whole = filled(file);
    QList<config::Parent> servers;
    for (const QString &key : { listKey(), QString(parkedKey) }) {
        mapped(whole.value(key).value_or(QString()), [&servers](const config::ParentEntry &entry) {
            if (!entry.parent.isDirect())
                servers.append(entry.parent);
            return std::optional<QByteArray>();
        });
    }
    return servers;
}

config::IniFile ServerSecrets::stripped(const config::IniFile &file) const
{
    config::IniFile result = file;
    bool leavesOut = false;
    bool lacksSome = false;
    for (const QString &key : { listKey(), QString(parkedKey) }) {
        const auto value = file.value(key);
        if (!value)
            continue;
        const QString without = strippedList(*value);
        if (without != *value) {
            result.setValue(key, without);
            leavesOut = true;
        }
        mapped(without, [&lacksSome](const config::ParentEntry &entry) {
            lacksSome = lacksSome || entry.lacksPassword;
            return std::optional<QByteArray>();
        });
    }
    // Only left-out passwords add the name: a server may also lack its password because
    // PROXY_PARENTS_PASSWORD_FILE has it.
    if (leavesOut && file.value(nameKey) != m_name)
        result.setValue(nameKey, m_name);
    else if (!lacksSome)
        result.remove(nameKey);
    return result;
}

} // namespace sami::gui
