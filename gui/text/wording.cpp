// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The sentences for ends are in wordingends.cpp, those for reasons in wordingreasons.cpp.
#include "gui/text/wording.h"

namespace sami::gui {

namespace {

/// The texts come from clients, and a spreadsheet must not run one as a formula. Spreadsheets drop
/// blanks before the sign, and some accept full-width signs too.
QString disarmed(const QString &cell)
{
    constexpr QStringView signs = u"=+-@\uff1d\uff0b\uff0d\uff20";
    const QStringView text = QStringView(cell).trimmed();
    return !text.isEmpty() && signs.contains(text.front()) ? QLatin1Char('\'') + cell : cell;
}

/// RFC 4180 §2.
QString quoted(QString cell)
{
    return QLatin1Char('"') + cell.replace(QLatin1Char('"'), QStringLiteral("\"\""))
        + QLatin1Char('"');
}

/// Cells between tabs cannot be quoted: a tab or a line end would begin another cell.
QString inOneCell(QString cell)
{
    for (QChar &character : cell) {
        if (character == QLatin1Char('\t') || character == QLatin1Char('\n')
            || character == QLatin1Char('\r'))
            character = QLatin1Char(' ');
    }
    return cell;
}

} // namespace

QString Wording::headline(ProxyState state, const SocketAddress &where)
{
    const QString place = QString::fromLatin1(where.toByteArray());
    switch (state) {
    case ProxyState::Stopped:
        return tr("Stopped");
    case ProxyState::Running:
        return tr("Running at %1").arg(place);
    case ProxyState::Draining:
        return tr("Finishing running streams at %1, then stopping").arg(place);
    case ProxyState::Failed:
        return tr("Can't listen on %1 – retrying").arg(place);
    }
    return {};
}

QString Wording::state(LiveState state)
{
    switch (state) {
    case LiveState::Unused:
        return tr("no data yet", "the state of a connection; its time may follow");
    case LiveState::Connecting:
        return tr("connecting");
    case LiveState::Streaming:
        return tr("streaming");
    case LiveState::Waiting:
        return tr("waiting");
    case LiveState::Idle:
        return tr("idle");
    case LiveState::Closing:
        return tr("closing");
    }
    return {};
}

QString Wording::stateExplanation(LiveState state)
{
    const QString timing = tr("This is read from timing alone: the proxy does not look inside. "
                              "Nothing is closed because of it.");
    switch (state) {
    case LiveState::Unused:
        return tr("The connection is open, and nothing has been asked for or sent over it yet.");
    case LiveState::Connecting:
        return tr("The proxy is reaching the server.");
    case LiveState::Streaming:
        return tr("Data is moving.") + QLatin1Char('\n') + timing;
    case LiveState::Waiting:
        return tr("The client spoke last and waits for an answer: a thinking model can take many "
                  "minutes.")
            + QLatin1Char('\n') + timing;
    case LiveState::Idle:
        return tr("The server spoke last: the answer is probably over and the connection is kept "
                  "for the next request.")
            + QLatin1Char('\n') + timing;
    case LiveState::Closing:
        return tr("The last data is being delivered.");
    }
    return {};
}

QString Wording::joinedCells(const QStringList &cells, QChar separator)
{
    const bool isForTabs = separator == QLatin1Char('\t');
    QStringList joined;
    for (const QString &cell : cells)
        joined.append(isForTabs ? inOneCell(disarmed(cell)) : quoted(disarmed(cell)));
    return joined.join(separator);
}

} // namespace sami::gui
