// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/configerror.h"

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
    QString shown;
    for (const QChar c : QStringView(text).left(maxShown)) {
        // C1 controls too: terminals act on them.
        if (c.category() == QChar::Other_Control)
            shown += u"\\x%1"_s.arg(uint(c.unicode()), 2, 16, QChar(u'0'));
        else
            shown += c;
    }
    if (text.size() > maxShown)
        shown += u'…';
    return shown;
}

QString toString(const QList<ConfigError> &errors)
{
    QStringList lines;
    for (const ConfigError &error : errors)
        lines.append(error.toString());
    return lines.join(QLatin1Char('\n'));
}

} // namespace sami::config
