// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/passwordfile.h"

#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>

#include <algorithm>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// Far more than a password, far less than what hurts: a wrong path may name anything.
constexpr qint64 maxFileSize = 65536;

} // namespace

Result<QString, QString> readPasswordFile(const QString &path)
{
    const auto fail = [](const QString &why) { return Unexpected<QString>(why); };
    if (QFileInfo(path).isDir())
        return fail(u"is a directory, not a file"_s);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(u"cannot be read: %1"_s.arg(file.errorString()));
    QByteArray content = file.read(maxFileSize + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(u"cannot be read: %1"_s.arg(file.errorString()));
    if (content.size() > maxFileSize)
        return fail(u"is over 64 KiB; that is no password"_s);

    // One line end only: a password may end in one more on purpose, and is then refused below.
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

QString passwordProblem(const QString &password)
{
    if (password.contains(u'\n') || password.contains(u'\r'))
        return u"it has a line break (does it come from a file with Windows line ends?)"_s;
    const auto isControl = [](QChar c) { return c.category() == QChar::Other_Control; };
    if (std::any_of(password.cbegin(), password.cend(), isControl))
        return u"it has a control character, which RFC 7617 does not allow"_s;
    // What the platform puts where the environment is not UTF-8: no client could match it.
    if (password.contains(QChar::ReplacementCharacter))
        return u"it is not UTF-8"_s;
    return {};
}

} // namespace sami::config
