// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace sami::gui {

class ProxyController;

/// What to do while the proxy cannot start: the way out, retry, the settings. Visible only during
/// that time. Main thread.
class FailureStrip : public QWidget
{
    Q_OBJECT

public:
    /// Whether the strip shows the reason, or another widget does.
    enum class Words { Here, Elsewhere };

    FailureStrip(ProxyController &controller, Words words, QWidget *parent = nullptr);

    [[nodiscard]] QPushButton *wayOut() const { return m_wayOut; }
    [[nodiscard]] QPushButton *again() const { return m_again; }
    [[nodiscard]] QPushButton *settings() const { return m_settings; }
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void settingsWanted();

private:
    void refresh();
    void applyFallback();
    void say(const QString &text);

    ProxyController &m_controller;
    Words m_words;
    bool m_isTaking = false; ///< waiting for the answer of the way out
    QLabel *m_text;
    QPushButton *m_wayOut;
    QPushButton *m_again;
    QPushButton *m_settings;
};

} // namespace sami::gui
