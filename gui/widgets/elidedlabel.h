// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

namespace sami::gui {

/// Shows a value of any length in one line, elided in the middle if there is no room. The tooltip,
/// the description for screen readers and the clipboard get the whole value. The size hint does not
/// depend on the length. Shows text as it is, never as HTML. Main thread.
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
