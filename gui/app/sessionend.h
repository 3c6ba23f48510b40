// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>

namespace sami::gui {

/// Whether the desktop session is ending. Desktops say that it begins to, but none says that its
/// user has cancelled that: whoever uses the program again has, and so has everybody after a while.
/// Main thread.
class SessionEnd : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SessionEnd)

public:
    /// Longer than other programs keep their user with questions about unsaved work.
    static constexpr std::chrono::minutes patience { 2 };

    explicit SessionEnd(QObject *parent = nullptr);
    ~SessionEnd() override;

    void begin();
    /// The user uses the program, or time has passed.
    void lapse();
    [[nodiscard]] bool isUnderWay() const { return m_limit.isActive(); }

    /// Sees keys and clicks in any of the program's windows, while it is under way.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QTimer m_limit;
};

} // namespace sami::gui
