// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/configerror.h"
#include "config/inifile.h"
#include "config/settingsloader.h"

#include <QList>
#include <QString>

#include <optional>

namespace sami::config {

struct Option;

/// A value, and the name that its author knows it by.
struct GivenValue
{
    Source source = Source::Default;
    QString name;
    QString text;
};

/// What each source says of the settings, and which one counts: the loader's first half. Borrows
/// the input, and lives for one load.
class SettingSources
{
public:
    explicit SettingSources(const LoadInput &input) : m_input(input) {}

    /// Reads the files. Returns all that is wrong with them.
    [[nodiscard]] QList<ConfigError> read();
    /// The value that counts; nothing if no source has one.
    [[nodiscard]] std::optional<GivenValue> strongest(const Option &option) const;

private:
    [[nodiscard]] QList<ConfigError> readFile();
    [[nodiscard]] QList<ConfigError> readState();

    const LoadInput &m_input;
    QString m_iniPath;
    IniFile m_ini;
    QString m_statePath;
    IniFile m_state; ///< what was set from afar
};

} // namespace sami::config
