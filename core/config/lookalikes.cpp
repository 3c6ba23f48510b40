// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/lookalikes.h"

#include "config/configerror.h"
#include "config/optiontable.h"
#include "config/suggestion.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *allowedIpsOption = "ALLOWED_IPS";
constexpr const char *allowedHostsOption = "ALLOWED_HOSTS";
constexpr const char *allowedPortsOption = "ALLOWED_PORTS";
constexpr const char *portOption = "PROXY_PORT";
constexpr const char *addressOption = "PROXY_ADDRESS";

struct Alias
{
    QLatin1StringView name; ///< with or without PROXY_ in front
    const char *meant;
};

/// Names from the images of squid, tinyproxy, 3proxy and SOCKS proxies, and names that people write
/// from memory. Never one that a desktop sets itself (USER, USERNAME, HOST).
constexpr std::array aliases {
    Alias { "PROXY_AUTH"_L1, usernameOption },
    Alias { "AUTH_USER"_L1, usernameOption },
    Alias { "AUTH_LOGIN"_L1, usernameOption },
    Alias { "BASIC_AUTH"_L1, usernameOption },
    Alias { "BASIC_AUTH_USER"_L1, usernameOption },
    Alias { "BASIC_AUTH_USERNAME"_L1, usernameOption },
    Alias { "PROXY_CREDENTIALS"_L1, usernameOption },
    Alias { "PROXY_LOGIN"_L1, usernameOption },
    Alias { "PROXY_USER"_L1, usernameOption },
    Alias { "PROXY_USERNAME"_L1, usernameOption },
    Alias { "SQUID_USER"_L1, usernameOption },
    Alias { "SQUID_USERNAME"_L1, usernameOption },
    Alias { "TINYPROXY_USER"_L1, usernameOption },
    Alias { "AUTH_PASS"_L1, passwordOption },
    Alias { "AUTH_PASSWD"_L1, passwordOption },
    Alias { "AUTH_PWD"_L1, passwordOption },
    Alias { "BASIC_AUTH_PASS"_L1, passwordOption },
    Alias { "BASIC_AUTH_PASSWORD"_L1, passwordOption },
    Alias { "PROXY_PASS"_L1, passwordOption },
    Alias { "PROXY_PASSWD"_L1, passwordOption },
    Alias { "PROXY_PASSWORD"_L1, passwordOption },
    Alias { "PROXY_PWD"_L1, passwordOption },
    Alias { "PROXY_SECRET"_L1, passwordOption },
    Alias { "SQUID_PASS"_L1, passwordOption },
    Alias { "SQUID_PASSWORD"_L1, passwordOption },
    Alias { "TINYPROXY_PASSWORD"_L1, passwordOption },
    Alias { "AUTH_PASS_FILE"_L1, passwordFileOption },
    Alias { "PROXY_PASS_FILE"_L1, passwordFileOption },
    Alias { "PROXY_PASSWORD_FILE"_L1, passwordFileOption },
    Alias { "HTPASSWD"_L1, usersFileOption },
    Alias { "HTPASSWD_FILE"_L1, usersFileOption },
    Alias { "PROXY_HTPASSWD_FILE"_L1, usersFileOption },
    Alias { "PROXY_USERS"_L1, usersFileOption },
    Alias { "ALLOW_IP"_L1, allowedIpsOption },
    Alias { "ALLOW_IPS"_L1, allowedIpsOption },
    Alias { "ALLOWED_ADDRESSES"_L1, allowedIpsOption },
    Alias { "ALLOWED_CIDR"_L1, allowedIpsOption },
    Alias { "ALLOWED_CIDRS"_L1, allowedIpsOption },
    Alias { "ALLOWED_CLIENTS"_L1, allowedIpsOption },
    Alias { "ALLOWED_IP"_L1, allowedIpsOption },
    Alias { "ALLOWED_NETWORKS"_L1, allowedIpsOption },
    Alias { "ALLOWED_SUBNETS"_L1, allowedIpsOption },
    Alias { "ALLOWLIST"_L1, allowedIpsOption },
    Alias { "IP_ALLOWLIST"_L1, allowedIpsOption },
    Alias { "IP_WHITELIST"_L1, allowedIpsOption },
    Alias { "WHITELIST"_L1, allowedIpsOption },
    Alias { "WHITELIST_IP"_L1, allowedIpsOption },
    Alias { "WHITELIST_IPS"_L1, allowedIpsOption },
    Alias { "WHITELISTED_IPS"_L1, allowedIpsOption },
    Alias { "ALLOWED_DEST_FQDN"_L1, allowedHostsOption },
    Alias { "ALLOWED_DESTINATIONS"_L1, allowedHostsOption },
    Alias { "ALLOWED_DOMAIN"_L1, allowedHostsOption },
    Alias { "ALLOWED_DOMAINS"_L1, allowedHostsOption },
    Alias { "ALLOWED_HOST"_L1, allowedHostsOption },
    Alias { "ALLOWED_SITES"_L1, allowedHostsOption },
    Alias { "ALLOWED_TARGETS"_L1, allowedHostsOption },
    Alias { "DOMAIN_WHITELIST"_L1, allowedHostsOption },
    Alias { "HOST_WHITELIST"_L1, allowedHostsOption },
    Alias { "WHITELIST_DOMAINS"_L1, allowedHostsOption },
    Alias { "WHITELIST_HOSTS"_L1, allowedHostsOption },
    Alias { "ALLOWED_PORT"_L1, allowedPortsOption },
    Alias { "HTTP_PORT"_L1, portOption },
    Alias { "HTTP_PROXY_PORT"_L1, portOption },
    Alias { "LISTEN_PORT"_L1, portOption },
    Alias { "PORT"_L1, portOption },
    Alias { "SERVER_PORT"_L1, portOption },
    Alias { "SQUID_PORT"_L1, portOption },
    Alias { "TINYPROXY_PORT"_L1, portOption },
    Alias { "BIND_ADDR"_L1, addressOption },
    Alias { "BIND_ADDRESS"_L1, addressOption },
    Alias { "BIND_HOST"_L1, addressOption },
    Alias { "BIND_IP"_L1, addressOption },
    Alias { "LISTEN_ADDR"_L1, addressOption },
    Alias { "LISTEN_ADDRESS"_L1, addressOption },
    Alias { "LISTEN_HOST"_L1, addressOption },
    Alias { "LISTEN_IP"_L1, addressOption },
    Alias { "PROXY_BIND"_L1, addressOption },
    Alias { "PROXY_HOST"_L1, addressOption },
    Alias { "PROXY_IP"_L1, addressOption },
    Alias { "PROXY_LISTEN"_L1, addressOption },
    Alias { "PROXY_IDLE_TIMEOUT"_L1, "PROXY_TIMEOUT_MS" },
    Alias { "PROXY_TIMEOUT"_L1, "PROXY_TIMEOUT_MS" },
    Alias { "MAX_CLIENTS"_L1, "MAX_CONCURRENT_CONNECTIONS" },
    Alias { "MAX_CONNECTIONS"_L1, "MAX_CONCURRENT_CONNECTIONS" },
    Alias { "MAXCLIENTS"_L1, "MAX_CONCURRENT_CONNECTIONS" },
};

