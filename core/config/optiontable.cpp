// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"

#include "config/adminchecks.h"
#include "config/configerror.h"
#include "config/optionvalues.h"
#include "config/parentlist.h"

#include <algorithm>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// The upper bounds catch a mistaken unit (milliseconds for seconds).
constexpr qint64 second = 1000; // in milliseconds
constexpr qint64 minute = 60 * second;
constexpr qint64 hour = 60 * minute;
constexpr NumberRange portRange { 0, 65535, "" };
constexpr NumberRange silenceRange { second, 24 * hour, "milliseconds" };
constexpr NumberRange dialRange { 100, 10 * minute, "milliseconds" };
constexpr NumberRange headRange { 100, 10 * minute, "milliseconds" };
constexpr NumberRange graceRange { 0, hour, "milliseconds" };
constexpr NumberRange keepaliveRange { 0, 7200, "seconds" }; // Linux's default is 2 h
constexpr NumberRange attemptsRange { 1, 1'000'000, "attempts" };
constexpr NumberRange windowRange { second, 24 * hour, "milliseconds" };
constexpr NumberRange connectionsRange { 1, 1'000'000, "connections" };
constexpr NumberRange perClientRange { 0, 1'000'000, "connections" };
constexpr NumberRange urlRange { 64, 65536, "bytes" }; // the limit of a whole head is 64 KiB
constexpr NumberRange threadsRange { 0, 64, "threads" };

