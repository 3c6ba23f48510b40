// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/settingstext.h"

#include "config/commands.h"
#include "config/configerror.h"
#include "config/hosttext.h"
#include "config/optiontable.h"
#include "config/settingsloader.h"

#include <QStringList>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype width = 90;

/// Wraps the words into lines, each with that indentation.
QString wrapped(const QString &text, qsizetype indentation)
{
    const QString margin(indentation, u' ');
    QString lines;
    QString line;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        if (!line.isEmpty() && margin.size() + line.size() + 1 + word.size() > width) {
            lines += margin + line + u'\n';
            line.clear();
        }
        line += line.isEmpty() ? word : u' ' + word;
    }
    return lines + margin + line + u'\n';
}

QString optionEntry(const Option &option, const Settings &defaults)
{
    const QString value = option.format(defaults);
    const QString unset = QString::fromLatin1(option.whenUnset).remove(u'`');
    QString text = QString::fromUtf8(option.help).remove(u'`') + u'.';
    if (!value.isEmpty())
        text += u" Default: "_s + option.shown(value);
    else if (!unset.isEmpty())
        text += u" Default: "_s + unset;
    return helpEntry(option.flag() + u" VALUE   "_s + option.environmentName(), text);
}

/// "-h, --help": all spellings of a command; a subcommand's words with its operands.
QString headingOf(const CommandEntry &shown)
{
    QStringList spellings;
    for (const CommandEntry &entry : commandTable()) {
        if (entry.command == shown.command)
            spellings.append(QString::fromLatin1(entry.name));
    }
    const QString operands = QString::fromLatin1(shown.operands);
    return spellings.join(u", "_s) + (operands.isEmpty() ? operands : u' ' + operands);
}

} // namespace

QString helpEntry(const QString &heading, const QString &text)
{
    return u"  "_s + heading + u'\n' + wrapped(text, 6);
}

QString helpText(const QString &program, const Settings &defaults)
{
    QString text = u"Usage: %1 [COMMAND] [options]\n\n"_s.arg(program);
    text += wrapped(u"A light forward proxy for LLM API calls: HTTP requests and CONNECT tunnels, "
                    "nothing decrypted, nothing cached."_s,
                    0);
    text += u"\nCommands:\n"_s;
    for (const CommandEntry &entry : commandTable()) {
        if (*entry.help != '\0')
            text += helpEntry(headingOf(entry), QString::fromUtf8(entry.help));
    }
    return text + u'\n' + settingsHelpText(defaults);
}

QString settingsHelpText(const Settings &defaults)
{
    QString text = u"Settings:\n"_s;
    text += wrapped(u"Each is a flag (--port 8080 or --port=8080), an environment variable "
                    "(PROXY_PORT=8080) and a line of the settings file (port = 8080: the flag "
                    "without the leading dashes, with \"_\" for \"-\"). The flag wins over the "
                    "variable, the variable over the file. A value of nothing counts as not set."_s,
                    2);
    text += u'\n';
    text += helpEntry(u"--config FILE"_s, u"The settings file to read."_s);
    for (const Option &option : optionTable())
        text += optionEntry(option, defaults);
    return text;
}

QString checkConfigText(const LoadedSettings &loaded)
{
    QString text;
    for (const EffectiveOption &effective : loaded.options) {
        QString value = printable(effective.option->shown(effective.text));
        if (value.isEmpty())
            value = u"-"_s;
        text += u"%1 = %2   (%3)\n"_s.arg(effective.option->environmentName(), value,
                                          QString::fromLatin1(toString(effective.source)));
    }
    return text + hostListText(loaded.settings.access);
}

QString settingsTableMarkdown(const Settings &defaults)
{
    QString text = u"| environment | default | meaning |\n|---|---|---|\n"_s;
    for (const Option &option : optionTable()) {
        const QString value = option.format(defaults);
        QString shown = value.isEmpty() ? u"–"_s : u'`' + value + u'`';
        if (value.isEmpty() && *option.whenUnset != '\0')
            shown += u" (%1)"_s.arg(QString::fromLatin1(option.whenUnset));
        text +=
            u"| `%1` | %2 | %3 |\n"_s.arg(option.environmentName(), shown,
                                          QString::fromUtf8(option.help).replace(u"|"_s, u"\\|"_s));
    }
    return text;
}

} // namespace sami::config
