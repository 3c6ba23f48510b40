// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/commandline.h"

#include "config/lookalikes.h"
#include "config/optiontable.h"
#include "config/suggestion.h"

#include <algorithm>
#include <optional>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *configFlag = "--config";

QStringList knownFlags(const QList<CommandEntry> &commands)
{
    QStringList flags { QString::fromLatin1(configFlag) };
    for (const CommandEntry &entry : commands) {
        if (entry.isFlag())
            flags.append(QString::fromLatin1(entry.name));
    }
    for (const Option &option : optionTable())
        flags.append(option.flag());
    return flags;
}

QString unknownFlagProblem(const QString &flag, const QList<CommandEntry> &commands)
{
    // Two dashes before the variable's name, or before another program's name for it, mean the
    // flag.
    const Option *option = flag.startsWith(u"--"_s) ? aliasOfKey(flag.mid(2)) : nullptr;
    const QString meant = option ? option->flag() : nearest(flag, knownFlags(commands));
    return meant.isEmpty() ? u"unknown option; --help lists them all"_s
                           : u"unknown option; did you mean %1?"_s.arg(meant);
}

/// Walks the arguments. take() returns the next one, such as a flag's value.
class ArgumentCursor
{
public:
    explicit ArgumentCursor(const QStringList &arguments) : m_arguments(arguments) {}

    [[nodiscard]] bool atEnd() const { return m_next >= m_arguments.size(); }
    [[nodiscard]] QString take() { return m_arguments.at(m_next++); }
    void skip(qsizetype count) { m_next += count; }
    [[nodiscard]] bool hasValueNext() const
    {
        return !atEnd() && !m_arguments.at(m_next).startsWith(u"--"_s);
    }

private:
    const QStringList &m_arguments;
    qsizetype m_next = 0;
};

const CommandEntry *findFlag(const QString &flag, const QList<CommandEntry> &commands)
{
    const auto found =
        std::find_if(commands.cbegin(), commands.cend(), [&flag](const CommandEntry &entry) {
            return entry.isFlag() && flag == QLatin1StringView(entry.name);
        });
    return found == commands.cend() ? nullptr : &*found;
}

/// The subcommand at the start of the arguments; the longest if several match.
const CommandEntry *findSubcommand(const QStringList &arguments,
                                   const QList<CommandEntry> &commands)
{
    const CommandEntry *found = nullptr;
    for (const CommandEntry &entry : commands) {
        const QStringList words = entry.words();
        if (!entry.isFlag() && arguments.mid(0, words.size()) == words
            && (!found || words.size() > found->words().size()))
            found = &entry;
    }
    return found;
}

// Quotes neither the value nor a stray word: it may be a mistyped password.
ConfigError strayWord()
{
    return { u"command line"_s,
             {},
             u"a word that belongs to no option (is a value with blanks not in quotes?); --help "
             "lists the options"_s };
}

/// Second words of the subcommands that begin with that first word.
QStringList secondWords(const QString &first, const QList<CommandEntry> &commands)
{
    QStringList found;
    for (const CommandEntry &entry : commands) {
        const QStringList words = entry.words();
        if (!entry.isFlag() && words.size() > 1 && words.constFirst() == first)
            found.append(words.at(1));
    }
    return found;
}

/// A setting or --config, with its value.
void takeOption(CommandLine &line, const QString &flag, const Option *option,
                std::optional<QString> value, ArgumentCursor &cursor)
{
    if (!value && cursor.hasValueNext())
        value = cursor.take();
    if (!value) {
        line.errors.append(
            { flag,
              {},
              u"needs a value; one that begins with -- is written %1=VALUE"_s.arg(flag) });
    } else if (!option && value->isEmpty()) {
        line.errors.append({ flag, {}, u"needs the path of a file"_s });
    } else if (!option) {
        line.configFile = *value;
    } else {
        line.values.append({ option, *value });
    }
}

/// A flag of a subcommand, with its value if it has one.
void takeDetail(CommandLine &line, const CommandFlag &flag, std::optional<QString> value,
                ArgumentCursor &cursor)
{
    if (flag.takesValue && !value && cursor.hasValueNext())
        value = cursor.take();
    if (flag.takesValue == value.has_value())
        line.details.insert(flag.name, value.value_or(QString()));
    else
        line.errors.append(
            { flag.name, {}, flag.takesValue ? u"needs a value"_s : u"takes no value"_s });
}

} // namespace

CommandLine parseCommandLine(const QStringList &arguments, const QList<CommandEntry> &commands)
{
    CommandLine line;
    ArgumentCursor cursor(arguments);
    int operandsLeft = 0;
    QList<CommandFlag> ownFlags;
    if (const CommandEntry *subcommand = findSubcommand(arguments, commands)) {
        line.command = subcommand->command;
        operandsLeft = subcommand->operandCount();
        ownFlags = subcommand->flags();
        cursor.skip(subcommand->words().size());
    } else if (const QStringList second =
                   secondWords(arguments.isEmpty() ? QString() : arguments.constFirst(), commands);
               !second.isEmpty()) {
        line.errors.append({ arguments.constFirst(),
                             {},
                             u"the next word is one of %1; --help says what they do"_s.arg(
                                 second.join(u", "_s)) });
        cursor.skip(arguments.size());
    }

    while (!cursor.atEnd()) {
        const QString argument = cursor.take();
        if (operandsLeft > 0 && !argument.startsWith(u'-')) {
            line.operands.append(argument);
            --operandsLeft;
            continue;
        }
        const qsizetype equals = argument.indexOf(u'=');
        const QString flag = equals < 0 ? argument : argument.left(equals);
        std::optional<QString> value;
        if (equals >= 0)
            value = argument.mid(equals + 1);

        const auto own =
            std::find_if(ownFlags.cbegin(), ownFlags.cend(),
                         [&flag](const CommandFlag &each) { return each.name == flag; });
        if (own != ownFlags.cend()) {
            takeDetail(line, *own, value, cursor);
        } else if (const CommandEntry *entry = findFlag(flag, commands)) {
            if (value)
                line.errors.append({ flag, {}, u"takes no value"_s });
            if (isStronger(entry->command, line.command))
                line.command = entry->command;
        } else if (const Option *option = flag.startsWith(u"--"_s) ? findOption(flag) : nullptr;
                   option || flag == QLatin1StringView(configFlag)) {
            takeOption(line, flag, option, value, cursor);
        } else if (!flag.startsWith(u'-')) {
            line.errors.append(strayWord());
        } else {
            line.errors.append({ flag, {}, unknownFlagProblem(flag, commands) });
            if (!value && cursor.hasValueNext())
                static_cast<void>(cursor.take()); // skip the value: one mistake gives one error
        }
    }
    if (operandsLeft > 0) {
        line.errors.append(
            { u"command line"_s, {}, u"the command needs more words; --help has them"_s });
    }
    return line;
}

} // namespace sami::config
