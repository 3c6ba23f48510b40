// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/coretext.h"

#include "config/optiontable.h"
#include "gui/text/coresentences.h"
#include "gui/text/fieldnames.h"
#include "gui/text/usersentences.h"

#include <QHash>
#include <QList>
#include <QRegularExpression>

#include <array>
#include <optional>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

const QRegularExpression &placeholder()
{
    static const QRegularExpression expression(u"%([1-9])"_s);
    return expression;
}

struct Matcher
{
    const char *text = nullptr;
    QRegularExpression expression;
    QString numbers; ///< of the placeholders, in order
};

Matcher makeMatcher(const Sentence &sentence)
{
    const QString text = QString::fromUtf8(sentence.text);
    Matcher matcher;
    matcher.text = sentence.text;
    QString pattern;
    qsizetype done = 0;
    for (auto found = placeholder().globalMatch(text); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        pattern += QRegularExpression::escape(text.sliced(done, match.capturedStart() - done))
            + QLatin1StringView(sentence.part);
        matcher.numbers += match.captured(1);
        done = match.capturedEnd();
    }
    pattern += QRegularExpression::escape(text.sliced(done));
    matcher.expression.setPattern(QRegularExpression::anchoredPattern(pattern));
    return matcher;
}

QList<Matcher> makeMatchers()
{
    QList<Matcher> matchers;
    for (const Sentence &sentence : sentences)
        matchers.append(makeMatcher(sentence));
    for (const Sentence &sentence : userSentences)
        matchers.append(makeMatcher(sentence));
    return matchers;
}

const QList<Matcher> &allMatchers()
{
    static const QList<Matcher> matchers = makeMatchers();
    return matchers;
}

QString localizedPart(const QString &part);

std::optional<QString> known(const QString &sentence)
{
    for (const Matcher &matcher : allMatchers()) {
        const QRegularExpressionMatch match = matcher.expression.match(sentence);
        if (!match.hasMatch())
            continue;
        QHash<QString, QString> parts;
        for (qsizetype i = 0; i < matcher.numbers.size(); ++i) {
            const QString part = match.captured(int(i) + 1);
            const bool isName = config::findOption(part);
            parts.insert(matcher.numbers.sliced(i, 1),
                         isName ? FieldNames::replacedIn(part) : localizedPart(part));
        }
        // Replace names before the parts are inserted: parts are quotations, and keep their names.
        const QString translated = FieldNames::replacedIn(CoreText::tr(matcher.text));
        // In one pass: a part may contain a percent sign itself.
        QString text;
        qsizetype done = 0;
        for (auto found = placeholder().globalMatch(translated); found.hasNext();) {
            const QRegularExpressionMatch place = found.next();
            text += translated.sliced(done, place.capturedStart() - done)
                + parts.value(place.captured(1));
            done = place.capturedEnd();
        }
        return text + translated.sliced(done);
    }
    return std::nullopt;
}

constexpr auto separator = ": "_L1;

/// Translates the known sentence at the end of the line. The text before it stays.
QString localizedEnd(const QString &line)
{
    for (qsizetype colon = line.indexOf(separator); colon >= 0;
         colon = line.indexOf(separator, colon + 1)) {
        const qsizetype begin = colon + separator.size();
        if (const auto rest = known(line.sliced(begin)))
            return line.first(begin) + *rest;
    }
    return line;
}

/// A part may be a sentence, or a name with a sentence after it ("hosts: not a host name").
QString localizedPart(const QString &part)
{
    const auto whole = known(part);
    return whole ? *whole : localizedEnd(part);
}

QString localizedLine(const QString &line)
{
    if (const auto whole = known(line))
        return *whole;
    // A key of the settings file is a field here; an environment variable is not.
    const QString first = line.left(line.indexOf(separator));
    const config::Option *option = config::findOption(first);
    if (option && option->iniKey() == first)
        return FieldNames::replacedIn(option->environmentName())
            + localizedEnd(line.sliced(first.size()));
    return localizedEnd(line);
}

} // namespace

QString CoreText::localized(const QString &text)
{
    QStringList lines = text.split(u'\n');
    for (QString &line : lines)
        line = localizedLine(line);
    return lines.join(u'\n');
}

QString CoreText::templateOf(const QString &sentence)
{
    for (const Matcher &matcher : allMatchers()) {
        if (matcher.expression.match(sentence).hasMatch())
            return QString::fromUtf8(matcher.text);
    }
    return {};
}

QStringList CoreText::templates()
{
    QStringList all;
    for (const Matcher &matcher : allMatchers())
        all.append(QString::fromUtf8(matcher.text));
    return all;
}

} // namespace sami::gui
