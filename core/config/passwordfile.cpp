// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/passwordfile.h"

#include "base/regularfile.h"

#include <QFile>
#include <QRegularExpression>
#include <QStringDecoder>

#include <algorithm>
#include <array>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// Far more than a password, but little enough to read: a wrong path may name anything.
constexpr qint64 maxFileSize = 65536;

// Placeholders for passwords from templates and manuals, ours first, folded as in isPlaceholder().
// Only what nobody would choose: a weak password is its owner's choice, and gets a hint.
constexpr std::array placeholders {
    "changeme"_L1,       "changemeto48hexadecimaldigits"_L1,
    "changethis"_L1,     "replaceme"_L1,
    "yourpassword"_L1,   "yourpasswordhere"_L1,
    "<yourpassword>"_L1, "<password>"_L1,
    "example"_L1,        "examplepassword"_L1,
    "placeholder"_L1,    "passwordhere"_L1,
};

bool isPlaceholder(const QString &password)
{
    // "your-strong-password", "<your proxy password here>"
    static const QRegularExpression yours(u"^[<\\[{]?your[a-z]{0,20}pass(word)?(here)?[>\\]}]?$"_s);
    QString folded;
    // Drops quotes too: docker's --env-file may leave them around a placeholder.
    for (const QChar c : password) {
        if (c != u'-' && c != u'_' && c != u' ' && c != u'"' && c != u'\'')
            folded += c.toLower();
    }
    if (yours.match(folded).hasMatch())
        return true;
    return std::any_of(placeholders.cbegin(), placeholders.cend(),
                       [&folded](QLatin1StringView known) { return folded == known; });
}

/// ${NAME}, $(command), {{ name }}, $NAME, %NAME%: a shell, compose or a template should have
/// replaced it.
bool isUnfilledVariable(const QString &text)
{
    static const QRegularExpression form(
        u"^[\"']?(\\$\\{[^{}]+\\}|\\$\\([^()]+\\)|\\{\\{[^{}]+\\}\\}|\\$[A-Z_][A-Z0-9_]+|"
        "%[A-Z_][A-Z0-9_]+%)[\"']?$"_s);
    return form.match(text).hasMatch();
}

} // namespace

Result<QString, QString> readPasswordFile(const QString &path)
{
    const auto fail = [](const QString &why) { return Unexpected<QString>(why); };
    QFile file(path);
    if (const auto opened = openRegularFile(file); !opened)
        return fail(opened.error());
    QByteArray content = file.read(maxFileSize + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(u"cannot be read: %1"_s.arg(file.errorString()));
    if (content.size() > maxFileSize)
        return fail(u"is over 64 KiB; that is no password"_s);

    // Only one line end: a password may end in another on purpose, and is then refused below.
    if (content.endsWith("\r\n"))
        content.chop(2);
    else if (content.endsWith('\n'))
        content.chop(1);
    if (content.isEmpty())
        return fail(u"is empty"_s);
    if (content.startsWith("\xef\xbb\xbf"))
        return fail(u"begins with a byte order mark; save it as UTF-8 without one"_s);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString password = decoder(content);
    if (decoder.hasError())
        return fail(u"is not UTF-8"_s);
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