constexpr std::array restricting { usernameOption,    passwordOption,   passwordFileOption,
                                   usersFileOption,   allowedIpsOption, allowedHostsOption,
                                   allowedPortsOption };

constexpr QLatin1StringView ownPrefix = "PROXY_"_L1;
/// Prefixes that people add to avoid clashes, longest first.
constexpr std::array productPrefixes { "SAMI_LLM_PROXY_"_L1, "SAMI_LLM_"_L1, "SAMI_PROXY_"_L1,
                                       "SAMI_"_L1 };
/// Prefixes that only our settings have. LOG_ and MAX_ are too common.
constexpr std::array ownPrefixes { ownPrefix, "ALLOWED_"_L1, "ALLOW_PRIVATE_"_L1, "AUTH_FAIL_"_L1 };

// Two swapped letters are two edits. A larger distance would match other programs' variables.
constexpr qsizetype typoDistance = 2;

bool restricts(const Option &option)
{
    return std::any_of(restricting.begin(), restricting.end(), [&option](const char *name) {
        return QLatin1StringView(option.environment) == QLatin1StringView(name);
    });
}

const Option *ownOption(const QString &environmentName)
{
    const QList<Option> &table = optionTable();
    const auto found = std::find_if(table.cbegin(), table.cend(), [&](const Option &option) {
        return QLatin1StringView(option.environment) == environmentName;
    });
    return found == table.cend() ? nullptr : &*found;
}

