// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/settingsstore.h"

#include "config/optiontable.h"
#include "config/settingswriter.h"
#include "gui/control/settingsmix.h"
#include "gui/text/locktext.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

/// A name beside the file that nobody has yet: "sami-llm-proxy.damaged-20261126-015500.ini".
QString asideName(const QString &path)
{
    const QFileInfo file(path);
    const QString stamp = QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss"_s);
    QString name = u"%1/%2.damaged-%3.ini"_s.arg(file.path(), file.completeBaseName(), stamp);
    for (int i = 2; QFileInfo::exists(name); ++i)
        name = u"%1/%2.damaged-%3-%4.ini"_s.arg(file.path(), file.completeBaseName(), stamp).arg(i);
    return name;
}

} // namespace

SettingsStore::SettingsStore(Input input) : m_input(std::move(input))
{
    m_input.commandLine.configFile.clear();
}

config::Settings SettingsStore::defaults()
{
    config::Settings settings;
    settings.listen.address = QHostAddress(QHostAddress::LocalHost);
    return settings;
}

config::LoadInput SettingsStore::loadInput(const QString &path) const
{
    config::LoadInput input;
    input.environment = m_input.environment;
    input.commandLine = m_input.commandLine;
    input.iniFile = path;
    input.lookalikes = config::LookalikeRule::Note;
    input.defaults = defaults();
    return input;
}

Result<config::LoadedSettings, QList<config::ConfigError>> SettingsStore::read() const
{
    return config::loadSettings(loadInput(m_input.path));
}

Result<SettingsStore::Opened, QList<config::ConfigError>> SettingsStore::open()
{
    Opened opened;
    auto loaded = read();
    if (!loaded) {
        // Whose fault is it? Without the file only environment and command line are left.
        auto without = config::loadSettings(loadInput({}));
        if (!without)
            return Unexpected(without.error());
        opened.damage = loaded.error();
        opened.setAsideAs = asideName(m_input.path);
        if (!QFile::rename(m_input.path, opened.setAsideAs)) {
            opened.damage.append({ m_input.path,
                                   {},
                                   u"cannot be set aside: make its folder writable, or name "
                                   "another file with --config"_s });
            return Unexpected(opened.damage);
        }
        loaded = std::move(without);
    }
    m_loaded = std::move(loaded).value();
    if (const auto ini = config::IniFile::read(m_input.path, config::IniPresence::Optional))
        m_preferences = Preferences::read(*ini);
    return opened;
}

config::Source SettingsStore::sourceOf(const char *environmentName) const
{
    return m_loaded.option(QString::fromLatin1(environmentName)).source;
}

bool SettingsStore::isLocked(const char *environmentName) const
{
    return sourceOf(environmentName) > config::Source::File;
}

config::Settings SettingsStore::resetSettings() const
{
    return mixedSettings(defaults(), settings(), [this](const config::Option &option) {
        return isLocked(option.environment);
    });
}

const config::EffectiveOption *SettingsStore::lockOn(const config::Settings &wanted) const
{
    const auto locked = [this](const char *name) -> const config::EffectiveOption * {
        return isLocked(name) ? &m_loaded.option(QString::fromLatin1(name)) : nullptr;
    };
    for (const config::Option &option : config::optionTable()) {
        if (option.format(wanted) == option.format(settings()))
            continue;
        if (const auto *lock = locked(option.environment))
            return lock;
        // The password's file holds the password.
        const bool isPassword =
            QLatin1StringView(option.environment) == QLatin1StringView(config::passwordOption);
        if (const auto *lock = isPassword ? locked(config::passwordFileOption) : nullptr)
            return lock;
    }
    return nullptr;
}

Result<SettingsStore::Plan, QString> SettingsStore::plan(const config::Settings &wanted) const
{
    if (const config::EffectiveOption *lock = lockOn(wanted))
        return Unexpected(LockText::sentence(*lock));
    auto file = config::IniFile::read(m_input.path, config::IniPresence::Optional);
    if (!file)
        return Unexpected(config::toString(file.error()));
    if (const auto updated = config::updateIni(*file, m_loaded, wanted, defaults()); !updated)
        return Unexpected(config::toString(updated.error()));
    config::LoadInput input = loadInput(m_input.path);
    input.plannedIni = *file;
    auto loaded = config::loadSettings(input);
    if (!loaded)
        return Unexpected(config::toString(loaded.error()));
    return Plan { std::move(file).value(), std::move(loaded).value() };
}

Result<void, QString> SettingsStore::commit(Plan plan)
{
    QDir().mkpath(QFileInfo(m_input.path).path());
    if (const auto written = plan.file.write(m_input.path); !written)
        return Unexpected(config::ConfigError { m_input.path, {}, written.error() }.toString());
    m_loaded = std::move(plan.loaded);
    return {};
}

Result<void, QString> SettingsStore::savePreferences(const Preferences &wanted)
{
    if (wanted == m_preferences)
        return {};
    QDir().mkpath(QFileInfo(m_input.path).path());
    auto ini = config::IniFile::read(m_input.path, config::IniPresence::Optional);
    if (!ini)
        return Unexpected(ini.error().first().toString());
    wanted.write(*ini);
    auto written = ini->write(m_input.path);
    if (written)
        m_preferences = wanted;
    return written;
}

} // namespace sami::gui
