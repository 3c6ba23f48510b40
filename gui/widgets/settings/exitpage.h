// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/settings/settingspage.h"

class QComboBox;
class QLineEdit;

namespace sami::gui {

/// How connections leave this computer, and what servers see of it. Main thread.
class ExitPage final : public SettingsPage
{
    Q_OBJECT

public:
    explicit ExitPage(const SettingsStore &store, QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;

protected:
    void validate() override;

private:
    QComboBox *m_family;
    QLineEdit *m_source;
    QComboBox *m_via;
};

} // namespace sami::gui
