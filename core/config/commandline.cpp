// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/commandline.h"

#include "config/lookalikes.h"
#include "config/optiontable.h"
#include "config/suggestion.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

struct CommandFlag
{
    const char *flag;
    Command command;
};

/// From the strongest to the weakest, should several be given.
constexpr std::array commandFlags {
    CommandFlag { "-h", Command::Help },
    CommandFlag { "--help", Command::Help },
    CommandFlag { "--version", Command::Version },
    CommandFlag { "--print-host-presets", Command::PrintHostPresets },
    CommandFlag { "--print-settings-table", Command::PrintSettingsTable },
    CommandFlag { "--check-config", Command::CheckConfig },
    CommandFlag { "--healthcheck", Command::HealthCheck },
};

constexpr const char *configFlag = "--config";

QStringList knownFlags()
{
    QStringList flags { QString::fromLatin1(configFlag) };
    for (const CommandFlag &entry : commandFlags)
        flags.append(QString::fromLatin1(entry.flag));
    for (const Option &option : optionTable())
        flags.append(option.flag());
    return flags;
}

QString unknownFlagProblem(const QString &flag)
{
    // Whoever writes the variable's name after two dashes means its flag; so does whoever writes
    // another program's name for it.
    const Option *option = flag.startsWith(u"--"_s) ? aliasOfKey(flag.mid(2)) : nullptr;
    const QString meant = option ? option->flag() : nearest(flag, knownFlags());
    return meant.isEmpty() ? u"unknown option; --help lists them all"_s
                           : u"unknown option; did you mean %1?"_s.arg(meant);
}

/// Walks the arguments; take() hands out the value that may stand behind a flag.
class Walker
{
public:
    explicit Walker(const QStringList &arguments) : m_arguments(arguments) {}

    [[nodiscard]] bool atEnd() const { return m_next >= m_arguments.size(); }
    [[nodiscard]] QString take() { return m_arguments.at(m_next++); }
    [[nodiscard]] bool hasValueNext() const
    {
        return !atEnd() && !m_arguments.at(m_next).startsWith(u"--"_s);
    }

private:
    const QStringList &m_arguments;
    qsizetype m_next = 0;
};

const CommandFlag *findCommand(const QString &flag)
{
    const auto found =
        std::find_if(commandFlags.begin(), commandFlags.end(), [&flag](const CommandFlag &entry) {
            return flag == QLatin1StringView(entry.flag);
        });
    return found == commandFlags.end() ? nullptr : &*found;
}

} // namespace

CommandLine parseCommandLine(const QStringList &arguments)
{
    CommandLine line;
    const CommandFlag *strongest = nullptr;
    Walker walker(arguments);

    while (!walker.atEnd()) {
        const QString argument = walker.take();
        const qsizetype equals = argument.indexOf(u'=');
        const QString flag = equals < 0 ? argument : argument.left(equals);
        std::optional<QString> value;
        if (equals >= 0)
            value = argument.mid(equals + 1);

        if (const CommandFlag *command = findCommand(flag)) {
            if (value)
                line.errors.append({ flag, {}, u"takes no value"_s });
            if (!strongest || command < strongest)
                strongest = command;
            continue;
        }

        const bool isConfig = flag == QLatin1StringView(configFlag);
        const Option *option = flag.startsWith(u"--"_s) ? findOption(flag) : nullptr;
        if (!isConfig && !option) {
            // Neither the value nor a stray word is quoted: it may be a mistyped password.
            if (!flag.startsWith(u'-')) {
                line.errors.append({ u"command line"_s,
                                     {},
                                     u"a word that belongs to no option (is a value with blanks "
                                     "not in quotes?); --help lists the options"_s });
            } else {
                line.errors.append({ flag, {}, unknownFlagProblem(flag) });
                if (!value && walker.hasValueNext())
                    static_cast<void>(walker.take()); // one mistake, one error
            }
            continue;
        }

        if (!value && walker.hasValueNext())
            value = walker.take();
        if (!value) {
            line.errors.append(
                { flag,
                  {},
                  u"needs a value; one that begins with -- is written %1=VALUE"_s.arg(flag) });
        } else if (isConfig && value->isEmpty()) {
            line.errors.append({ flag, {}, u"needs the path of a file"_s });
        } else if (isConfig) {
            line.configFile = *value;
        } else {
            line.values.append({ option, *value });
        }
    }

    if (strongest)
        line.command = strongest->command;
    return line;
}

} // namespace sami::config
