// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/filefield.h"
#include "gui/widgets/settings/settingspage.h"

class QComboBox;

namespace sami::gui {

/// Whether clients speak TLS with the proxy, and what it shows them. Main thread.
class EncryptionPage final : public SettingsPage
{
    Q_OBJECT

public:
    EncryptionPage(const SettingsStore &store, const PickFile &pickFile, QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;

protected:
    void validate() override;

private:
    QComboBox *m_mode;
    FileField *m_certificate;
    FileField *m_key;
};

} // namespace sami::gui
