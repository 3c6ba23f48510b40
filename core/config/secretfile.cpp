// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/secretfile.h"

#include "base/regularfile.h"

#include <QFile>
#include <QStringDecoder>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maxFileSize = 65536;

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

QString rightsProblem([[maybe_unused]] const QFileDevice::Permissions &rights)
{
#ifndef Q_OS_WIN
    constexpr auto othersRights = QFileDevice::WriteGroup | QFileDevice::ReadOther
        | QFileDevice::WriteOther | QFileDevice::ExeOther;
    if (rights & othersRights)
        return u"is open to others; chmod 600 it"_s;
#endif
    return {};
}

} // namespace

Result<QList<FileLine>, QString> readSecretLines(const QString &path)
{
    QFile file(path);
    if (const auto opened = openRegularFile(file); !opened)
        return fail(opened.error());
    if (const QString problem = rightsProblem(file.permissions()); !problem.isEmpty())
        return fail(problem);
    const QByteArray content = file.read(maxFileSize + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(u"cannot be read: %1"_s.arg(file.errorString()));
    if (content.size() > maxFileSize)
        return fail(u"is over 64 KiB"_s);
    if (content.startsWith("\xef\xbb\xbf"))
        return fail(u"begins with a byte order mark; save it as UTF-8 without one"_s);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(content);
    if (decoder.hasError())
        return fail(u"is not UTF-8"_s);

    QList<FileLine> lines;
    int number = 0;
    for (QString line : text.split(u'\n')) {
        ++number;
        if (line.endsWith(u'\r'))
            line.chop(1);
        if (!line.trimmed().isEmpty() && !line.startsWith(u'#'))
            lines.append({ number, line });
    }
    return lines;
}

QString inLine(int number, const QString &problem)
{
    return u"line %1: %2"_s.arg(number).arg(problem);
}

} // namespace sami::config
