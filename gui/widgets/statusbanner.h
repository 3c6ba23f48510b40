// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QScrollArea;

namespace sami::gui {

class AppActions;
class ProxyController;

/// The strip over the tabs: the state in words, the address, who can use it, and the button for
/// what is to be done about it. Of one height whatever it says: what does not fit is scrolled.
/// Main thread.
class StatusBanner : public QWidget
{
    Q_OBJECT

public:
    /// How long it says what was copied.
    static constexpr std::chrono::milliseconds copiedFor { 5000 };

    StatusBanner(ProxyController &controller, AppActions &actions, QWidget *parent = nullptr);

    /// What it says of who can use the proxy, or why it cannot run.
    [[nodiscard]] QLabel *exposure() const { return m_exposure; }
    /// What was copied, for a while.
    [[nodiscard]] QLabel *copied() const { return m_copied; }

protected:
    void changeEvent(QEvent *event) override;

private:
    QScrollArea *makeArea();
    void refresh();
    void reserveLines();
    void showCopied(const QString &what);

    ProxyController &m_controller;
    QLabel *m_icon;
    QLabel *m_state;
    QLabel *m_copied;
    QLabel *m_exposure;
    QScrollArea *m_area; ///< around the exposure
    QTimer m_copiedTimer;
};

} // namespace sami::gui
