// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/passwordfile.h"

#include "config/textfile.h"

#include <algorithm>
#include <array>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// What templates and manuals show in a password's place, ours first; folded as in isPlaceholder().
// Only texts that nobody means as a password: a weak password is its owner's choice, and gets a
// hint.
constexpr std::array placeholders {
    "changeme"_L1,       "changemeto48hexadecimaldigits"_L1,
    "changethis"_L1,     "replaceme"_L1,
    "yourpassword"_L1,   "yourpasswordhere"_L1,
    "<yourpassword>"_L1, "<password>"_L1,
    "example"_L1,        "examplepassword"_L1,
    "placeholder"_L1,    "passwordhere"_L1,
};

/// The text without one opening mark at its start and one closing mark at its end.
QStringView unwrapped(QStringView text, QLatin1StringView openings, QLatin1StringView closings)
{
    if (!text.isEmpty() && openings.contains(text.front()))
        text = text.sliced(1);
    if (!text.isEmpty() && closings.contains(text.back()))
        text.chop(1);
    return text;
}

/// "your-strong-password", "<your proxy password here>"; folded.
bool isYourPassword(QStringView folded)
{
    if (folded.endsWith(u'\n'))
        folded.chop(1);
    QStringView text = unwrapped(folded, "<[{"_L1, ">]}"_L1);
    for (const QLatin1StringView last : { "here"_L1, "word"_L1 }) {
        if (text.endsWith(last))
            text.chop(last.size());
    }
    constexpr QLatin1StringView first = "your"_L1;
    constexpr QLatin1StringView last = "pass"_L1;
    constexpr qsizetype longestKind = 20;
    if (!text.startsWith(first) || !text.endsWith(last) || text.size() < first.size() + last.size())
        return false;
    const QStringView kind = text.sliced(first.size()).chopped(last.size());
    return kind.size() <= longestKind
        && std::all_of(kind.begin(), kind.end(), [](QChar c) { return c >= u'a' && c <= u'z'; });
}

bool isPlaceholder(const QString &password)
{
    QString folded;
    // Drops quotes too: docker's --env-file may leave them around a placeholder.
    for (const QChar c : password) {
        if (c != u'-' && c != u'_' && c != u' ' && c != u'"' && c != u'\'')
            folded += c.toLower();
    }
    if (isYourPassword(folded))
        return true;
    return std::any_of(placeholders.cbegin(), placeholders.cend(),
                       [&folded](QLatin1StringView known) { return folded == known; });
}

/// Whether a shell takes the text for a variable's name. It needs two characters: "$1" and "$A" may
/// be somebody's password.
bool isVariableName(QStringView text)
{
    const auto isLetter = [](QChar c) { return (c >= u'A' && c <= u'Z') || c == u'_'; };
    return text.size() >= 2 && isLetter(text.front())
        && std::all_of(text.begin(), text.end(),
                       [&isLetter](QChar c) { return isLetter(c) || (c >= u'0' && c <= u'9'); });
}

/// Whether the text is something between these two that does not itself contain the last character
/// of either.
bool isEnclosed(QStringView text, QLatin1StringView opening, QLatin1StringView closing)
{
    if (text.size() <= opening.size() + closing.size() || !text.startsWith(opening)
        || !text.endsWith(closing))
        return false;
    const QStringView inside = text.sliced(opening.size()).chopped(closing.size());
    return !inside.contains(opening.back()) && !inside.contains(closing.back());
}

/// ${NAME}, $(command), {{ name }}, $NAME, %NAME%: what a shell, compose or a template should have
/// replaced with a value.
bool isUnfilledVariable(const QString &whole)
{
    const QStringView text = unwrapped(whole, "\"'"_L1, "\"'"_L1);
    if (isEnclosed(text, "${"_L1, "}"_L1) || isEnclosed(text, "$("_L1, ")"_L1)
        || isEnclosed(text, "{{"_L1, "}}"_L1))
        return true;
    if (text.startsWith(u'$'))
        return isVariableName(text.sliced(1));
    return isEnclosed(text, "%"_L1, "%"_L1) && isVariableName(text.sliced(1).chopped(1));
}

} // namespace

Result<QString, QString> readPasswordFile(const QString &path)
{
    const auto fail = [](const QString &why) { return Unexpected<QString>(why); };
    const auto text = readTextFile(path, FileRights::Any);
    if (!text)
        return fail(text.error());
    // One line end only: a password may end in one more on purpose, and is then refused below.
    QString password = *text;
    if (password.endsWith("\r\n"_L1))
        password.chop(2);
    else if (password.endsWith(u'\n'))
        password.chop(1);
    if (password.isEmpty())
        return fail(u"is empty"_s);
    if (const QString problem = passwordProblem(password); !problem.isEmpty())
        return fail(u"holds no password: %1"_s.arg(problem));
    return password;
}

QString credentialProblem(const QString &text)
{
    if (text.contains(u'\n') || text.contains(u'\r'))
        return u"it has a line break (does it come from a file with Windows line ends?)"_s;
    const auto isControl = [](QChar c) { return c.category() == QChar::Other_Control; };
    if (std::any_of(text.cbegin(), text.cend(), isControl))
        return u"it has a control character, which RFC 7617 does not allow"_s;
    // The platform inserts it if the environment is not UTF-8. No client could match it.
    if (text.contains(QChar::ReplacementCharacter))
        return u"it is not UTF-8"_s;
    if (text == u"\"\""_s || text == u"''"_s)
        return u"it is a pair of quotes with nothing in it; leave the setting out instead"_s;
    if (isUnfilledVariable(text))
        return u"it names a variable, and nothing has put its value there (docker run --env-file "
               "does not)"_s;
    return {};
}

QString passwordProblem(const QString &password)
{
    if (isPlaceholder(password))
        return u"it is a placeholder, which everyone knows; choose a password of your own, such as "
               "openssl rand -hex 24 prints"_s;
    return credentialProblem(password);
}

} // namespace sami::config
