// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "gui/models/liveconnection.h"

#include <QList>
#include <QScrollArea>

#include <optional>

class QFormLayout;
class QLabel;

namespace sami::gui {

class ConnectionsModel;
class ElidedLabel;
class RecentModel;

/// The timeline of one connection. Stays when the connection has ended, and then says why. Nothing
/// in it moves when a text is long or changes. Borrows both models, which outlive it. The owner
/// calls refresh(). Main thread.
class DetailsPane : public QScrollArea
{
    Q_OBJECT

public:
    DetailsPane(const ConnectionsModel &live, const RecentModel &recent, QWidget *parent = nullptr);

    /// 0: none.
    void setConnection(quint64 id);
    /// A connection chosen from the finished ones.
    void setFinished(const account::FinishedWork &work);
    void refresh();

protected:
    void changeEvent(QEvent *event) override;

private:
    ElidedLabel *addRow(QFormLayout *form, const QString &name);
    [[nodiscard]] static QString clientText(const QString &client,
                                            const std::optional<QHostAddress> &via);
    [[nodiscard]] static QString userText(const QByteArray &user);
    [[nodiscard]] static QString hostText(const Endpoint &endpoint, const QByteArray &route);
    void addCopyAction();
    void copy() const;
    void reserveRoom();
    void showLive(const LiveConnection &row);
    void showGone();
    void setWords(const QString &text);
    /// Null: not cut, or still alive.
    void markCut(const account::FinishedWork *work);

    const ConnectionsModel &m_live;
    const RecentModel &m_recent;
    quint64 m_id = 0;
    std::optional<LiveConnection> m_last; ///< as last seen
    QWidget *m_cut;                       ///< the mark: a sign, and who cut it
    QLabel *m_cutSign;
    QLabel *m_cutWords;
    QLabel *m_words; ///< the state explained, or why it ended
    QWidget *m_values;
    QList<ElidedLabel *> m_rows; ///< in order
    ElidedLabel *m_client = nullptr;
    ElidedLabel *m_user = nullptr;
    ElidedLabel *m_host = nullptr;
    ElidedLabel *m_request = nullptr;
    ElidedLabel *m_connected = nullptr;
    ElidedLabel *m_dial = nullptr;
    ElidedLabel *m_firstByte = nullptr;
    ElidedLabel *m_sent = nullptr;
    ElidedLabel *m_received = nullptr;
    ElidedLabel *m_silence = nullptr;
};

} // namespace sami::gui
