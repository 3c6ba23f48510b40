// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/logtap.h"
#include "gui/models/wordfilter.h"
#include "gui/text/logtext.h"

#include <QAbstractListModel>

#include <deque>

namespace sami::gui {

/// The last lines of the log, one a row, in words and local time. Main thread.
class LogModel : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr qsizetype capacity = LogTap::capacity;

    enum Role {
        LevelRole = SearchRole + 1, ///< a LineLevel
        GapRole,                    ///< whether it says that lines are missing here
        WholeRole,                  ///< the row with its date, to read and to copy
        FileRole,                   ///< the line as the log has it: in UTC and in English
    };

    explicit LogModel(QObject *parent = nullptr);

    /// What is new behind what is there; a row says how many lines were lost between them.
    void append(const LogTap::Fetched &fetched);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Line
    {
        QByteArray text;
        LineLevel level = LineLevel::Info;
        qint64 lost = 0; ///< above 0: no line, but the place where so many are missing
    };
    [[nodiscard]] static QString gapText(qint64 lost);

    std::deque<Line> m_lines;
};

/// The lines that are grave enough and have the words. What is missing is always said.
class LogFilter : public WordFilter
{
    Q_OBJECT

public:
    using WordFilter::WordFilter;

    void setLeast(LineLevel level);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    LineLevel m_least = LineLevel::Debug;
};

} // namespace sami::gui
