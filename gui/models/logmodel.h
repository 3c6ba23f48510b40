// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/logtap.h"
#include "gui/models/wordfilter.h"
#include "gui/text/logtext.h"

#include <QAbstractListModel>

#include <deque>

namespace sami::gui {

/// The last lines of the log, one per row, as sentences and in local time. Main thread.
class LogModel : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr qsizetype capacity = LogTap::capacity;

    enum Role {
        LevelRole = SearchRole + 1, ///< a LineLevel
        GapRole,                    ///< whether the row says that lines are missing here
        WholeRole,                  ///< the row with its date, for reading and copying
        FileRole,                   ///< the line as in the log: in UTC and in English
    };

    explicit LogModel(QObject *parent = nullptr);

    /// Appends new lines; a row says how many lines were lost before them.
    void append(const LogTap::Fetched &fetched);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Line
    {
        QByteArray text;
        LineLevel level = LineLevel::Info;
        qint64 lost = 0; ///< above 0: not a line, but a gap of so many lines
    };
    [[nodiscard]] static QString gapText(qint64 lost);

    std::deque<Line> m_lines;
};

/// The lines that are severe enough and contain the words. Gaps are always shown.
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
