// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/settings/settingspage.h"

class QComboBox;
class QSpinBox;

namespace sami::gui {

/// Limits on connections, URLs and threads, and the log level. Main thread.
class LimitsPage final : public SettingsPage
{
    Q_OBJECT

public:
    explicit LimitsPage(const SettingsStore &store, QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;

private:
    void addNumber(const QString &label, QSpinBox *edit, int least, int most, const char *option);

    QSpinBox *m_connections;
    QSpinBox *m_perClient;
    QSpinBox *m_url;
    QSpinBox *m_threads;
    QComboBox *m_logLevel;
};

} // namespace sami::gui
