// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/damagetext.h"

#include "config/configerror.h"
#include "gui/text/coretext.h"

#include <algorithm>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

QString whatCounts(const SettingsDamage &damage)
{
    if (!damage.isWhole()) {
        const auto count = std::count_if(damage.lines.begin(), damage.lines.end(),
                                         [](const DamagedLine &line) { return line.number > 0; });
        return DamageText::tr(
            "The settings file is damaged: %n line(s) do not count, the others do.", nullptr,
            int(count));
    }
    // The rules in an unreadable file are unknown, so such a file always confines the proxy.
    return damage.isConfined
        ? DamageText::tr("The settings file cannot be read. Everything has its default value now.")
        : DamageText::tr(
            "The settings file is not in UTF-8. All of it counts. “Keep the good lines” "
            "writes it in UTF-8.");
}

} // namespace

bool SettingsDamage::isWhole() const
{
    return lines.size() == 1 && lines.constFirst().number == 0;
}

QString DamageText::headline(const SettingsDamage &damage)
{
    QString text = whatCounts(damage);
    if (damage.mayNotStart)
        text += u' '
            + tr("A rule about who may use the proxy may be missing, so it was not started: other "
                 "computers could reach it.");
    else if (damage.isConfined)
        text += u' '
            + tr("A rule about who may use the proxy may be missing, so only this computer can use "
                 "it now. Look at the settings.");
    if (damage.mayLackServers)
        text += u' '
            + tr("Servers that requests go out through may be missing, so the proxy does not "
                 "start: requests would go directly. Enter the servers again, or keep the good "
                 "lines to do without them.");
    return text;
}

QString DamageText::details(const SettingsDamage &damage)
{
    QStringList all;
    for (const DamagedLine &line : damage.lines) {
        const config::ConfigError error { line.key.isEmpty() ? damage.path : line.key, line.value,
                                          line.problem };
        // Without a key, every line would repeat the path before the problem.
        const QString said = line.number > 0 && line.key.isEmpty()
            ? CoreText::localized(line.problem)
            : CoreText::localized(error.toString());
        all.append(line.number > 0 ? tr("Line %1: %2").arg(line.number).arg(said) : said);
    }
    if (!damage.keptAs.isEmpty())
        all.append((damage.isKept
                        ? tr("The damaged file is kept as %1")
                        : tr("Before anything is written, the damaged file is kept as %1"))
                       .arg(damage.keptAs));
    return all.join(u'\n');
}

} // namespace sami::gui
