// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/settingswriter.h"

#include "config/inifile.h"
#include "config/optiontable.h"
#include "config/settingsloader.h"

#include <optional>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

struct Change
{
    const Option *option = nullptr;
    std::optional<QString> value; ///< nothing: remove the key
};

bool isNamed(const Option &option, const char *name)
{
    return QLatin1StringView(option.environment) == QLatin1StringView(name);
}

/// Whether environment or command line set the value. For the password either of its options
/// counts.
bool isLocked(const LoadedSettings &loaded, const Option &option)
{
    const auto holds = [&loaded](const char *name) {
        return loaded.option(QString::fromLatin1(name)).source > Source::File;
    };
    if (isNamed(option, passwordOption) || isNamed(option, passwordFileOption))
        return holds(passwordOption) || holds(passwordFileOption);
    if (isNamed(option, parentsOption) || isNamed(option, parentsPasswordFileOption))
        return holds(parentsOption) || holds(parentsPasswordFileOption);
    return holds(option.environment);
}

/// The loader's errors for that value.
QList<ConfigError> problemsOf(const Option &option, const QString &text)
{
    QList<ConfigError> errors;
    if (!IniFile::canHold(text))
        return { { option.iniKey(), {}, u"a value has no line breaks"_s } };
    Draft draft;
    for (const ValueProblem &problem : option.parse(draft, text)) {
        errors.append({ option.iniKey(), option.shown(problem.value), problem.problem });
    }
    return errors;
}

} // namespace

Result<void, QList<ConfigError>> updateIni(IniFile &ini, const LoadedSettings &loaded,
                                           const Settings &wanted, const Settings &defaults)
{
    QList<Change> changes;
    QList<ConfigError> errors;

    for (const Option &option : optionTable()) {
        if (option.equals(wanted, loaded.settings) || isLocked(loaded, option))
            continue;
        // A changed password is written itself, in place of its file.
        if (option.equals(wanted, defaults) || isNamed(option, passwordFileOption)
            || isNamed(option, parentsPasswordFileOption)) {
            changes.append({ &option, std::nullopt });
        } else {
            const QString text = option.format(wanted);
            errors += problemsOf(option, text);
            changes.append({ &option, text });
        }
    }
    if (!errors.isEmpty())
        return Unexpected(errors);

    for (const Change &change : changes) {
        if (change.value)
            ini.setValue(change.option->iniKey(), *change.value);
        else
            ini.remove(change.option->iniKey());
    }
    return {};
}

} // namespace sami::config
