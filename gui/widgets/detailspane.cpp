// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/detailspane.h"

#include "config/parents.h"
#include "gui/models/connectionsmodel.h"
#include "gui/models/recentmodel.h"
#include "gui/text/formatting.h"
#include "gui/text/wording.h"
#include "gui/widgets/cutmark.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/plainlabel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace sami::gui {

namespace {

/// Lines reserved for the words, so that the values below do not move.
constexpr int wordsLines = 3;

/// Since the client connected, as its time of day says: the age leaves out a suspend.
Clock::duration sinceConnected(const account::ConnectionSnapshot &values)
{
    return std::max(
        values.age,
        std::chrono::duration_cast<Clock::duration>(WallClock::now() - values.connectedAt));
}

} // namespace

DetailsPane::DetailsPane(const ConnectionsModel &live, const RecentModel &recent, QWidget *parent)
    : QScrollArea(parent), m_live(live), m_recent(recent), m_cut(new QWidget(this)),
      m_cutSign(makeLabel(m_cut)), m_cutWords(makeLabel(m_cut)), m_words(makeLabel(this)),
      m_values(new QWidget(this))
{
    setAccessibleName(tr("Details of one connection"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    m_words->setWordWrap(true);
    m_words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);

    // Who and what on the left, when on the right: the pane is wide and low.
    auto *who = new QFormLayout;
    m_client = addRow(who, tr("Client"));
    m_user = addRow(who, tr("User"));
    m_host = addRow(who, tr("Destination"));
    m_request = addRow(who, tr("Request"));
    m_connected = addRow(who, tr("Connected"));
    auto *when = new QFormLayout;
    m_dial = addRow(when, tr("Server reached"));
    m_firstByte = addRow(when, tr("First byte"));
    m_sent = addRow(when, tr("Sent by the client"));
    m_received = addRow(when, tr("Received by the client"));
    m_silence = addRow(when, tr("Longest silence"));
    auto *halves = new QHBoxLayout(m_values);
    halves->setContentsMargins({});
    halves->setSpacing(4 * fontMetrics().averageCharWidth());
    for (QFormLayout *form : { who, when }) {
        form->setVerticalSpacing(2);
        halves->addLayout(form, 1);
    }

    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    QSizePolicy still = m_cut->sizePolicy();
    still.setRetainSizeWhenHidden(true);
    m_cut->setSizePolicy(still);
    auto *mark = new QHBoxLayout(m_cut);
    mark->setContentsMargins({});
    mark->addWidget(m_cutSign);
    mark->addWidget(m_cutWords, 1);
    QFont strong = m_cutWords->font();
    strong.setBold(true);
    m_cutWords->setFont(strong);
    layout->addWidget(m_cut);
    layout->addWidget(m_words);
    layout->addWidget(m_values);
    layout->addStretch(1);
    setWidget(content);
    // The tab's own background, not a patch of another shade.
    viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    addCopyAction();
    reserveRoom();
    setConnection(0);
}

void DetailsPane::markCut(const account::FinishedWork *work)
{
    const bool isCut = work && endingOf(*work) == EndKind::Cut;
    m_cut->setVisible(isCut);
    if (!isCut)
        return;
    const QColor colour = CutMark::colour(palette());
    const int size = fontMetrics().height();
    m_cutSign->setPixmap(CutMark::sign(colour, size, devicePixelRatioF()));
    QPalette marked = m_cutWords->palette();
    marked.setColor(QPalette::WindowText, colour);
    m_cutWords->setPalette(marked);
    m_cutWords->setText(Wording::ending(*work));
}

ElidedLabel *DetailsPane::addRow(QFormLayout *form, const QString &name)
{
    auto *value = new ElidedLabel(m_values);
    value->setAccessibleName(name);
    form->addRow(makeLabel(name, m_values), value);
    m_rows.append(value);
    return value;
}

void DetailsPane::addCopyAction()
{
    auto *copyAll = new QAction(tr("&Copy all details"), this);
    copyAll->setShortcut(QKeySequence::Copy);
    copyAll->setShortcutContext(Qt::WidgetShortcut);
    copyAll->setShortcutVisibleInContextMenu(true);
    connect(copyAll, &QAction::triggered, this, &DetailsPane::copy);
    addAction(copyAll);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

void DetailsPane::copy() const
{
    QStringList lines { m_words->text() };
    if (!m_values->isHidden()) {
        for (const ElidedLabel *value : m_rows)
            lines.append(Wording::joinedCells({ value->accessibleName(), value->wholeText() },
                                              QLatin1Char('\t')));
    }
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void DetailsPane::reserveRoom()
{
    m_words->setMinimumHeight(wordsLines * m_words->fontMetrics().lineSpacing());
}

void DetailsPane::changeEvent(QEvent *event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        reserveRoom();
}

void DetailsPane::setWords(const QString &text)
{
    if (m_words->text() != text)
        m_words->setText(text);
}

QString DetailsPane::clientText(const QString &client, const std::optional<QHostAddress> &via)
{
    return via ? tr("%1, through the balancer %2", "two addresses").arg(client, via->toString())
               : client;
}

QString DetailsPane::userText(const QByteArray &user)
{
    return user.isEmpty() ? tr("not signed in") : QString::fromUtf8(user);
}

QString DetailsPane::hostText(const Endpoint &endpoint, const QByteArray &route)
{
    if (endpoint.host.isEmpty())
        return tr("no request yet");
    const QString host = QString::fromUtf8(endpoint.toByteArray());
    if (route.isEmpty())
        return host;
    return route == config::Parent::direct().name
        ? tr("%1, directly", "a host").arg(host)
        : tr("%1, through the server %2", "a host; a name").arg(host, QString::fromUtf8(route));
}

void DetailsPane::setConnection(quint64 id)
{
    m_id = id;
    m_last.reset();
    m_values->hide();
    markCut(nullptr);
    setWords(tr("Choose a connection above to see its times here."));
    refresh();
}

void DetailsPane::setFinished(const account::FinishedWork &work)
{
    m_id = 0; // it is finished
    m_last.reset();
    const auto after = [](const std::optional<Clock::duration> &time) {
        return time ? tr("after %1").arg(Formatting::duration(*time)) : tr("never");
    };
    setWords(tr("Finished at %1. %2", "a time of day; why it ended")
                 .arg(Formatting::time(work.finishedAt), Wording::whyEnded(work)));
    markCut(&work);
    m_client->setWholeText(clientText(work.client.toString(), work.via));
    m_user->setWholeText(userText(work.user));
    m_host->setWholeText(hostText(work.endpoint, work.route));
    m_request->setWholeText(work.status == 0 ? QString::fromLatin1(work.method)
                                             : tr("%1, answered with %2", "a method; a status: 200")
                                                   .arg(QString::fromLatin1(work.method),
                                                        QString::number(work.status)));
    m_connected->setWholeText(
        tr("%1, for %2", "when it began; how long it took")
            .arg(Formatting::time(work.beganAt), Formatting::duration(work.duration)));
    m_dial->setWholeText(after(work.dial));
    m_firstByte->setWholeText(after(work.firstByte));
    m_sent->setWholeText(Formatting::octets(work.up));
    m_received->setWholeText(Formatting::octets(work.down));
    m_silence->setWholeText(Formatting::duration(work.silence));
    m_values->show();
}

void DetailsPane::refresh()
{
    if (m_id == 0)
        return;
    const int row = m_live.rowOf(m_id);
    // After a restart of the proxy the id may be another connection's.
    const bool isThere =
        row >= 0 && (!m_last || m_live.at(row).values.client == m_last->values.client);
    if (isThere)
        showLive(m_live.at(row));
    else
        showGone();
}

void DetailsPane::showLive(const LiveConnection &row)
{
    m_last = row;
    markCut(nullptr);
    const account::ConnectionSnapshot &values = row.values;
    setWords(ConnectionsModel::stateText(row) + QStringLiteral(": ")
             + Wording::stateExplanation(row.state));
    const auto ago = [](Clock::duration since) {
        return tr("%1 ago").arg(Formatting::seconds(since));
    };
    const auto moved = [&](quint64 octets, Clock::duration since) {
        return octets == 0 ? tr("nothing yet")
                           : tr("%1, the last %2", "octets; when the last of them")
                                 .arg(Formatting::octets(octets), ago(since));
    };
    m_client->setWholeText(
        clientText(QString::fromLatin1(values.client.toByteArray()), values.via));
    m_user->setWholeText(userText(values.user));
    m_host->setWholeText(hostText(values.endpoint, values.route));
    m_request->setWholeText(values.requests == 0 ? QString()
                                                 : tr("%1, number %2 on this connection")
                                                       .arg(QString::fromLatin1(values.method),
                                                            QString::number(values.requests)));
    m_connected->setWholeText(
        tr("%1, %2", "a time of day; how long ago")
            .arg(Formatting::time(values.connectedAt), ago(sinceConnected(values))));
    m_dial->setWholeText(values.dial ? tr("after %1").arg(Formatting::duration(*values.dial))
                                     : tr("not yet"));
    m_firstByte->setWholeText(values.firstByte
                                  ? tr("after %1").arg(Formatting::duration(*values.firstByte))
                                  : tr("not yet"));
    m_sent->setWholeText(moved(values.up, values.sinceUp));
    m_received->setWholeText(moved(values.down, values.sinceDown));
    m_silence->setWholeText(Formatting::seconds(values.longestSilence));
    m_values->show();
}

void DetailsPane::showGone()
{
    if (!m_last) {
        setWords(tr("This connection is gone."));
        return;
    }
    const auto work = m_recent.lastOf(m_id, m_last->values.connectedAt);
    if (!work) {
        setWords(tr("This connection is gone."));
        return;
    }
    setWords(tr("This connection ended at %1. %2", "a time of day; why it ended")
                 .arg(Formatting::time(work->finishedAt), Wording::whyEnded(*work)));
    markCut(&*work);
    m_sent->setWholeText(Formatting::octets(work->up));
    m_received->setWholeText(Formatting::octets(work->down));
    m_silence->setWholeText(Formatting::duration(work->silence));
}

} // namespace sami::gui
