// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

namespace sami::gui {

/// A value of any length in one line: cut in its middle where there is no room, with the whole in
/// its tooltip, in its description for screen readers and in what is copied of it. However long it
/// is, it asks its layout for the same room. Shows text as it is, never HTML. Main thread.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    void setWholeText(const QString &text);
    [[nodiscard]] const QString &wholeText() const { return m_whole; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void elide();
    void copy() const;

    QString m_whole;
};

} // namespace sami::gui
