// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/settings/settingspage.h"

namespace sami::gui {

class DurationEdit;

/// How long things may take. Main thread.
class TimeoutsPage final : public SettingsPage
{
    Q_OBJECT

public:
    explicit TimeoutsPage(const SettingsStore &store, QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;

protected:
    void validate() override;

private:
    void addDuration(const QString &label, DurationEdit *edit, const char *option,
                     const QString &hint);

    DurationEdit *m_silence;
    DurationEdit *m_connect;
    DurationEdit *m_header;
    DurationEdit *m_keepalive;
};

} // namespace sami::gui
