// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parentlist.h"

#include "config/configerror.h"
#include "config/link.h"
#include "config/parenturl.h"
#include "config/secretfile.h"

#include <QByteArrayList>
#include <QStringList>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

/// An entry and its position.
struct Written
{
    QString text;
    int line = 0; ///< of a file; 0 in a list
};

QString maskedText(const Parent &parent)
{
    return QString::fromUtf8(maskedParentText(parent));
}

/// The displayable part of an unreadable entry. With an unencoded comma or @ in a password, any
/// part may belong to it.
QString schemeOf(const QString &entry)
{
    for (const auto &scheme :
         { "sami-proxy://"_L1, "https://"_L1, "http://"_L1, "socks5://"_L1, "socks5h://"_L1 }) {
        if (entry.startsWith(scheme, Qt::CaseInsensitive))
            return scheme + QLatin1StringView(secretMask);
    }
    return QString::fromLatin1(secretMask);
}

/// Whether a line of a file is the rest of the one before it, as where a mail program has broken a
/// link.
bool goesOn(const QString &line, const QString &next)
{
    const bool isWhole = next.contains(u"://"_s) || next == u"direct"_s;
    if (isWhole || !line.contains(u"://"_s))
        return false;
    return line.startsWith(QLatin1StringView(linkScheme), Qt::CaseInsensitive)
        || !parseParent(line.toUtf8());
}

/// Takes the entries one by one and collects their problems.
class ListReader
{
public:
    void take(const Written &written)
    {
        auto entry = parseParent(written.text.toUtf8());
        if (!entry) {
            refuse(written, schemeOf(written.text), entry.error());
            return;
        }
        const Parent &parent = entry->parent;
        if (const QString problem = problemOf(parent); !problem.isEmpty()) {
            refuse(written, maskedText(parent), problem);
            return;
        }
        if (entry->lacksPassword)
            m_list.lackPassword.append(parent.name);
        m_list.parents.append(parent);
    }

    void refuseBroken(const Written &written)
    {
        refuse(written, schemeOf(written.text), u"goes on in the next line; write it in one"_s);
    }

    Parsed<ParentList> result(const QString &text)
    {
        const QList<Parent> &parents = m_list.parents;
        // An empty list would mean direct, which commas alone must not cause.
        if (parents.isEmpty() && m_problems.isEmpty()) {
            m_problems.append(
                { text, u"the list has no entry; write direct, or leave the setting out"_s });
        }
        if (!m_problems.isEmpty())
            return Unexpected(m_problems);
        if (parents.size() == 1 && parents.constFirst().isDirect())
            m_list.parents.clear();
        return std::move(m_list);
    }

private:
    void refuse(const Written &written, const QString &shown, const QString &problem)
    {
        m_problems.append({ shown, written.line > 0 ? inLine(written.line, problem) : problem });
    }

    [[nodiscard]] QString problemOf(const Parent &parent) const
    {
        const QList<Parent> &before = m_list.parents;
        if (!before.isEmpty() && before.constLast().isDirect())
            return u"direct comes before it, so it is never used; put direct last"_s;
        if (before.size() == maxParents)
            return u"the list has more than %1 entries"_s.arg(maxParents);
        for (const Parent &other : before) {
            const bool isSame = other.kind == parent.kind && other.endpoint == parent.endpoint
                && other.user == parent.user;
            if (isSame)
                return u"is already in the list; keep one of them"_s;
            if (other.name == parent.name) {
                return u"another entry has the same name; give one of them another with "
                       "?name=…"_s;
            }
        }
        return {};
    }

    ParentList m_list;
    ValueProblems m_problems;
};

/// The path after the "@"; nothing for a plain list.
std::optional<QString> fileOf(const QString &text)
{
    return text.startsWith(u'@') ? std::optional(text.sliced(1).trimmed()) : std::nullopt;
}

/// A file's name as it may be shown. One with a colon (but a drive's), a comma or another "@" may
/// be entries with an "@" too many in front, and so a password.
QString shownFile(const QString &path)
{
    const bool hasDrive = path.size() > 2 && path[0].isLetter() && path[1] == u':'
        && (path[2] == u'/' || path[2] == u'\\');
    const QStringView name = QStringView(path).sliced(hasDrive ? 2 : 0);
    const bool mayBeEntries = name.contains(u'@') || name.contains(u':') || name.contains(u',');
    return u'@' + (mayBeEntries ? QString::fromLatin1(secretMask) : path);
}

QList<Written> entriesOf(const QString &text)
{
    QList<Written> entries;
    for (const QString &part : text.split(u',')) {
        if (const QString entry = part.trimmed(); !entry.isEmpty())
            entries.append({ entry });
    }
    return entries;
}

} // namespace

Parsed<ParentList> parseParents(const QString &text)
{
    ListReader reader;
    const auto path = fileOf(text);
    if (!path) {
        for (const Written &written : entriesOf(text))
            reader.take(written);
        return reader.result(QString::fromLatin1(secretMask));
    }
    const auto lines = readSecretLines(*path);
    if (!lines)
        return Unexpected<ValueProblems>({ { shownFile(*path), lines.error() } });
    QList<Written> entries;
    for (const FileLine &line : *lines)
        entries.append({ line.text.trimmed(), line.number });
    for (qsizetype i = 0; i < entries.size(); ++i) {
        if (i + 1 == entries.size() || !goesOn(entries[i].text, entries[i + 1].text)) {
            reader.take(entries[i]);
            continue;
        }
        reader.refuseBroken(entries[i]);
        // One mistake gives one error, over however many lines it goes.
        for (; i + 1 < entries.size() && goesOn(entries[i].text, entries[i + 1].text); ++i)
            entries[i + 1].text.prepend(entries[i].text);
    }
    return reader.result(shownFile(*path));
}

QString formatParents(const QList<Parent> &parents)
{
    QByteArrayList texts;
    for (const Parent &parent : parents)
        texts.append(parentText(parent));
    return QString::fromLatin1(texts.join(','));
}

QString maskedParents(const QString &text)
{
    if (const auto path = fileOf(text))
        return shownFile(*path);
    QStringList shown;
    for (const Written &written : entriesOf(text)) {
        const auto entry = parseParent(written.text.toUtf8());
        if (!entry)
            return QString::fromLatin1(secretMask);
        shown.append(maskedText(entry->parent));
    }
    return shown.join(u',');
}

Parsed<ParentBypass> parseParentBypass(const QString &text)
{
    QStringList hosts;
    QStringList ranges;
    for (const Written &written : entriesOf(text)) {
        const bool isRange = written.text.contains(u'/') && !written.text.contains(u"://"_s);
        (isRange ? ranges : hosts).append(written.text);
    }
    ParentBypass bypass;
    ValueProblems problems;
    // The hosts' parser reports commas alone.
    if (!hosts.isEmpty() || ranges.isEmpty()) {
        if (auto parsed = parseHosts(hosts.isEmpty() ? text : hosts.join(u',')))
            bypass.hosts = std::move(parsed).value();
        else
            problems += parsed.error();
    }
    if (!ranges.isEmpty()) {
        if (auto parsed = parseRanges(ranges.join(u',')))
            bypass.ranges = std::move(parsed).value();
        else
            problems += parsed.error();
    }
    if (!problems.isEmpty())
        return Unexpected(problems);
    return bypass;
}

QString formatParentBypass(const ParentBypass &bypass)
{
    QStringList texts { formatList(bypass.hosts), formatList(bypass.ranges) };
    texts.removeAll(QString());
    return texts.join(u',');
}

} // namespace sami::config
