// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/clipboard.h"

#include <QString>
#include <QTimer>
#include <QToolButton>

#include <functional>

namespace sami::gui {

/// "Copy" beside a value: copies it and shows so for a while, without changing its width.
/// Main thread.
class CopyButton : public QToolButton
{
    Q_OBJECT

public:
    /// How long the button says "Copied".
    static constexpr std::chrono::milliseconds saidFor { 3000 };

    /// `what` names the value: "Port". `text` is called at each click; an empty result is not
    /// copied.
    CopyButton(const QString &what, std::function<QString()> text, Secrecy secrecy,
               QWidget *parent);

    [[nodiscard]] QSize sizeHint() const override;

private:
    void copy();
    void showWord(bool isCopied);

    QString m_what;
    std::function<QString()> m_text;
    Secrecy m_secrecy;
    QTimer m_timer;
};

} // namespace sami::gui
