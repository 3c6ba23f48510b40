// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/filefield.h"
#include "gui/widgets/messagebox.h"
#include "gui/widgets/settings/settingspage.h"

#include <functional>

class QComboBox;
class QMenu;

namespace sami::gui {

class ListEditor;

/// Where clients may go. Main thread.
class DestinationsPage final : public SettingsPage
{
    Q_OBJECT

public:
    /// Which private, local or own addresses may be reached.
    enum PrivateTargets { None, All, Listed };

    DestinationsPage(const SettingsStore &store, Ask ask, PickFile pickFile,
                     QWidget *parent = nullptr);

    void load(const config::Settings &settings) override;
    void save(config::Settings &settings) const override;

    [[nodiscard]] ListEditor *hosts() const { return m_hosts; }
    [[nodiscard]] QMenu *presets() const { return m_presets; }
    [[nodiscard]] QComboBox *hostsMode() const { return m_hostsMode; }
    [[nodiscard]] ListEditor *ports() const { return m_ports; }
    [[nodiscard]] QComboBox *privateTargets() const { return m_private; }
    [[nodiscard]] ListEditor *privateRanges() const { return m_ranges; }
    [[nodiscard]] FileField *caFile() const { return m_caFile; }

protected:
    void validate() override;

private:
    void fillPresets();
    [[nodiscard]] bool mayShutOut(const QStringList &entries);
    /// Reads the file, so only when its path has changed.
    void checkCaFile();

    Ask m_ask;
    ListEditor *m_hosts;
    QMenu *m_presets;
    QComboBox *m_hostsMode;
    ListEditor *m_ports;
    QComboBox *m_private;
    ListEditor *m_ranges;
    FileField *m_caFile;
};

} // namespace sami::gui
