// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/clipboard.h"

#include <QString>
#include <QTimer>
#include <QToolButton>

#include <functional>

namespace sami::gui {

/// "Copy" beside a value: copies it, and says so for a while on its own face, as wide as before.
/// Main thread.
class CopyButton : public QToolButton
{
    Q_OBJECT

public:
    /// How long "Copied" stands there.
    static constexpr std::chrono::milliseconds saidFor { 3000 };

    /// `what` names the value: "Port". `text` is asked at each click; nothing is copied where it
    /// is empty.
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