/// Whether the system treats the variable as this setting's: Windows ignores case.
bool isOwnName(const QString &variable)
{
    const Option *option = ownOption(variable.toUpper());
    if (!option)
        return false;
    QProcessEnvironment probe;
    probe.insert(variable, u"set"_s);
    return probe.contains(option->environmentName());
}

bool hasOwnPrefix(const QString &name)
{
    return std::any_of(ownPrefixes.begin(), ownPrefixes.end(),
                       [&name](QLatin1StringView prefix) { return name.startsWith(prefix); });
}

bool takeEnd(QStringView &text, QLatin1StringView end)
{
    if (!text.endsWith(end))
        return false;
    text.chop(end.size());
    return true;
}

/// For one port of a neighbouring service: NAME_PORT_80_TCP, perhaps with _PROTO, _PORT or _ADDR
/// after it.
bool isPortVariable(QStringView name)
{
    if (!takeEnd(name, "_PROTO"_L1) && !takeEnd(name, "_PORT"_L1))
        takeEnd(name, "_ADDR"_L1);
    if (!takeEnd(name, "_TCP"_L1) && !takeEnd(name, "_UDP"_L1) && !takeEnd(name, "_SCTP"_L1))
        return false;
    const qsizetype whole = name.size();
    while (!name.isEmpty() && name.back() >= u'0' && name.back() <= u'9')
        name.chop(1);
    return name.size() < whole && name.endsWith("_PORT_"_L1);
}

/// Kubernetes' and Docker's variables for a neighbouring service, some six of one form.
bool isServiceVariable(QStringView name, const QString &value)
{
    if (name.endsWith("_SERVICE_HOST"_L1) || name.endsWith("_SERVICE_PORT"_L1))
        return true;
    // For a named port; the name is not empty.
    constexpr QLatin1StringView named = "_SERVICE_PORT_"_L1;
    const qsizetype place = name.isEmpty() ? -1 : name.chopped(1).lastIndexOf(named);
    if (place >= 0 && !name.sliced(place + named.size()).contains(u'\n'))
        return true;
    return isPortVariable(name) || (name.endsWith("_PORT"_L1) && isServiceLink(value));
}

/// For a Service called "proxy", whose PROXY_PORT clashes with our setting.
bool isOurServicesVariable(const QString &name)
{
    return name == "PROXY_PORT"_L1 || name.startsWith("PROXY_SERVICE_"_L1)
        || name.startsWith("PROXY_PORT_"_L1);
}

QString upperName(const QString &variable)
{
    // "ALLOWED_IPS =…" in a Docker Compose list gives a name with a blank.
    return variable.trimmed().toUpper().replace(u'-', u'_');
}

