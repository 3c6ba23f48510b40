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
    std::optional<QString> value; ///< none: the key leaves the file
};

bool isLocked(const LoadedSettings &loaded, const QString &spelling)
{
    return loaded.option(spelling).source > Source::File;
}

/// What the loader would say to that value.
QList<ConfigError> problemsOf(const Option &option, const QString &text)
{
    QList<ConfigError> errors;
    if (!IniFile::canHold(text))
        return { { option.iniKey(), {}, u"a value has no line breaks"_s } };
    Draft draft;
    for (const ValueProblem &problem : option.parse(draft, text)) {
        errors.append({ option.iniKey(),
                        option.isSecret() ? QString::fromLatin1(secretMask) : problem.value,
                        problem.problem });
    }
    return errors;
}

} // namespace

Result<void, QList<ConfigError>> updateIni(IniFile &ini, const LoadedSettings &loaded,
                                           const Settings &wanted, const Settings &defaults)
{
    const QString passwordName = QString::fromLatin1(passwordOption);
    const QString passwordFileName = QString::fromLatin1(passwordFileOption);
    QList<Change> changes;
    QList<ConfigError> errors;

    for (const Option &option : optionTable()) {
        const QString text = option.format(wanted);
        if (text == option.format(loaded.settings) || isLocked(loaded, option.environmentName()))
            continue;
        const bool isPassword = option.environmentName() == passwordName;
        if (isPassword && isLocked(loaded, passwordFileName))
            continue;
        if (text == option.format(defaults)) {
            changes.append({ &option, std::nullopt });
        } else {
            errors += problemsOf(option, text);
            changes.append({ &option, text });
        }
        if (isPassword)
            changes.append({ findOption(passwordFileName), std::nullopt });
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
