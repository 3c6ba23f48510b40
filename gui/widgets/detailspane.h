// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/liveconnection.h"

#include <QScrollArea>

#include <optional>

class QFormLayout;
class QLabel;

namespace sami::gui {

class ConnectionsModel;
class RecentModel;

/// The timeline of one connection. It stays with it when it is gone, and then says why it ended.
/// Borrows both models, which outlive it; its owner says when to look. Main thread.
class DetailsPane : public QScrollArea
{
    Q_OBJECT

public:
    DetailsPane(const ConnectionsModel &live, const RecentModel &recent, QWidget *parent = nullptr);

    /// 0: none.
    void setConnection(quint64 id);
    void refresh();

private:
    QLabel *addRow(QFormLayout *form, const QString &name);
    void showLive(const LiveConnection &row);
    void showGone();
    void setWords(const QString &text);
    /// Nothing: it was not cut, or lives.
    void markCut(const server::FinishedWork *work);

    const ConnectionsModel &m_live;
    const RecentModel &m_recent;
    quint64 m_id = 0;
    std::optional<LiveConnection> m_last; ///< as it was seen last
    QWidget *m_cut;                       ///< the mark: a sign and who cut it
    QLabel *m_cutSign;
    QLabel *m_cutWords;
    QLabel *m_words;                      ///< the state explained, or why it ended
    QWidget *m_values;
    QLabel *m_client = nullptr;
    QLabel *m_user = nullptr;
    QLabel *m_host = nullptr;
    QLabel *m_request = nullptr;
    QLabel *m_connected = nullptr;
    QLabel *m_dial = nullptr;
    QLabel *m_firstByte = nullptr;
    QLabel *m_sent = nullptr;
    QLabel *m_received = nullptr;
    QLabel *m_silence = nullptr;
};

} // namespace sami::gui
