// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/parkedservers.h"

#include "config/parenturl.h"

#include <QStringList>

namespace sami::gui {

QString parkedText(const QList<ParkedServer> &parked)
{
    // A parent's text contains neither commas nor blanks: both are percent-encoded.
    QStringList entries;
    for (const ParkedServer &entry : parked)
        entries.append(QString::number(entry.place) + QLatin1Char(' ')
                       + QString::fromLatin1(config::parentText(entry.server)));
    return entries.join(QLatin1Char(','));
}

QList<ParkedServer> parseParked(const QString &text)
{
    QList<ParkedServer> parked;
    const QStringList entries = text.split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString &entry : entries) {
        const qsizetype blank = entry.indexOf(QLatin1Char(' '));
        bool isNumber = false;
        const int place = entry.left(qMax<qsizetype>(blank, 0)).toInt(&isNumber);
        const auto parsed = config::parseParent(entry.mid(blank + 1).toUtf8());
        if (isNumber && place >= 0 && parsed && !parsed->parent.isDirect())
            parked.append({ place, parsed->parent });
    }
    return parked;
}

} // namespace sami::gui
