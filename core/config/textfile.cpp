// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/textfile.h"

#include "base/regularfile.h"

#include <QFile>
#include <QStringDecoder>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// More than such a file needs, and little enough to read: a wrong path may name anything.
constexpr qint64 maxFileSize = 65536;

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

bool isOpenToOthers([[maybe_unused]] const QFile &file)
{
#ifndef Q_OS_WIN
    constexpr auto othersRights = QFileDevice::WriteGroup | QFileDevice::ReadOther
        | QFileDevice::WriteOther | QFileDevice::ExeOther;
    return bool(file.permissions() & othersRights);
#else
    return false;
#endif
}

} // namespace

Result<QString, QString> readTextFile(const QString &path, Readers readers)
{
    QFile file(path);
    if (const auto opened = openRegularFile(file); !opened)
        return fail(opened.error());
    if (readers == Readers::Group && isOpenToOthers(file))
        return fail(u"is open to others; chmod 600 it"_s);
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
    return text;
}

} // namespace sami::config
