// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/settingssalvage.h"

#include "config/optionparsers.h"
#include "config/optiontable.h"

#include <QHash>
#include <QStringDecoder>

#include <algorithm>
#include <array>
#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr auto addressKey = "address"_L1;

/// Options that keep nobody out. Any other option, including a new one, may be an access rule.
constexpr std::array harmless { "PROXY_PORT",
                                "LOG_LEVEL",
                                "LOG_FORMAT",
                                "PROXY_TIMEOUT_MS",
                                "PROXY_CONNECT_TIMEOUT_MS",
                                "PROXY_HEADER_TIMEOUT_MS",
                                "PROXY_TCP_KEEPALIVE_S",
                                "PROXY_SHUTDOWN_GRACE_MS",
                                "PROXY_UPSTREAM_CA_FILE",
                                "PROXY_VIA_HEADER",
                                "PROXY_PARENTS",
                                "PROXY_PARENTS_PASSWORD_FILE",
                                "PROXY_PARENTS_BYPASS",
                                "MAX_CONCURRENT_CONNECTIONS",
                                "MAX_URL_LENGTH",
                                "PROXY_THREADS",
                                "PROXY_SOCKETS",
                                "PROXY_EVENT_DISPATCHER" };

bool isHarmless(const QString &key)
{
    if (key.startsWith(QLatin1StringView(config::foreignKeyPrefix)))
        return true;
    const config::Option *option = config::findOption(key);
    return option && std::any_of(harmless.begin(), harmless.end(), [option](const char *name) {
               return option->environmentName() == QLatin1StringView(name);
           });
}

/// Whether the key is for the list of servers or their passwords: without such a line the proxy
/// would connect directly.
bool isAboutServers(const QString &key)
{
    const config::Option *option = config::findOption(key);
    return option
        && (option->environmentName() == QLatin1StringView(config::parentsOption)
            || option->environmentName() == QLatin1StringView(config::parentsPasswordFileOption));
}

/// Whether a line that cannot be parsed, or has an unknown key, looks like a list of servers. Even
/// if its key is misspelt or cut off, the links in it show what it was.
bool looksLikeServers(const QByteArray &line)
{
    const QByteArray text = line.trimmed().toLower();
    return !text.startsWith(config::foreignKeyPrefix)
        && (text.startsWith("par") || text.contains("parent") || text.contains("://"));
}

struct Line
{
    QByteArray text; ///< with its line end
    QString key;
    QString value;
    bool isGood = true;
};

class Salvager
{
public:
    Salvager(QByteArray octets, config::LoadInput input) : m_input(std::move(input))
    {
        recode(octets);
        readLines(octets);
        settleDuplicates();
    }

    Result<Salvage, QList<config::ConfigError>> run()
    {
        auto loaded = load();
        if (loaded && m_salvage.mayLackRules && confine())
            loaded = load();
        if (!loaded)
            return Unexpected(loaded.error());
        m_salvage.mayLackServers =
            m_mayLackServers && loaded->settings.upstream.parents.list.isEmpty();
        m_salvage.loaded = std::move(loaded).value();
        m_salvage.good = *config::IniFile::parse(text(Bad::LeftOut));
        std::stable_sort(
            m_salvage.damage.begin(), m_salvage.damage.end(),
            [](const DamagedLine &a, const DamagedLine &b) { return a.number < b.number; });
        return std::move(m_salvage);
    }

private:
    enum class Bad { Blank, LeftOut };

    /// Some editors call UTF-16 "Unicode" and save files in it. Nothing in such a file is lost.
    void recode(QByteArray &octets)
    {
        const bool isMarked = octets.startsWith("\xff\xfe") || octets.startsWith("\xfe\xff");
        // An odd byte is half a character: the file was truncated.
        if (!isMarked || octets.size() % 2 != 0)
            return;
        QStringDecoder decoder(QStringDecoder::Utf16);
        const QString decoded = decoder(octets);
        if (decoder.hasError())
            return;
        octets = decoded.toUtf8();
        m_salvage.damage.append({ 0, {}, {}, u"is UTF-16; save it as UTF-8"_s });
    }

    void readLines(const QByteArray &octets)
    {
        QList<QByteArray> texts = octets.split('\n');
        const bool endsWithLine = texts.constLast().isEmpty();
        if (endsWithLine)
            texts.removeLast();
        for (qsizetype i = 0; i < texts.size(); ++i) {
            const bool hasEnd = endsWithLine || i + 1 < texts.size();
            m_lines.append({ hasEnd ? texts[i] + '\n' : texts[i], {}, {} });
            // Only the very first line may begin with a byte order mark.
            const auto parsed =
                config::IniFile::parse(i == 0 ? m_lines[i].text : '\n' + m_lines[i].text);
            if (!parsed) {
                takeUnreadable(i, parsed.error().constFirst().text);
            } else if (const auto entries = parsed->entries(); !entries.isEmpty()) {
                m_lines[i].key = entries.constFirst().key;
                m_lines[i].value = entries.constFirst().value;
            }
        }
    }

