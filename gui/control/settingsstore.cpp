// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/settingsstore.h"

#include "config/exposure.h"
#include "config/optiontable.h"
#include "config/settingsources.h"
#include "config/settingswriter.h"
#include "gui/control/settingsmix.h"
#include "gui/text/locktext.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

/// An unused name in the file's folder: "sami-llm-proxy.damaged-20261126-015500.ini".
QString asideName(const QString &path)
{
    const QFileInfo file(path);
    const QString stamp = QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss"_s);
    QString name = u"%1/%2.damaged-%3.ini"_s.arg(file.path(), file.completeBaseName(), stamp);
    for (int i = 2; QFileInfo::exists(name); ++i)
        name = u"%1/%2.damaged-%3-%4.ini"_s.arg(file.path(), file.completeBaseName(), stamp,
                                                QString::number(i));
    return name;
}

bool lacksServers(const config::Settings &settings)
{
    return settings.upstream.parents.list.isEmpty();
}

QString passwordsProblem()
{
    return u"the keychain has not given the passwords of all servers, so nothing goes out: unlock "
           "it, or enter these servers again"_s;
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

config::Settings SettingsStore::defaultsHere() const
{
    config::Settings settings = defaults();
    settings.state = { m_input.stateFolder, m_input.stateFolder };
    return settings;
}

config::LoadInput SettingsStore::loadInput() const
{
    config::LoadInput input;
    input.environment = m_input.environment;
    input.commandLine = m_input.commandLine;
    input.iniFile = m_input.path;
    input.lookalikes = config::LookalikeRule::Note;
    input.defaults = defaultsHere();
    return input;
}

config::LoadInput SettingsStore::loadInput(const config::IniFile &planned) const
{
    config::LoadInput input = loadInput();
    input.plannedIni = hasPasswordFile(planned) ? planned : m_secrets.filled(planned);
    return input;
}

/// Whether PROXY_PARENTS_PASSWORD_FILE is set. If so, that file gives the passwords that the list
/// leaves out, not the keychain.
bool SettingsStore::hasPasswordFile(const config::IniFile &file) const
{
    const config::Option *option =
        config::findOption(QString::fromLatin1(config::parentsPasswordFileOption));
    const config::LoadInput input = loadInput();
    return config::SettingSources(input).strongest(*option)
        || !file.value(option->iniKey()).value_or(QString()).trimmed().isEmpty();
}

Result<config::LoadedSettings, QList<config::ConfigError>> SettingsStore::read() const
{
    const auto ini = config::IniFile::read(m_input.path, config::IniPresence::Optional);
    // If the file has errors, the loader reads it itself and adds the errors of the other sources.
    return config::loadSettings(ini ? loadInput(*ini) : loadInput());
}

Result<void, QList<config::ConfigError>> SettingsStore::open()
{
    const QString &path = m_input.path;
    if (const QFileInfo link(path); link.isSymLink() && !link.exists()) {
        // The file that it leads to, with its rules, may be on a disk that is not mounted yet.
        return useSalvage(salvageNothing(u"is a link to a file that is not there"_s, loadInput()),
                          {});
    }
    auto loaded = read();
    if (loaded) {
        m_loaded = std::move(loaded).value();
        if (const auto ini = config::IniFile::read(path, config::IniPresence::Optional)) {
            m_secrets.adopt(*ini);
            m_preferences = Preferences::read(m_secrets.filled(*ini));
        }
        return {};
    }
    const auto ini = config::IniFile::read(path, config::IniPresence::Optional);
    const bool isUnreadable = !ini && ini.error().constFirst().name == path;
    if (isUnreadable)
        return useSalvage(salvageNothing(ini.error().constFirst().problem, loadInput()),
                          asideName(path));
    QFile source(path);
    const QByteArray octets = source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
    return useSalvage(salvage(m_secrets.filledLines(octets), loadInput()), asideName(path));
}

Result<void, QList<config::ConfigError>>
SettingsStore::useSalvage(Result<Salvage, QList<config::ConfigError>> salvaged,
                          const QString &keptAs)
{
    if (!salvaged)
        return Unexpected(salvaged.error());
    m_loaded = std::move(salvaged->loaded);
    m_secrets.adopt(salvaged->good);
    m_preferences = Preferences::read(salvaged->good);
    const bool isConfined = salvaged->mayLackRules;
    m_damage = SettingsDamage { m_input.path,
                                salvaged->damage,
                                keptAs,
                                false,
                                isConfined,
                                isConfined && !config::listensOnLoopbackOnly(settings()),
                                salvaged->mayLackServers };
    m_goodLines = std::move(salvaged->good);
    return {};
}

Result<config::IniFile, QList<config::ConfigError>> SettingsStore::file() const
{
    if (m_goodLines)
        return *m_goodLines;
    return config::IniFile::read(m_input.path, config::IniPresence::Optional);
}

Result<void, QString> SettingsStore::setAside()
{
    const QFileInfo damaged(m_input.path);
    if (m_damage->keptAs.isEmpty() || !damaged.exists())
        return {};
    // Copy where possible instead of renaming, so that the settings file is never missing.
    const QString &aside = m_damage->keptAs;
    const bool isDone = damaged.isFile() && damaged.isReadable()
        ? QFile::copy(m_input.path, aside)
        : QFile::rename(m_input.path, aside);
    if (!isDone)
        return Unexpected(
            config::ConfigError { m_input.path,
                                  {},
                                  u"cannot be set aside: make its folder writable, or "
                                  "name another file with --config"_s }
                .toString());
    if (QFileInfo(aside).isFile())
        QFile::setPermissions(aside, QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    m_damage->isKept = true;
    return {};
}

Result<void, QString> SettingsStore::write(const config::IniFile &file)
{
    if (m_goodLines && !m_damage->isKept) {
        if (auto kept = setAside(); !kept)
            return kept;
    }
    QDir().mkpath(QFileInfo(m_input.path).path());
    if (const auto written = m_secrets.stripped(file).write(m_input.path); !written)
        return Unexpected(config::ConfigError { m_input.path, {}, written.error() }.toString());
    m_goodLines.reset();
    return {};
}

Result<void, QString> SettingsStore::keepGoodLines()
{
    if (m_goodLines) {
        config::IniFile lines = *m_goodLines;
        m_preferences.write(lines);
        if (auto written = write(lines); !written)
            return written;
    }
    m_damage.reset();
    return {};
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
    return mixedSettings(defaultsHere(), settings(), [this](const config::Option &option) {
        return isLocked(option.environment);
    });
}

const config::EffectiveOption *SettingsStore::lockOn(const config::Settings &wanted) const
{
    for (const config::Option &option : config::optionTable()) {
        if (!option.equals(wanted, settings()) && isLocked(option.environment))
            return &m_loaded.option(option.environmentName());
    }
    return nullptr;
}

Result<SettingsStore::Plan, QString> SettingsStore::plan(const config::Settings &wanted) const
{
    if (const config::EffectiveOption *lock = lockOn(wanted))
        return Unexpected(LockText::sentence(*lock));
    auto planned = file();
    if (!planned)
        return Unexpected(config::toString(planned.error()));
    if (const auto updated = config::updateIni(*planned, m_loaded, wanted, defaultsHere());
        !updated)
        return Unexpected(config::toString(updated.error()));
    auto loaded = config::loadSettings(loadInput(*planned));
    if (!loaded)
        return Unexpected(config::toString(loaded.error()));
    // The next start reads what is written now, and does not know of the damage.
    if (const QString problem = damageProblem();
        !problem.isEmpty() && lacksServers(loaded->settings))
        return Unexpected(problem);
    if (lacksPasswords(loaded->settings) && !lacksPasswords(settings()))
        return Unexpected(passwordsProblem());
    return Plan { std::move(planned).value(), std::move(loaded).value() };
}

Result<void, QString> SettingsStore::commit(Plan plan)
{
    // The preferences in the plan's file may be old: newer ones may have been saved since, or are
    // only in memory because the file is damaged.
    m_preferences.write(plan.file);
    if (auto written = write(plan.file); !written)
        return written;
    m_loaded = std::move(plan.loaded);
    if (m_damage)
        m_damage->mayLackServers &= lacksServers(settings());
    return {};
}

QString SettingsStore::startProblem() const
{
    if (lacksPasswords(settings()))
        return passwordsProblem();
    return damageProblem();
}

QString SettingsStore::damageProblem() const
{
    if (!m_damage || !m_damage->mayLackServers)
        return {};
    return u"the servers of the settings file cannot be read, so nothing goes out: enter them "
           "again, or keep the good lines to do without them"_s;
}

bool SettingsStore::lacksPasswords(const config::Settings &settings) const
{
    const QList<config::Parent> &list = settings.upstream.parents.list;
    return std::any_of(list.cbegin(), list.cend(), [this](const config::Parent &server) {
        return m_secrets.isMissing(server);
    });
}

void SettingsStore::takePasswords(const ServerSecrets::Passwords &passwords)
{
    m_secrets.hold(passwords);
    for (config::Parent &server : m_loaded.settings.upstream.parents.list) {
        if (m_secrets.isMissing(server))
            server.password = passwords.value(ServerSecrets::keyOf(server), server.password);
    }
    m_preferences.serversOff = m_secrets.filledList(m_preferences.serversOff);
}

Result<void, QString> SettingsStore::leaveOutPasswords()
{
    if (m_goodLines)
        return {};
    const auto now = file();
    if (!now)
        return Unexpected(now.error().constFirst().toString());
    if (m_secrets.stripped(*now).toByteArray() == now->toByteArray())
        return {};
    return write(*now);
}

std::optional<QList<config::Parent>> SettingsStore::ownServers() const
{
    const auto now = file();
    if (!now || m_goodLines)
        return std::nullopt;
    return m_secrets.serversIn(*now);
}

Result<void, QString> SettingsStore::savePreferences(const Preferences &wanted)
{
    if (wanted == m_preferences)
        return {};
    const auto take = [this, &wanted] {
        m_preferences = wanted;
        m_preferences.serversOff = m_secrets.filledList(wanted.serversOff);
    };
    if (m_goodLines) {
        take();
        return {};
    }
    auto ini = file();
    if (!ini)
        return Unexpected(ini.error().first().toString());
    wanted.write(*ini);
    auto written = write(*ini);
    if (written)
        take();
    return written;
}

} // namespace sami::gui
