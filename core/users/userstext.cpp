// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/userstext.h"

#include <QByteArrayList>
#include <QCryptographicHash>
#include <QHash>
#include <QList>

#include <algorithm>
#include <optional>
#include <utility>

namespace sami::users {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView noteKey = "note=";

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

/// A user and its position in the content.
struct UserLine
{
    UserPtr user;
    int number = 0;      ///< from 1
    qsizetype start = 0; ///< of its first octet
    qsizetype size = 0;  ///< without the line end
    qsizetype next = 0;  ///< of the next line's first octet
};

/// Applies the options of a line; each key is allowed once.
class Options
{
public:
    explicit Options(User &user) : m_user(user) {}
    [[nodiscard]] Result<void, QString> take(QByteArrayView text);

private:
    [[nodiscard]] Result<void, QString> takeOne(const QByteArray &key, QByteArrayView value,
                                                bool hasValue);
    template <typename T>
    [[nodiscard]] static Result<void, QString> set(T &place, Result<T, QString> value,
                                                   const QByteArray &key)
    {
        if (!value)
            return fail(u"%1: %2"_s.arg(QString::fromLatin1(key), value.error()));
        place = std::move(value).value();
        return {};
    }

    User &m_user;
    QList<QByteArray> m_seen;
};

Result<void, QString> Options::take(QByteArrayView text)
{
    QByteArrayView rest = text;
    while (!rest.trimmed().isEmpty()) {
        rest = rest.trimmed();
        qsizetype end = rest.indexOf(';');
        if (end < 0 || rest.startsWith(noteKey))
            end = rest.size();
        const QByteArrayView item = rest.first(end).trimmed();
        rest = rest.sliced(qMin(end + 1, rest.size()));
        const qsizetype equals = item.indexOf('=');
        const QByteArray key = (equals < 0 ? item : item.first(equals)).trimmed().toByteArray();
        if (m_seen.contains(key) && !key.isEmpty())
            return fail(u"%1 appears twice"_s.arg(QString::fromUtf8(key)));
        m_seen.append(key);
        const QByteArrayView value = equals < 0 ? QByteArrayView() : item.sliced(equals + 1);
        if (auto taken = takeOne(key, value.trimmed(), equals >= 0); !taken)
            return taken;
    }
    return {};
}

Result<void, QString> Options::takeOne(const QByteArray &key, QByteArrayView value, bool hasValue)
{
    if (key == "disabled") {
        m_user.isDisabled = true;
        return hasValue ? fail(u"disabled takes no value: leave it out to let the user in"_s)
                        : Result<void, QString>();
    }
    if (key == "connections")
        return set(m_user.connections, parseConnections(value), key);
    if (key == "hosts") {
        // The fault of a host quotes it, and where a line break was lost the next hash is in it.
        if (value.contains('$'))
            return fail(u"%1: %2"_s.arg(QString::fromLatin1(key),
                                        u"no host contains a $; is a line break missing?"_s));
        return set(m_user.hosts, parseHosts(value), key);
    }
    if (key == "until") {
        QDate day;
        auto isSet = set(day, parseUntil(value), key);
        m_user.until = day;
        return isSet;
    }
    if (key == "note" && hasValue) {
        m_user.note = value.toByteArray();
        const QString problem = noteProblem(value);
        return problem.isEmpty() ? Result<void, QString>() : fail(u"note: %1"_s.arg(problem));
    }
    // Does not repeat the key: it may be a part of a hash that contains a colon.
    return fail(u"there is a key that this program does not know; there are connections=, hosts=, "
                "until=, disabled and, as the last, note="_s);
}

Result<UserPtr, QString> userOf(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    if (colon < 0)
        return fail(u"there is no colon; a line is NAME:HASH"_s);
    const QByteArrayView name = line.first(colon);
    if (const QString problem = nameProblem(name); !problem.isEmpty())
        return fail(u"the name: %1"_s.arg(problem));
    const QByteArrayView rest = line.sliced(colon + 1);
    const qsizetype second = rest.indexOf(':');
    auto hash = PasswordHash::parse(second < 0 ? rest : rest.first(second));
    if (!hash)
        return fail(u"the hash %1"_s.arg(hash.error()));
    User user { name.toByteArray(), std::move(hash).value(), 0, {}, {}, false, {} };
    if (second >= 0) {
        if (const auto taken = Options(user).take(rest.sliced(second + 1)); !taken)
            return fail(taken.error());
    }
    return UserPtr(std::make_shared<const User>(std::move(user)));
}

Result<QList<UserLine>, QString> readLines(const QByteArray &content)
{
    if (content.startsWith("\xef\xbb\xbf"))
        return fail(u"line 1: there is a byte order mark; save the file as UTF-8 without one"_s);
    QList<UserLine> lines;
    QHash<QByteArray, int> numbers;
    UserLine line;
    for (; line.next < content.size();) {
        ++line.number;
        line.start = line.next;
        const qsizetype end = content.indexOf('\n', line.start);
        line.next = end < 0 ? content.size() : end + 1;
        QByteArrayView text = QByteArrayView(content).sliced(
            line.start, (end < 0 ? content.size() : end) - line.start);
        if (text.endsWith('\r'))
            text.chop(1);
        line.size = text.size();
        if (text.trimmed().isEmpty() || text.startsWith('#'))
            continue;
        const auto at = [&line](const QString &problem) {
            return fail(u"line %1: %2"_s.arg(line.number).arg(problem));
        };
        auto user = userOf(text);
        if (!user)
            return at(user.error());
        const QByteArray &name = (*user)->name;
        if (numbers.contains(name))
            return at(u"the name is already in line %1"_s.arg(numbers.value(name)));
        numbers.insert(name, line.number);
        line.user = std::move(user).value();
        lines.append(line);
    }
    return lines;
}

Result<UserLine, QString> lineWith(const QByteArray &content, const QByteArray &name)
{
    const auto lines = readLines(content);
    if (!lines)
        return fail(lines.error());
    const auto found = std::find_if(lines->cbegin(), lines->cend(), [&name](const UserLine &line) {
        return line.user->name == name;
    });
    if (found == lines->cend())
        return fail(u"has no user of that name"_s);
    return *found;
}

} // namespace

