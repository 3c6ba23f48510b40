// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/hosttext.h"

#include "config/optionparsers.h"
#include "policy/hostpresets.h"

#include <QSet>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

QString text(const QByteArray &octets)
{
    return QString::fromLatin1(octets);
}

QString asCode(const QList<policy::HostPattern> &hosts)
{
    QStringList texts;
    for (const policy::HostPattern &host : hosts)
        texts.append(u'`' + text(host.toByteArray()) + u'`');
    return texts.join(u", "_s);
}

QString reportSentence(const policy::AccessRules &rules)
{
    return rules.allowedHosts.isEmpty()
        ? u"ALLOWED_HOSTS_MODE=report: ALLOWED_HOSTS is empty, so there is nothing to report"_s
        : u"ALLOWED_HOSTS_MODE=report: hosts that ALLOWED_HOSTS does not have pass, and their "
          "lines say would_refuse=host_not_listed"_s;
}

} // namespace

QStringList hostPresetWords()
{
    QStringList words;
    for (const QByteArray &word : policy::hostPresetWords())
        words.append(text(word));
    return words;
}

QStringList hostsOfPreset(const QString &word)
{
    QStringList hosts;
    for (const policy::HostPattern &host : policy::hostsOfPreset(word.toLatin1()))
        hosts.append(text(host.toByteArray()));
    return hosts;
}

bool isHostListOnlyReported(const policy::AccessRules &rules)
{
    return rules.hostsMode == policy::HostsMode::Report && !rules.allowedHosts.isEmpty();
}

QString hostListText(const policy::AccessRules &rules)
{
    QSet<QByteArray> named;
    for (const policy::HostEntry &entry : rules.allowedHosts)
        named.insert(entry.preset);
    QString lines;
    if (rules.hostsMode == policy::HostsMode::Report)
        lines += u"# %1\n"_s.arg(reportSentence(rules));
    for (const policy::HostPreset &preset : policy::hostPresets()) {
        if (named.contains(preset.word) || named.contains(policy::everyPreset)) {
            lines += u"%1 = %2   (checked %3)\n"_s.arg(
                text(preset.word), formatList(preset.hosts()), text(preset.checked));
        }
    }
    return lines;
}

QStringList hostHints(const policy::AccessRules &rules)
{
    QStringList hints;
    if (rules.hostsMode == policy::HostsMode::Report)
        hints.append(reportSentence(rules));
    const QList<QByteArray> words = policy::hostPresetWords();
    for (const policy::HostEntry &entry : rules.allowedHosts) {
        if (entry.preset.isEmpty() && words.contains('@' + entry.pattern.host)) {
            hints.append(
                u"ALLOWED_HOSTS: %1 is the name of one host; the hosts of the provider are "
                "@%1"_s.arg(text(entry.pattern.host)));
        }
    }
    return hints;
}

QString hostPresetsMarkdown()
{
    QString page;
    for (const policy::HostPreset &preset : policy::hostPresets()) {
        page += u"### %1\n\n"_s.arg(text(preset.word));
        page += u"| what for | hosts |\n|---|---|\n"_s;
        for (const policy::HostPreset::Group &group : preset.groups)
            page += u"| %1 | %2 |\n"_s.arg(text(group.purpose), asCode(group.hosts));
        QStringList sources;
        for (const QByteArray &source : preset.sources)
            sources.append(u'<' + text(source) + u'>');
        page += u"\nChecked %1: %2.\n"_s.arg(text(preset.checked), sources.join(u", "_s));
        if (!preset.leftOut.isEmpty())
            page += u"Left out: %1.\n"_s.arg(text(preset.leftOut));
        page += u'\n';
    }
    return page;
}

} // namespace sami::config
