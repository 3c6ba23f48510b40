// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/commandline.h"

#include "config/lookalikes.h"
#include "config/optiontable.h"
#include "config/suggestion.h"

#include <algorithm>
#include <optional>
#include <utility>

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
    [[nodiscard]] qsizetype position() const { return m_next; }
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

/// Words that start a program elsewhere.
bool isOrderToRun(const QString &word)
{
    return word == u"start"_s || word == u"run"_s || word == u"serve"_s;
}

QStringList firstWords(const QList<CommandEntry> &commands)
{
    QStringList found;
    for (const CommandEntry &entry : commands) {
        if (!entry.isFlag())
            found.append(entry.words().constFirst());
    }
    return found;
}

// Quotes neither the value nor a stray word, unless it is one of ours: it may be a mistyped
// password.
ConfigError strayWord(const QString &word, bool isFirst, const QList<CommandEntry> &commands)
{
    if (isOrderToRun(word)) {
        return { word,
                 {},
                 u"is no command: without one the proxy starts; --help lists the commands"_s };
    }
    const QString meant = isFirst ? nearest(word, firstWords(commands)) : QString();
    if (!meant.isEmpty())
        return { u"command line"_s, {}, u"no such command; did you mean %1?"_s.arg(meant) };
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

/// One run of parseCommandLine().
class Reader
{
public:
    Reader(const QStringList &arguments, const QList<CommandEntry> &commands)
        : m_arguments(arguments), m_commands(commands), m_cursor(arguments)
    {}

    CommandLine run()
    {
        readCommand();
        while (!m_cursor.atEnd()) {
            const QString argument = m_cursor.take();
            if (m_operandsLeft > 0 && !argument.startsWith(u'-')) {
                m_line.operands.append(argument);
                --m_operandsLeft;
            } else if (argument.startsWith(u'-')) {
                takeFlag(argument);
            } else {
                takeWord(argument);
            }
        }
        if (m_operandsLeft > 0 && !m_isMisplaced) {
            m_line.errors.append(
                { u"command line"_s, {}, u"the command needs more words; --help has them"_s });
        }
        return std::move(m_line);
    }

private:
    /// The command at the start, if there is one.
    void readCommand()
    {
        if (const CommandEntry *subcommand = findSubcommand(m_arguments, m_commands)) {
            m_line.command = subcommand->command;
            begin(*subcommand);
            return;
        }
        const QString first = m_arguments.value(0);
        if (const QStringList second = secondWords(first, m_commands); !second.isEmpty()) {
            m_line.errors.append({ first,
                                   {},
                                   u"the next word is one of %1; --help says what they do"_s.arg(
                                       second.join(u", "_s)) });
            m_cursor.skip(m_arguments.size());
        }
    }

    void begin(const CommandEntry &subcommand)
    {
        m_operandsLeft = subcommand.operandCount();
        m_ownFlags = subcommand.flags();
        m_cursor.skip(subcommand.words().size());
    }

    void takeWord(const QString &word)
    {
        const qsizetype at = m_cursor.position() - 1;
        const CommandEntry *misplaced = findSubcommand(m_arguments.mid(at), m_commands);
        if (!misplaced) {
            m_line.errors.append(strayWord(word, at == 0, m_commands));
            return;
        }
        if (misplaced->command == Command::Help) { // wherever it stands
            m_line.command = Command::Help;
            return;
        }
        const QString name = QString::fromLatin1(misplaced->name);
        m_line.errors.append(
            { name,
              {},
              m_line.command == Command::Run
                  ? u"is a command, and stands before all options: %1 …"_s.arg(name)
                  : u"is a second command; one at a time"_s });
        // What follows is its own: one mistake gives one error.
        m_isMisplaced = true;
        m_cursor.skip(-1);
        begin(*misplaced);
    }

    void takeFlag(const QString &argument)
    {
        const qsizetype equals = argument.indexOf(u'=');
        const QString flag = equals < 0 ? argument : argument.left(equals);
        std::optional<QString> value;
        if (equals >= 0)
            value = argument.mid(equals + 1);

        const auto own =
            std::find_if(m_ownFlags.cbegin(), m_ownFlags.cend(),
                         [&flag](const CommandFlag &each) { return each.name == flag; });
        if (own != m_ownFlags.cend()) {
            takeDetail(m_line, *own, value, m_cursor);
        } else if (const CommandEntry *entry = findFlag(flag, m_commands)) {
            if (value)
                m_line.errors.append({ flag, {}, u"takes no value"_s });
            if (isStronger(entry->command, m_line.command))
                m_line.command = entry->command;
        } else if (const Option *option = flag.startsWith(u"--"_s) ? findOption(flag) : nullptr;
                   option || flag == QLatin1StringView(configFlag)) {
            takeOption(m_line, flag, option, value, m_cursor);
        } else {
            m_line.errors.append({ flag, {}, unknownFlagProblem(flag, m_commands) });
            if (!value && m_cursor.hasValueNext())
                static_cast<void>(m_cursor.take()); // skip the value: one mistake gives one error
        }
    }

    const QStringList &m_arguments;
    const QList<CommandEntry> &m_commands;
    ArgumentCursor m_cursor;
    CommandLine m_line;
    QList<CommandFlag> m_ownFlags;
    int m_operandsLeft = 0;
    bool m_isMisplaced = false; ///< a command stands after options, or after another command
};

} // namespace

CommandLine parseCommandLine(const QStringList &arguments, const QList<CommandEntry> &commands)
{
    return Reader(arguments, commands).run();
}

} // namespace sami::config
