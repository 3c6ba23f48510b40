// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/settingsources.h"

#include "config/lookalikes.h"
#include "config/optiontable.h"
#include "config/remotesettings.h"
#include "config/suggestion.h"

#include <QStringList>

#include <algorithm>
#include <utility>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

QString placeOf(const QString &path, const IniFile::Entry &entry)
{
    return u"%1:%2: %3"_s.arg(path, QString::number(entry.line), entry.key);
}

/// A password may begin or end in blanks; anything else is trimmed, which also drops the CR of an
/// env file with Windows line ends.
std::optional<GivenValue> candidate(const Option &option, Source source, const QString &name,
                                    const QString &text)
{
    const bool isPassword =
        QLatin1StringView(option.environment) == QLatin1StringView(passwordOption);
    const QString value = isPassword ? text : text.trimmed();
    if (value.isEmpty())
        return std::nullopt;
    return GivenValue { source, name, value };
}

std::optional<GivenValue> candidateIn(const IniFile &ini, const QString &path, Source source,
                                      const Option &option)
{
    for (const IniFile::Entry &entry : ini.entries()) {
        if (entry.key == option.iniKey())
            return candidate(option, source, placeOf(path, entry), entry.value);
    }
    return std::nullopt;
}

} // namespace

QList<ConfigError> SettingSources::read()
{
    const QList<ConfigError> errors = readFile();
    return errors + readState();
}

QList<ConfigError> SettingSources::readFile()
{
    const bool isAsked = !m_input.commandLine.configFile.isEmpty();
    m_iniPath = isAsked ? m_input.commandLine.configFile : m_input.iniFile;
    if (m_iniPath.isEmpty())
        return {};
    if (m_input.plannedIni && !isAsked) {
        m_ini = *m_input.plannedIni;
    } else {
        auto read = IniFile::read(m_iniPath, isAsked ? IniPresence::Required : m_input.iniPresence);
        if (!read)
            return read.error();
        m_ini = std::move(read).value();
    }

    QStringList knownKeys;
    for (const Option &option : optionTable())
        knownKeys.append(option.iniKey());
    QList<ConfigError> errors;
    for (const IniFile::Entry &entry : m_ini.entries()) {
        if (knownKeys.contains(entry.key)
            || entry.key.startsWith(QLatin1StringView(foreignKeyPrefix)))
            continue;
        const Option *option = aliasOfKey(entry.key);
        const QString meant = option ? option->iniKey() : nearest(entry.key, knownKeys);
        errors.append(
            { placeOf(m_iniPath, entry),
              {},
              meant.isEmpty() ? u"unknown key"_s : u"unknown key; did you mean %1?"_s.arg(meant) });
    }
    return errors;
}

/// The stronger sources, the settings file or the shell's default say where the state folder is.
QList<ConfigError> SettingSources::readState()
{
    if (!m_input.readsState)
        return {};
    const auto given = strongest(*findOption(QString::fromLatin1(stateFolderOption)));
    const QString folder = given ? given->text : m_input.defaults.state.folder;
    m_statePath = folder.isEmpty() ? u"set while it runs"_s : RemoteSettings::fileIn(folder);
    if (m_input.plannedState) {
        m_state = *m_input.plannedState;
        return {};
    }
    if (folder.isEmpty())
        return {};
    auto read = RemoteSettings::read(m_statePath);
    if (!read)
        return read.error();
    m_state = std::move(read).value();
    return {};
}

std::optional<GivenValue> SettingSources::strongest(const Option &option) const
{
    const QList<CommandLine::Value> &values = m_input.commandLine.values;
    const auto last =
        std::find_if(values.crbegin(), values.crend(), [&option](const CommandLine::Value &value) {
            return value.option == &option;
        });
    if (last != values.crend()) {
        if (auto found = candidate(option, Source::CommandLine, option.flag(), last->text))
            return found;
    }
    const QString variable = option.environmentName();
    if (auto found =
            candidate(option, Source::Environment, variable, m_input.environment.value(variable)))
        return found;
    if (auto found = candidateIn(m_state, m_statePath, Source::State, option))
        return found;
    return candidateIn(m_ini, m_iniPath, Source::File, option);
}

} // namespace sami::config