std::optional<Lookalike> judge(const QString &variable, const QString &value)
{
    const QString name = upperName(variable);
    if (value.trimmed().isEmpty() || name.endsWith("_PROXY"_L1))
        return std::nullopt;
    if (isServiceVariable(name, value)) {
        if (!isOurServicesVariable(name))
            return std::nullopt;
        return Lookalike { Lookalike::Kind::ServiceLink, variable };
    }
    if (isOwnName(variable))
        return std::nullopt;
    if (const Option *meant = aliasOf(variable))
        return Lookalike { Lookalike::Kind::Alias, variable, meant };
    QStringList names;
    for (const Option &option : optionTable())
        names.append(option.environmentName());
    if (const QString meant = nearest(name, names, typoDistance); !meant.isEmpty())
        return Lookalike { Lookalike::Kind::Typo, variable, ownOption(meant) };
    if (hasOwnPrefix(name))
        return Lookalike { Lookalike::Kind::Unknown, variable, ownOption(nearest(name, names)) };
    return std::nullopt;
}

} // namespace

QString Lookalike::warning() const
{
    if (kind == Kind::ServiceLink)
        return printable(variable) + u": "_s + serviceLinkProblem();
    const QString text = printable(variable) + u": not a setting of this program, not read"_s;
    return meant ? text + u"; did you mean %1?"_s.arg(meant->environmentName())
                 : text + u"; --help lists them all"_s;
}

QList<Lookalike> findLookalikes(const QProcessEnvironment &environment,
                                const std::function<bool(const Option &)> &isSet)
{
    QList<Lookalike> found;
    bool serviceIsSaid = false;
    QStringList variables = environment.keys();
    variables.sort();
    for (const QString &variable : std::as_const(variables)) {
        auto lookalike = judge(variable, environment.value(variable));
        if (!lookalike)
            continue;
        // One warning per Service, which has several variables but one remedy.
        if (lookalike->kind == Lookalike::Kind::ServiceLink && std::exchange(serviceIsSaid, true))
            continue;
        if (lookalike->kind == Lookalike::Kind::Alias) {
            const bool isNeeded = !isSet(*lookalike->meant);
            // Another program's name for a setting that is set anyway: probably meant for that
            // program.
            if (!isNeeded && !hasOwnPrefix(upperName(variable)))
                continue;
            lookalike->leavesOpen = isNeeded && restricts(*lookalike->meant);
        }
        found.append(std::move(*lookalike));
    }
    return found;
}

const Option *aliasOf(const QString &variable)
{
    QString name = upperName(variable);
    QString full = name;
    for (const QLatin1StringView prefix : productPrefixes) {
        if (!name.startsWith(prefix))
            continue;
        // Accepts SAMI_PORT, SAMI_PROXY_PORT and SAMI_ALLOWED_IPS: all are unambiguous.
        name.remove(0, prefix.size());
        full = ownPrefix + name;
        if (const Option *own = ownOption(full))
            return own;
        // SAMI_USER and SAMI_SECRET may belong to another program called Sami.
        if (prefix == "SAMI_"_L1 && !ownOption(name))
            return nullptr;
        break;
    }
    if (const Option *own = ownOption(name))
        return own;
    QString bare = name;
    if (bare.startsWith(ownPrefix)) {
        bare.remove(0, ownPrefix.size());
        if (const Option *own = ownOption(bare))
            return own;
    } else if (name.contains(u'_')) {
        // A single word (PORT, THREADS) may be anybody's.
        if (const Option *own = ownOption(ownPrefix + name))
            return own;
    }
    const auto known = std::find_if(aliases.begin(), aliases.end(), [&](const Alias &alias) {
        return name == alias.name || bare == alias.name || full == alias.name;
    });
    return known == aliases.end() ? nullptr : ownOption(QString::fromLatin1(known->meant));
}

const Option *aliasOfKey(const QString &key)
{
    const Option *alias = aliasOf(key);
    return alias ? alias : aliasOf(ownPrefix + upperName(key));
}

bool isServiceLink(const QString &value)
{
    return value.startsWith("tcp://"_L1) || value.startsWith("udp://"_L1)
        || value.startsWith("sctp://"_L1);
}

QString serviceLinkProblem()
{
    return u"Kubernetes writes this for a Service called \"proxy\", in the place of the setting "
           "PROXY_PORT; rename the Service, or set enableServiceLinks: false in the pod"_s;
}

} // namespace sami::config
