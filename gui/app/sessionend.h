// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>

namespace sami::gui {

/// Whether the desktop session is ending. Desktops announce the end, but none announces that the
/// user has cancelled it. The end counts as cancelled when the user uses the program again, or
/// after a while. Main thread.
class SessionEnd : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SessionEnd)

public:
    /// Longer than users usually need for other programs' questions about unsaved work.
    static constexpr std::chrono::minutes patience { 2 };

    explicit SessionEnd(QObject *parent = nullptr);
    ~SessionEnd() override;

    void begin();
    /// The session goes on: the user uses the program, or time has passed.
    void lapse();
    [[nodiscard]] bool isUnderWay() const { return m_limit.isActive(); }

    /// Sees keys and clicks in any of the program's windows, while it is under way.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QTimer m_limit;
};

} // namespace sami::gui
