// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/secretfile.h"

#include "config/textfile.h"

namespace sami::config {

using namespace Qt::StringLiterals;

Result<QList<FileLine>, QString> readSecretLines(const QString &path)
{
    const auto text = readTextFile(path, FileRights::GroupReads);
    if (!text)
        return Unexpected(text.error());
    QList<FileLine> lines;
    int number = 0;
    for (QString line : text->split(u'\n')) {
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
