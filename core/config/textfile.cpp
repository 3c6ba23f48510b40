// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/textfile.h"

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

} // namespace

Result<QString, QString> readTextFile(const QString &path, FileRights rights)
{
    const auto content = readSmallFile(path, maxFileSize, u"is over 64 KiB"_s, rights);
    if (!content)
        return fail(content.error());
    if (content->startsWith("\xef\xbb\xbf"))
        return fail(u"begins with a byte order mark; save it as UTF-8 without one"_s);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(*content);
    if (decoder.hasError())
        return fail(u"is not UTF-8"_s);
    return text;
}

} // namespace sami::config