Result<UsersList, QString> parseUsers(const QByteArray &content)
{
    const auto lines = readLines(content);
    if (!lines)
        return fail(lines.error());
    QList<UserPtr> users;
    users.reserve(lines->size());
    for (const UserLine &line : *lines)
        users.append(line.user);
    return UsersList(std::move(users), fingerprintOf(content));
}

QByteArray fingerprintOf(const QByteArray &content)
{
    return QCryptographicHash::hash(content, QCryptographicHash::Sha256);
}

QByteArray lineOf(const User &user)
{
    QByteArrayList options;
    if (user.connections > 0)
        options.append("connections=" + QByteArray::number(user.connections));
    QByteArrayList hosts;
    for (const policy::HostEntry &entry : user.hosts.entries())
        hosts.append(entry.toByteArray());
    if (!hosts.isEmpty())
        options.append("hosts=" + hosts.join(','));
    if (user.until)
        options.append("until=" + user.until->toString(Qt::ISODate).toLatin1());
    if (user.isDisabled)
        options.append("disabled");
    if (!user.note.isEmpty())
        options.append(noteKey.toByteArray() + user.note);
    QByteArray line = user.name + ':' + user.hash.text();
    if (!options.isEmpty())
        line += ':' + options.join(';');
    return line;
}

Result<QByteArray, QString> withUser(const QByteArray &content, const User &user)
{
    const auto lines = readLines(content);
    if (!lines)
        return fail(lines.error());
    for (const UserLine &line : *lines) {
        if (line.user->name == user.name)
            return fail(u"already has a user of that name, in line %1"_s.arg(line.number));
    }
    const QByteArray end = content.contains("\r\n") ? "\r\n" : "\n";
    QByteArray added = content;
    if (!added.isEmpty() && !added.endsWith('\n'))
        added += end;
    return added + lineOf(user) + end;
}

Result<QByteArray, QString> withoutUser(const QByteArray &content, const QByteArray &name)
{
    const auto line = lineWith(content, name);
    if (!line)
        return fail(line.error());
    const QByteArray left = QByteArray(content).remove(line->start, line->next - line->start);
    // A running proxy takes an empty file for one that could not be written.
    return left.isEmpty() ? QByteArray("# nobody\n") : left;
}

Result<QByteArray, QString> withChangedUser(const QByteArray &content, const QByteArray &name,
                                            const std::function<void(User &user)> &change)
{
    const auto line = lineWith(content, name);
    if (!line)
        return fail(line.error());
    User changed = *line->user;
    change(changed);
    if (changed == *line->user)
        return content;
    return QByteArray(content).replace(line->start, line->size, lineOf(changed));
}

} // namespace sami::users
