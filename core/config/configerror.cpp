// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/configerror.h"

#include "base/logrecord.h"

#include <QStringList>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// A whole file pasted into a variable must not fill the screen.
constexpr qsizetype maxShown = 200;

} // namespace

QString ConfigError::toString() const
{
    QString text = printable(name) + u": "_s;
    if (!value.isEmpty())
        text += u'"' + printable(value) + u"\": "_s;
    return text + problem;
}

QString printable(const QString &text)
{
    QStringView shown = QStringView(text).left(maxShown);
    // Do not end in half of a surrogate pair.
    if (shown.size() < text.size() && shown.back().isHighSurrogate())
        shown.chop(1);
    QString result = QString::fromUtf8(escaped(shown.toUtf8()));
    if (text.size() > maxShown)
        result += u'…';
    return result;
}

QString toString(const QList<ConfigError> &errors)
{
    QStringList lines;
    for (const ConfigError &error : errors)
        lines.append(error.toString());
    return lines.join(QLatin1Char('\n'));
}

} // namespace sami::config