    void takeUnreadable(qsizetype index, const QString &problem)
    {
        const QByteArray text = m_lines[index].text.trimmed();
        const QString key = QString::fromLatin1(text.left(qMax<qsizetype>(0, text.indexOf('='))))
                                .trimmed()
                                .toLower();
        // A line with control characters may really be several lines, or a part of one.
        const bool isWild = std::any_of(text.begin(), text.end(), [](char c) {
            return static_cast<unsigned char>(c) < ' ' && c != '\t';
        });
        const bool isHeading = text.startsWith('[') && text.endsWith(']');
        const bool isKnown = config::findOption(key);
        markBad(index, isKnown ? key : QString(), {}, problem,
                isWild || !(isHeading || isHarmless(key)));
    }

    void markBad(qsizetype index, const QString &key, const QString &value, const QString &problem,
                 bool mayBeRule)
    {
        m_lines[index].isGood = false;
        m_salvage.mayLackRules |= mayBeRule;
        const QString &known = m_lines[index].key.isEmpty() ? key : m_lines[index].key;
        m_mayLackServers |= config::findOption(known) ? isAboutServers(known)
                                                      : looksLikeServers(m_lines[index].text);
        m_salvage.damage.append({ int(index + 1), key, value, problem });
    }

    void settleDuplicates()
    {
        QHash<QString, QList<qsizetype>> places;
        for (qsizetype i = 0; i < m_lines.size(); ++i) {
            if (!m_lines[i].key.isEmpty() && m_lines[i].isGood)
                places[m_lines[i].key].append(i);
        }
        for (auto place = places.cbegin(); place != places.cend(); ++place) {
            const QList<qsizetype> &all = place.value();
            const bool areSame = std::all_of(all.begin(), all.end(), [this, &all](qsizetype i) {
                return m_lines[i].value == m_lines[all.constFirst()].value;
            });
            for (qsizetype n = 0; all.size() > 1 && n < all.size(); ++n) {
                if (areSame && n == 0)
                    continue;
                markBad(all[n], {}, {},
                        u"%1 is set here and on line %2; keep one of them"_s.arg(
                            place.key(), QString::number(all[n == 0 ? 1 : 0] + 1)),
                        !areSame && !isHarmless(place.key()));
            }
        }
    }

    [[nodiscard]] QByteArray text(Bad bad) const
    {
        QByteArray all;
        for (const Line &line : m_lines) {
            if (line.isGood)
                all += line.text;
            else if (bad == Bad::Blank)
                all += '\n';
        }
        return all;
    }

    /// Repeats until no more lines are taken out: half of a pair of credentials becomes an error
    /// once the other half is taken out.
    Result<config::LoadedSettings, QList<config::ConfigError>> load()
    {
        for (;;) {
            m_input.plannedIni = *config::IniFile::parse(text(Bad::Blank));
            auto loaded = config::loadSettings(m_input);
            if (loaded)
                return loaded;
            bool hasFound = false;
            for (const config::ConfigError &error : loaded.error()) {
                const qsizetype index = lineOf(error.name) - 1;
                if (index < 0 || index >= m_lines.size())
                    continue;
                hasFound = true;
                // One line may have several errors.
                const QString key = m_lines[index].key;
                markBad(index, key, error.value, error.problem, !isHarmless(key));
            }
            if (!hasFound)
                return loaded;
        }
    }

    /// The number in "PATH:NUMBER: key"; 0 if the error is not about the file.
    [[nodiscard]] int lineOf(const QString &name) const
    {
        const QString prefix = m_input.iniFile + u':';
        return name.startsWith(prefix) ? name.sliced(prefix.size()).section(u':', 0, 0).toInt() : 0;
    }

    /// Drops the address if it lets others in; false if there is nothing to drop.
    bool confine()
    {
        for (qsizetype i = 0; i < m_lines.size(); ++i) {
            if (m_lines[i].key != addressKey || !m_lines[i].isGood)
                continue;
            const QString value = m_lines[i].value.trimmed();
            const auto address = config::parseListenAddress(value);
            if (!address || address->isLoopback())
                return false;
            markBad(i, m_lines[i].key, value,
                    u"does not count while an access rule may be missing"_s, true);
            return true;
        }
        return false;
    }

    config::LoadInput m_input;
    QList<Line> m_lines;
    Salvage m_salvage;
    bool m_mayLackServers = false; ///< a bad line may have been about servers
};

} // namespace

Result<Salvage, QList<config::ConfigError>> salvage(QByteArray octets, config::LoadInput input)
{
    return Salvager(std::move(octets), std::move(input)).run();
}

Result<Salvage, QList<config::ConfigError>> salvageNothing(const QString &reason,
                                                           config::LoadInput input)
{
    auto nothing = salvage({}, std::move(input));
    if (nothing) {
        nothing->damage.append({ 0, {}, {}, reason });
        nothing->mayLackRules = true;
        nothing->mayLackServers = nothing->loaded.settings.upstream.parents.list.isEmpty();
    }
    return nothing;
}

} // namespace sami::gui
