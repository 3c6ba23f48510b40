// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"

#include <algorithm>
#include <utility>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// The ranges. The upper ends are there to catch a unit mistaken (seconds for milliseconds).
constexpr qint64 second = 1000; // in milliseconds
constexpr qint64 minute = 60 * second;
constexpr qint64 hour = 60 * minute;
constexpr NumberRange portRange { 0, 65535, "" };
constexpr NumberRange silenceRange { second, 24 * hour, "milliseconds" };
constexpr NumberRange dialRange { 100, 10 * minute, "milliseconds" };
constexpr NumberRange headRange { 100, 10 * minute, "milliseconds" };
constexpr NumberRange graceRange { 0, hour, "milliseconds" };
constexpr NumberRange keepaliveRange { 0, 7200, "seconds" }; // Linux's own default is 2 h
constexpr NumberRange attemptsRange { 1, 1'000'000, "attempts" };
constexpr NumberRange windowRange { second, 24 * hour, "milliseconds" };
constexpr NumberRange connectionsRange { 1, 1'000'000, "connections" };
constexpr NumberRange perClientRange { 0, 1'000'000, "connections" };
constexpr NumberRange urlRange { 64, 65536, "bytes" }; // a whole head has 64 KiB
constexpr NumberRange threadsRange { 0, 64, "threads" };

template <typename T, typename Target> ValueProblems store(Parsed<T> parsed, Target &target)
{
    if (!parsed)
        return std::move(parsed).error();
    target = static_cast<Target>(std::move(parsed).value());
    return {};
}

template <typename Target>
ValueProblems storeNumber(const QString &text, const NumberRange &range, Target &target)
{
    return store(parseNumber(text, range), target);
}