QList<Option> makeTable()
{
    return {
        { "PROXY_PORT", "The port to listen on; 0 takes any free one and prints it", "",
          Secrecy::Open, Field<Number<portRange>, &Settings::listen, &ListenSettings::port>() },
        { "PROXY_ADDRESS",
          "The address to listen on: `127.0.0.1` for this machine only, `0.0.0.0` for every IPv4 "
          "address, `::` for every address of both families",
          "", Secrecy::Open, Field<ListenAddress, &Settings::listen, &ListenSettings::address>() },
        { "PROXY_SOCKS5",
          "Whether SOCKS5 is spoken on the same port, `true` or `false`, with the same users, "
          "rules "
          "and limits as HTTP",
          "true on loopback or with credentials, else false", Secrecy::Open,
          Field<Text<parseSwitch, formatOptionalSwitch>, &Settings::door,
                &DoorSettings::socks5>() },
        { usernameOption,
          "The user name clients must give (Basic authentication); needs a password",
          "nobody is asked", Secrecy::Open, Username() },
        { passwordOption,
          "The password clients must give; other users of the machine can see it in a command line",
          "nobody is asked", Secrecy::Secret, Password() },
        { passwordFileOption,
          "A file that holds the password (a Docker or Kubernetes secret); one line end at its end "
          "is dropped",
          "none", Secrecy::Open, PasswordFile() },
        { usersFileOption,
          "A file of users, one a line, with hashes of their passwords and what each may do; "
          "`sami-llm-proxy user add NAME` writes it; looked at each 10 s",
          "none", Secrecy::Open,
          Field<Text<parsePath, asItStands>, &Settings::users, &UserSettings::file>() },
        { "LOG_LEVEL", "How much is logged: `error`, `info` or `debug`", "", Secrecy::Open,
          Field<Word<parseLogLevel>, &Settings::log, &LogSettings::level>() },
        { "LOG_FORMAT", "`text`, or `json` for one object a line", "", Secrecy::Open,
          Field<Word<parseLogFormat>, &Settings::log, &LogSettings::format>() },
        { "ALLOWED_IPS",
          "The clients that may connect: addresses and CIDR ranges, comma-separated, IPv4 and "
          "IPv6; "
          "`private` stands for all private networks",
          "everyone", Secrecy::Open,
          Field<List<parseClients>, &Settings::access, &policy::AccessRules::allowedClients>() },
        { "PROXY_PAGES",
          "Who may see the pages `/`, `/health` and `/status`: `all`, `listed` (whom `ALLOWED_IPS` "
          "lets in) or `local` (this machine, which always may); for others there is no such page",
          "", Secrecy::Open, Field<Word<parsePagesFor>, &Settings::pages>() },
        { tlsOption,
          "TLS between clients and the proxy, where it has a certificate to show: `off`, `auto` "
          "(TLS "
          "and clear text at the same port) or `require` (nothing is proxied in clear text)",
          "", Secrecy::Open, Field<Word<parseTlsMode>, &Settings::tls, &TlsSettings::mode>() },
        { certificateFileOption,
          "A PEM file with the certificate that clients are shown over TLS, its own one first, "
          "then "
          "the authorities'; looked at each minute",
          "the own identity, if there is one", Secrecy::Open,
          Field<Text<parsePath, asItStands>, &Settings::tls, &TlsSettings::certificateFile>() },
        { keyFileOption,
          "A PEM file with the private key of that certificate, without a passphrase", "none",
          Secrecy::Open,
          Field<Text<parsePath, asItStands>, &Settings::tls, &TlsSettings::keyFile>() },
        { "PROXY_TLS_NAMES",
          "Names and addresses, comma-separated, that the own identity's certificate carries "
          "beside "
          "the host name and this machine's addresses",
          "none", Secrecy::Open,
          Field<List<parseServerNames>, &Settings::tls, &TlsSettings::names>() },
        { stateFolderOption,
          "A folder for what must outlive a restart, readable by the proxy's user alone: with it "
          "the "
          "proxy makes itself an identity for TLS, once",
          "nothing is kept", Secrecy::Open,
          Field<Text<parseStateFolder, asItStands>, &Settings::state, &StateSettings::folder>() },
        { adminOption,
          "Where the proxy is watched and steered from, comma-separated: `unix:PATH` (for its own "
          "user "
          "and root), `127.0.0.1:8081` (this machine, with a token), `tls:ADDRESS:PORT` (anywhere, "
          "with a token)",
          "nowhere", Secrecy::Open,
          Field<List<parseAdminDoors>, &Settings::admin, &AdminSettings::doors>() },
        { adminTokensOption,
          "The file with the tokens, which `sami-llm-proxy token` writes and the proxy looks at "
          "every "
          "few seconds",
          "`admin-tokens` in the state folder", Secrecy::Open,
          Field<Text<parsePath, asItStands>, &Settings::admin, &AdminSettings::tokensFile>() },
        { adminHostsOption,
          "Further names and addresses by which browsers may call these doors, comma-separated",
          "loopback's names and the address that was called", Secrecy::Open,
          Field<List<parseServerNames>, &Settings::admin, &AdminSettings::hosts>() },
        { metricsOption,
          "The address and port at which Prometheus reads `/metrics`, without a token: "
          "`127.0.0.1:9464`",
          "nowhere", Secrecy::Open,
          Field<Text<parseMetricsDoor, formatMetricsDoor>, &Settings::admin,
                &AdminSettings::metrics>() },
        { "PROXY_PROXY_PROTOCOL_FROM",
          "Balancers that must begin each connection with a PROXY protocol header, which names the "
          "client: addresses and CIDR ranges, comma-separated; from anybody else one is refused",
          "nobody", Secrecy::Open,
          Field<List<parseBalancers>, &Settings::access, &policy::AccessRules::balancers>() },
        { "PROXY_TIMEOUT_MS",
          "How long a request or tunnel may be silent in both directions, 1 s to 24 h; a thinking "
          "model is silent for many minutes",
          "", Secrecy::Open,
          Field<Number<silenceRange>, &Settings::timeouts, &TimeoutSettings::silence>() },
        { "PROXY_CONNECT_TIMEOUT_MS",
          "How long reaching the destination may take: DNS, TCP and TLS over all its addresses "
          "together",
          "", Secrecy::Open,
          Field<Number<dialRange>, &Settings::timeouts, &TimeoutSettings::connect>() },
        { "PROXY_HEADER_TIMEOUT_MS",
          "How long a client may take to send the head of a request (slow-header attacks)", "",
          Secrecy::Open,
          Field<Number<headRange>, &Settings::timeouts, &TimeoutSettings::header>() },
        { "PROXY_TCP_KEEPALIVE_S",
          "Seconds of silence before TCP keepalive probes keep home routers from forgetting the "
          "connection; 0 turns it off",
          "", Secrecy::Open,
          Field<Number<keepaliveRange>, &Settings::timeouts, &TimeoutSettings::tcpKeepalive>() },
        { "PROXY_SHUTDOWN_GRACE_MS",
          "How long a stop lets running work finish; Docker kills after 10 s unless told otherwise",
          "", Secrecy::Open,
          Field<Number<graceRange>, &Settings::timeouts, &TimeoutSettings::shutdownGrace>() },
        { "PROXY_UPSTREAM_CA_FILE",
          "A PEM file of certificates trusted for `https://` targets, beside the system's",
          "the system's only", Secrecy::Open,
          Field<Text<parseCaFile, asItStands>, &Settings::upstream, &UpstreamSettings::caFile>() },
        { "PROXY_EXIT_FAMILY",
          "Which addresses of a destination are dialled: `any`, `ipv4` alone or `ipv6` alone; "
          "providers judge the country of each for itself",
          "", Secrecy::Open,
          Field<Word<parseExitFamily>, &Settings::upstream, &UpstreamSettings::exit,
                &ExitRoute::family>() },
        { sourceAddressOption,
          "The address of this machine to connect from, or one of each family, comma-separated",
          "the system chooses", Secrecy::Open,
          Field<Text<parseSourceAddresses, formatSourceAddresses>, &Settings::upstream,
                &UpstreamSettings::exit, &ExitRoute::sources>() },
        { parentsOption,
          "The proxies that lead out, in order, comma-separated: links (`sami-proxy://…`), "
          "`https://user:password@host:8443`, `http://…`, `socks5://…`, `direct`; or `@FILE` with "
          "one a line",
          "direct", Secrecy::Parents, Parents() },
        { parentsPasswordFileOption,
          "A file with the passwords of parents, a line each: the parent's name, a blank, its "
          "password; the name is the link's or `host:port`",
          "none", Secrecy::Open, ParentsPasswordFile() },
        { "PROXY_PARENTS_BYPASS",
          "What goes direct whatever that list says: hosts as in `ALLOWED_HOSTS`, and ranges like "
          "`10.0.0.0/8` for destinations that are addresses",
          "nothing", Secrecy::Open,
          Field<Text<parseParentBypass, formatParentBypass>, &Settings::upstream,
                &UpstreamSettings::parents, &ParentSettings::bypass>() },
        { "PROXY_VIA_HEADER",
          "Whether `Via` is added to requests and responses, `true` or `false`; some servers "
          "compress nothing for a request that has it",
          "", Secrecy::Open,
          Field<Text<parseSwitch, formatSwitch>, &Settings::upstream,
                &UpstreamSettings::addsVia>() },
        { "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS",
          "Different wrong credentials from one address within the window before it is blocked", "",
          Secrecy::Open,
          Field<Number<attemptsRange>, &Settings::access, &policy::AccessRules::guard,
                &policy::GuardLimits::maxAttempts>() },
        { "AUTH_FAIL_RATE_LIMIT_WINDOW_MS",
          "That window; the block lasts twice as long, at most an hour", "", Secrecy::Open,
          Field<Number<windowRange>, &Settings::access, &policy::AccessRules::guard,
                &policy::GuardLimits::window>() },
        { "MAX_CONCURRENT_CONNECTIONS",
          "Client connections at once; lowered to what the descriptor limit allows", "",
          Secrecy::Open,
          Field<Number<connectionsRange>, &Settings::limits, &LimitSettings::maxConnections>() },
        { "MAX_CONNECTIONS_PER_IP",
          "Connections at once from one client address (IPv6: its /64); 0 for no limit", "",
          Secrecy::Open,
          Field<Number<perClientRange>, &Settings::limits,
                &LimitSettings::maxConnectionsPerClient>() },
        { "MAX_URL_LENGTH", "Bytes of a request's target; longer ones get 414", "", Secrecy::Open,
          Field<Number<urlRange>, &Settings::limits, &LimitSettings::head,
                &http::HeadLimits::maxTargetBytes>() },
        { "ALLOWED_HOSTS",
          "Hosts that may be reached: `a.example:443`, `*.example.com`, or a provider's: "
          "`@openai`, "
          "`@anthropic`, `@google`, `@openrouter`, `@mistral`, `@deepseek`, `@xai`; `@llm` is all "
          "of these",
          "every host", Secrecy::Open,
          Field<List<parseHosts>, &Settings::access, &policy::AccessRules::allowedHosts>() },
        { "ALLOWED_HOSTS_MODE",
          "What happens to a host that `ALLOWED_HOSTS` does not have: `enforce` refuses it, "
          "`report` lets it pass and logs `would_refuse`, to see what a list would cut off",
          "", Secrecy::Open,
          Field<Word<parseHostsMode>, &Settings::access, &policy::AccessRules::hostsMode>() },
        { "ALLOWED_PORTS",
          "The destination ports that may be reached (the default keeps mail and SSH relaying out)",
          "", Secrecy::Open,
          Field<List<parsePorts>, &Settings::access, &policy::AccessRules::allowedPorts>() },
        { "ALLOW_PRIVATE_TARGETS",
          "Whether private, local and special addresses and this machine's own may be reached: "
          "`true`, `false`, or the ranges that may, like `192.168.1.0/24`",
          "", Secrecy::Open,
          Field<Text<parsePrivateTargets, formatPrivateTargets>, &Settings::access,
                &policy::AccessRules::privateTargets>() },
        { "PROXY_THREADS", "Worker threads; 0 for one per core, at most 8", "", Secrecy::Open,
          Field<Number<threadsRange>, &Settings::limits, &LimitSettings::threads>() },
        { "PROXY_SOCKETS",
          "For developers: which sockets carry connections, `native` or `qt`; qt is the portable "
          "one",
          "", Secrecy::Open, Field<Word<parseBackend>, &Settings::sockets>() },
        { "PROXY_EVENT_DISPATCHER",
          "For developers: what the threads wait with, `native` (epoll on Linux) or `qt`", "",
          Secrecy::Open, Field<Word<parseBackend>, &Settings::eventDispatcher>() },
    };
}

} // namespace

QString Option::environmentName() const
{
    return QString::fromLatin1(environment);
}

QString Option::iniKey() const
{
    QString key = environmentName().toLower();
    if (key.startsWith(u"proxy_"_s))
        key.remove(0, 6);
    return key;
}

QString Option::flag() const
{
    return u"--"_s + iniKey().replace(u'_', u'-');
}

QString Option::shown(const QString &text) const
{
    if (text.isEmpty() || secrecy == Secrecy::Open)
        return text;
    return secrecy == Secrecy::Parents ? maskedParents(text) : QString::fromLatin1(secretMask);
}

const QList<Option> &optionTable()
{
    static const QList<Option> table = makeTable();
    return table;
}

const Option *findOption(const QString &spelling)
{
    const QList<Option> &table = optionTable();
    const auto found = std::find_if(table.cbegin(), table.cend(), [&spelling](const Option &o) {
        return spelling == o.environmentName() || spelling == o.iniKey() || spelling == o.flag();
    });
    return found == table.cend() ? nullptr : &*found;
}

} // namespace sami::config
