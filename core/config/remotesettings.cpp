// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/remotesettings.h"

#include "base/editedfile.h"
#include "base/smallfile.h"
#include "config/hosttext.h"
#include "config/optiontable.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <utility>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array settable { "ALLOWED_IPS", "ALLOWED_HOSTS", "LOG_LEVEL" };

void change(IniFile &state, const Option &option, const QString &text)
{
    if (text.isEmpty())
        state.remove(option.iniKey());
    else
        state.setValue(option.iniKey(), text);
}

/// The loader's errors for that value.
QList<ConfigError> problemsOf(const Option &option, const QString &text)
{
    const QString name = option.iniKey();
    if (!IniFile::canHold(text))
        return { { name, {}, u"a value has no line breaks"_s } };
    if (text.isEmpty())
        return {};
    if (isQuoted(text))
        return { { name, text, quotesProblem() } };
    Draft draft;
    QList<ConfigError> errors;
    for (const ValueProblem &problem : option.parse(draft, text))
        errors.append({ name, problem.value, problem.problem });
    return errors;
}

/// An error for each key that this program would never write into the file.
QList<ConfigError> foreignKeys(const QString &path, const IniFile &state)
{
    QList<ConfigError> errors;
    for (const IniFile::Entry &entry : state.entries()) {
        const Option *option = findOption(entry.key);
        if (option && option->iniKey() == entry.key && RemoteSettings::isSettable(*option))
            continue;
        errors.append({ u"%1:%2: %3"_s.arg(path, QString::number(entry.line), entry.key),
                        {},
                        u"cannot be set in this file; put it into the settings file"_s });
    }
    return errors;
}

} // namespace

bool RemoteSettings::isSettable(const Option &option)
{
    return std::any_of(settable.begin(), settable.end(), [&option](const char *name) {
        return QLatin1StringView(option.environment) == QLatin1StringView(name);
    });
}

QString RemoteSettings::fileIn(const QString &stateFolder)
{
    return stateFolder.isEmpty() ? QString() : stateFolder + u"/settings.ini"_s;
}

Result<IniFile, QList<ConfigError>> RemoteSettings::read(const QString &path)
{
    const auto fail = [&path](const QString &why) {
        return Unexpected<QList<ConfigError>>({ { path, {}, why } });
    };
    if (path.isEmpty())
        return IniFile();
#ifndef Q_OS_WIN
    // A folder that this user may not search must not count as one without the file.
    const QFileInfo folder(QFileInfo(path).path());
    if (folder.isDir() && !folder.isExecutable())
        return fail(u"cannot be read: this user may not look into its folder"_s);
#endif
    if (!QFile::exists(path))
        return IniFile();
    // Whoever can write a line lets clients in with it.
    const auto content = readSmallFile(
        path, mostOctets, u"is over 64 KiB; that is no settings file"_s, FileRights::OthersRead);
    if (!content)
        return fail(content.error());
    auto state = IniFile::parse(*content);
    QList<ConfigError> errors;
    if (!state) {
        for (const IniFile::Problem &problem : state.error())
            errors.append(
                { u"%1:%2"_s.arg(path, QString::number(problem.line)), {}, problem.text });
    } else {
        errors = foreignKeys(path, *state);
    }
    if (!errors.isEmpty())
        return Unexpected(errors);
    return std::move(state).value();
}

Result<void, QString> RemoteSettings::write(const QString &path, const Option &option,
                                            const QString &text)
{
    const auto edit = [&](const QByteArray &content) -> Result<QByteArray, QString> {
        auto state = IniFile::parse(content);
        if (!state)
            return Unexpected(u"is damaged on line %1"_s.arg(state.error().constFirst().line));
        change(*state, option, text);
        return state->toByteArray();
    };
    return replaceContent(path, mostOctets, edit, IfMissing::Make);
}

Result<RemoteSettings::Plan, RemoteSettings::Refusal>
RemoteSettings::plan(LoadInput input, const LoadedSettings &now, const Option &option,
                     const QString &text)
{
    if (auto errors = problemsOf(option, text); !errors.isEmpty())
        return Unexpected(Refusal { true, std::move(errors) });
    Plan plan { input.plannedState.value_or(IniFile()), now };
    if (!input.plannedState) {
        auto state = read(fileIn(now.settings.state.folder));
        if (!state)
            return Unexpected(Refusal { false, state.error() });
        plan.state = std::move(state).value();
    }
    change(plan.state, option, text);
    input.readsState = true;
    input.plannedState = plan.state;
    // An address of this machine may have gone since, which does not concern this change.
    input.triesSourceAddress = false;
    const auto fresh = loadSettings(input);
    if (!fresh)
        return Unexpected(Refusal { false, fresh.error() });
    const qsizetype place = &option - optionTable().constData();
    option.copy(fresh->settings, plan.next.settings);
    plan.next.options[place] = fresh->options[place];
    plan.next.warnings.clear();
    const QStringList known = hostHints(now.settings.access);
    for (const QString &hint : hostHints(plan.next.settings.access)) {
        if (!known.contains(hint))
            plan.next.warnings.append(hint);
    }
    return plan;
}

} // namespace sami::config