QList<Option> makeTable()
{
    return {
        { "PROXY_PORT", "The port to listen on; 0 takes any free one and prints it", "",
          Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, portRange, draft.settings.listen.port);
          },
          [](const Settings &s) { return QString::number(s.listen.port); } },
        { "PROXY_ADDRESS",
          "The address to listen on: `127.0.0.1` for this machine only, `0.0.0.0` for every IPv4 "
          "address, `::` for every address of both families",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseListenAddress(text), draft.settings.listen.address);
          },
          [](const Settings &s) { return formatListenAddress(s.listen.address); } },
        { usernameOption,
          "The user name clients must give (Basic authentication); needs a password",
          "nobody is asked", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseUsername(text), draft.username);
          },
          [](const Settings &s) {
              return s.access.credentials ? QString::fromUtf8(s.access.credentials->username)
                                          : QString();
          } },
        { passwordOption,
          "The password clients must give; other users of the machine can see it in a command line",
          "nobody is asked", Secrecy::Secret,
          [](Draft &draft, const QString &text) {
              return store(parsePassword(text), draft.password);
          },
          [](const Settings &s) {
              return s.access.credentials ? QString::fromUtf8(s.access.credentials->password)
                                          : QString();
          } },
        { passwordFileOption,
          "A file that holds the password (a Docker or Kubernetes secret); one line end at its end "
          "is dropped",
          "none", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              draft.passwordFile = text;
              return ValueProblems {};
          },
          [](const Settings &) { return QString(); } },
        { "LOG_LEVEL", "How much is logged: `error`, `info` or `debug`", "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseLogLevel(text), draft.settings.log.level);
          },
          [](const Settings &s) { return QString::fromLatin1(toString(s.log.level)); } },
        { "LOG_FORMAT", "`text`, or `json` for one object a line", "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseLogFormat(text), draft.settings.log.format);
          },
          [](const Settings &s) { return QString::fromLatin1(toString(s.log.format)); } },
        { "ALLOWED_IPS",
          "The clients that may connect: addresses and CIDR ranges, comma-separated, IPv4 and "
          "IPv6; "
          "`private` stands for all private networks",
          "everyone", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseClients(text), draft.settings.access.allowedClients);
          },
          [](const Settings &s) { return formatList(s.access.allowedClients); } },
        { "PROXY_PAGES",
          "Who may see the pages `/`, `/health` and `/status`: `all`, `listed` (whom `ALLOWED_IPS` "
          "lets in) or `local` (this machine, which always may); for others there is no such page",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parsePagesFor(text), draft.settings.pages);
          },
          [](const Settings &s) { return QString::fromLatin1(toString(s.pages)); } },
        { "PROXY_TIMEOUT_MS",
          "How long a request or tunnel may be silent in both directions, 1 s to 24 h; a thinking "
          "model is silent for many minutes",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, silenceRange, draft.settings.timeouts.silence);
          },
          [](const Settings &s) { return QString::number(s.timeouts.silence.count()); } },
        { "PROXY_CONNECT_TIMEOUT_MS",
          "How long reaching the destination may take: DNS, TCP and TLS over all its addresses "
          "together",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, dialRange, draft.settings.timeouts.connect);
          },
          [](const Settings &s) { return QString::number(s.timeouts.connect.count()); } },
        { "PROXY_HEADER_TIMEOUT_MS",
          "How long a client may take to send the head of a request (slow-header attacks)", "",
          Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, headRange, draft.settings.timeouts.header);
          },
          [](const Settings &s) { return QString::number(s.timeouts.header.count()); } },
        { "PROXY_TCP_KEEPALIVE_S",
          "Seconds of silence before TCP keepalive probes keep home routers from forgetting the "
          "connection; 0 turns it off",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, keepaliveRange, draft.settings.timeouts.tcpKeepalive);
          },
          [](const Settings &s) { return QString::number(s.timeouts.tcpKeepalive.count()); } },
        { "PROXY_SHUTDOWN_GRACE_MS",
          "How long a stop lets running work finish; Docker kills after 10 s unless told otherwise",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, graceRange, draft.settings.timeouts.shutdownGrace);
          },
          [](const Settings &s) { return QString::number(s.timeouts.shutdownGrace.count()); } },
        { "PROXY_UPSTREAM_CA_FILE",
          "A PEM file of certificates trusted for `https://` targets, beside the system's",
          "the system's only", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseCaFile(text), draft.settings.upstream.caFile);
          },
          [](const Settings &s) { return s.upstream.caFile; } },
        { "PROXY_EXIT_FAMILY",
          "Which addresses of a destination are dialled: `any`, `ipv4` alone or `ipv6` alone; "
          "providers judge the country of each for itself",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseExitFamily(text), draft.settings.upstream.exit.family);
          },
          [](const Settings &s) { return QString::fromLatin1(toString(s.upstream.exit.family)); } },
        { sourceAddressOption,
          "The address of this machine to connect from, or one of each family, comma-separated",
          "the system chooses", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseSourceAddresses(text), draft.settings.upstream.exit.sources);
          },
          [](const Settings &s) { return formatSourceAddresses(s.upstream.exit.sources); } },
        { "PROXY_VIA_HEADER",
          "Whether `Via` is added to requests and responses, `true` or `false`; some servers "
          "compress nothing for a request that has it",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseSwitch(text), draft.settings.upstream.addsVia);
          },
          [](const Settings &s) { return s.upstream.addsVia ? u"true"_s : u"false"_s; } },
        { "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS",
          "Different wrong credentials from one address within the window before it is blocked", "",
          Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, attemptsRange, draft.settings.access.guard.maxAttempts);
          },
          [](const Settings &s) { return QString::number(s.access.guard.maxAttempts); } },
        { "AUTH_FAIL_RATE_LIMIT_WINDOW_MS",
          "That window; the block lasts twice as long, at most an hour", "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, windowRange, draft.settings.access.guard.window);
          },
          [](const Settings &s) { return QString::number(s.access.guard.window.count()); } },
        { "MAX_CONCURRENT_CONNECTIONS",
          "Client connections at once; lowered to what the descriptor limit allows", "",
          Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, connectionsRange, draft.settings.limits.maxConnections);
          },
          [](const Settings &s) { return QString::number(s.limits.maxConnections); } },
        { "MAX_CONNECTIONS_PER_IP",
          "Connections at once from one client address (IPv6: its /64); 0 for no limit", "",
          Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, perClientRange,
                                 draft.settings.limits.maxConnectionsPerClient);
          },
          [](const Settings &s) { return QString::number(s.limits.maxConnectionsPerClient); } },
        { "MAX_URL_LENGTH", "Bytes of a request's target; longer ones get 414", "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, urlRange, draft.settings.limits.head.maxTargetBytes);
          },
          [](const Settings &s) { return QString::number(s.limits.head.maxTargetBytes); } },
        { "ALLOWED_HOSTS",
          "Hosts that may be reached: `a.example:443`, `*.example.com`, or a provider's: "
          "`@openai`, "
          "`@anthropic`, `@google`, `@openrouter`, `@mistral`, `@deepseek`, `@xai`; `@llm` is all "
          "of these",
          "every host", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseHosts(text), draft.settings.access.allowedHosts);
          },
          [](const Settings &s) { return formatList(s.access.allowedHosts); } },
        { "ALLOWED_HOSTS_MODE",
          "What happens to a host that `ALLOWED_HOSTS` does not have: `enforce` refuses it, "
          "`report` lets it pass and logs `would_refuse`, to see what a list would cut off",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseHostsMode(text), draft.settings.access.hostsMode);
          },
          [](const Settings &s) { return QString::fromLatin1(toString(s.access.hostsMode)); } },
        { "ALLOWED_PORTS",
          "The destination ports that may be reached (the default keeps mail and SSH relaying out)",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parsePorts(text), draft.settings.access.allowedPorts);
          },
          [](const Settings &s) { return formatList(s.access.allowedPorts); } },
        { "ALLOW_PRIVATE_TARGETS",
          "Whether private, local and special addresses and this machine's own may be reached: "
          "`true`, `false`, or the ranges that may, like `192.168.1.0/24`",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parsePrivateTargets(text), draft.settings.access.privateTargets);
          },
          [](const Settings &s) { return formatPrivateTargets(s.access.privateTargets); } },
        { "PROXY_THREADS", "Worker threads; 0 for one per core, at most 8", "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return storeNumber(text, threadsRange, draft.settings.limits.threads);
          },
          [](const Settings &s) { return QString::number(s.limits.threads); } },
        { "PROXY_SOCKETS",
          "For developers: which sockets carry connections, `native` or `qt`; qt is the portable "
          "one",
          "", Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseBackend(text), draft.settings.sockets);
          },
          [](const Settings &s) { return QString::fromLatin1(toString(s.sockets)); } },
        { "PROXY_EVENT_DISPATCHER",
          "For developers: what the threads wait with, `native` (epoll on Linux) or `qt`", "",
          Secrecy::Open,
          [](Draft &draft, const QString &text) {
              return store(parseBackend(text), draft.settings.eventDispatcher);
          },
          [](const Settings &s) { return QString::fromLatin1(toString(s.eventDispatcher)); } },
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
