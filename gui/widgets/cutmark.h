// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QPixmap>
#include <QStyledItemDelegate>

class QPalette;

namespace sami::gui {

/// How cut work is marked: with a broken line, in a colour that is legible on dark and light
/// backgrounds. Shape, colour and words (Wording::ending()) are each enough on their own.
class CutMark
{
public:
    /// For text on the palette's Base, AlternateBase and Window.
    [[nodiscard]] static QColor colour(const QPalette &palette);
    /// `size` in device-independent pixels.
    [[nodiscard]] static QPixmap sign(const QColor &colour, int size, qreal devicePixelRatio);
};

/// Marks the rows whose work was cut (the model's EndingRole says so): both ending columns get the
/// colour, and RecentModel::Ending gets the sign too.
class CutMarkDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace sami::gui
