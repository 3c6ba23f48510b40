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

/// The strip above the tabs: the state in words, the address, who can use the proxy, and the button
/// for what to do about it. Its height is fixed; text that does not fit scrolls. Main thread.
class StatusBanner : public QWidget
{
    Q_OBJECT

public:
    /// How long it shows what was copied.
    static constexpr std::chrono::milliseconds copiedFor { 5000 };

    StatusBanner(ProxyController &controller, AppActions &actions, QWidget *parent = nullptr);

    /// Who can use the proxy, or why it cannot run.
    [[nodiscard]] QLabel *exposure() const { return m_exposure; }
    /// What was just copied.
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
