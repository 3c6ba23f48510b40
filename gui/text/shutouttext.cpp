// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/shutouttext.h"

#include <QStringList>

namespace sami::gui {

namespace {

/// More addresses would make the question unreadable.
constexpr int maxNamed = 5;

template <typename T> QString joined(const QList<T> &entries)
{
    QStringList texts;
    for (const T &entry : entries)
        texts.append(QString::fromUtf8(entry.toByteArray()));
    return texts.join(QStringLiteral(", "));
}

} // namespace

QString ShutOutText::title()
{
    return tr("First entry of an empty list");
}

QString ShutOutText::action()
{
    return tr("Add the entry");
}

QString ShutOutText::clients(const QList<policy::ClientEntry> &entries,
                             const QList<QHostAddress> &connected,
                             const policy::PrivateClients &privateClients)
{
    QString text =
        tr("The list is empty, so every client may come in. With this entry only %1 may; "
           "everyone else is shut out.")
            .arg(joined(entries));
    if (!policy::anyHolds(entries, QHostAddress(QHostAddress::LocalHost), privateClients))
        text += QLatin1Char('\n') + tr("That shuts out the programs on this computer too.");

    QStringList lost;
    for (const QHostAddress &client : connected) {
        const QString shown = client.toString();
        if (!policy::anyHolds(entries, client, privateClients) && !lost.contains(shown))
            lost.append(shown);
    }
    if (!lost.isEmpty()) {
        text += QLatin1Char('\n')
            + tr("%n connected client(s) would be shut out: %1", nullptr, int(lost.size()))
                  .arg(lost.first(qMin<qsizetype>(lost.size(), maxNamed))
                           .join(QStringLiteral(", ")));
        if (lost.size() > maxNamed)
            text += QStringLiteral(", …");
    }
    return text + QStringLiteral("\n\n") + tr("Add it all the same?");
}

QString ShutOutText::hosts(const QList<policy::HostEntry> &entries)
{
    return tr("The list is empty, so every host may be reached. With this entry only %1 may; "
              "requests to all other hosts are refused.")
               .arg(joined(entries))
        + QStringLiteral("\n\n") + tr("Add it all the same?");
}

} // namespace sami::gui
