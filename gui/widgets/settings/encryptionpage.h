// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/dooridentity.h"
#include "gui/widgets/filefield.h"
#include "gui/widgets/settings/settingspage.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace sami::gui {

/// Whether clients use TLS with the proxy, and its certificate: fields for the one to show, and the
/// one shown now, to copy and save. Main thread.
class EncryptionPage final : public SettingsPage
{
    Q_OBJECT

public:
    EncryptionPage(const SettingsStore &store, const PickFile &pickFile, PickFile saveFile,
                   QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;

protected:
    void validate() override;
    void showEvent(QShowEvent *event) override;

private:
    void buildShown();
    void refreshShown();
    void exportCertificate();
    void handleSaved(const QString &path, const QString &problem);
    [[nodiscard]] QString shownText() const;

    QComboBox *m_mode;
    FileField *m_certificate;
    FileField *m_key;
    PickFile m_saveFile;
    DoorIdentity m_identity;
    QLabel *m_shown; ///< what clients get to see, in words
    QLineEdit *m_pin;
    QPushButton *m_export;
    QLabel *m_exported; ///< the result of the last export
    QLabel *m_hint = nullptr;
};

} // namespace sami::gui
