// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace sami::gui {

class ProxyController;
class SettingsStore;

/// Shows which lines of a damaged settings file do not count, until the user has seen it. Main
/// thread; borrows both arguments.
class DamageStrip : public QWidget
{
    Q_OBJECT

public:
    DamageStrip(SettingsStore &store, ProxyController &controller, QWidget *parent = nullptr);

    /// Keeps the damaged file under another name and writes the good lines in its place.
    [[nodiscard]] QPushButton *keep() const { return m_keep; }
    [[nodiscard]] QPushButton *settings() const { return m_settings; }
    [[nodiscard]] QString headline() const;
    [[nodiscard]] QString details() const;

Q_SIGNALS:
    void settingsWanted();

private:
    void refresh();
    void keepGoodLines();

    SettingsStore &m_store;
    QLabel *m_headline;
    QPlainTextEdit *m_details;
    QPushButton *m_keep;
    QPushButton *m_settings;
};

} // namespace sami::gui
