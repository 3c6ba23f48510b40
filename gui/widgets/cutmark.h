// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QPixmap>
#include <QStyledItemDelegate>

class QPalette;

namespace sami::gui {

/// How work is marked that was cut: a line that breaks, in a colour that both dark and light
/// grounds carry. Shape, colour and words (Wording::ending()) each say it alone.
class CutMark
{
public:
    /// For text on the palette's Base, its AlternateBase and its Window.
    [[nodiscard]] static QColor colour(const QPalette &palette);
    /// `size` in device-independent pixels.
    [[nodiscard]] static QPixmap sign(const QColor &colour, int size, qreal devicePixelRatio);
};

/// Marks the rows that were cut (the model's EndingRole says so): both of its columns have the
/// colour, RecentModel::Ending has the sign too.
class CutMarkDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace sami::gui
