// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/optionhelp.h"

#include "config/optiontable.h"
#include "gui/widgets/durationedit.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace sami::gui {

namespace {

constexpr qsizetype lineLength = 70;

enum class Unit {
    Text,
    Number,
    Milliseconds,
    Seconds,
};

struct Help
{
    const char *option;
    const char *sentence;
    Unit unit = Unit::Text;
    const char *value = nullptr; ///< a value with words of its own …
    const char *words = nullptr; ///< … and those words
};

constexpr Help table[] = {
    { "PROXY_ADDRESS",
      QT_TRANSLATE_NOOP(
          "sami::gui::OptionHelp",
          "Where programs reach the proxy. 127.0.0.1 is for programs on this computer "
          "alone; choose an address of your network, or all of them, to let other "
          "devices in."),
      Unit::Text, nullptr, nullptr },
    { "PROXY_PORT",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "The number that programs need beside the address. Choose another one when "
                        "some program has it already."),
      Unit::Text, nullptr, nullptr },
    { "PROXY_SOCKS5",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Whether programs may ask by SOCKS5 instead of HTTP. It is for programs "
                        "that support no other kind of proxy; turn it off if nobody needs it."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "where strangers cannot use it") },
    { "PROXY_AUTH_USERNAME",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "The name that programs sign in with, unless they have a user of their own "
                        "in the file below; letters and digits need no quoting anywhere."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "nobody is asked") },
    { "PROXY_AUTH_PASSWORD",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "The password that programs sign in with. Set one as soon as other devices "
                        "can reach the proxy, and another one when somebody may know it."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "nobody is asked") },
    { "PROXY_USERS_FILE",
      QT_TRANSLATE_NOOP(
          "sami::gui::OptionHelp",
          "A file that holds more users, each with a hashed password and limits. Name "
          "one that is there, or let the list below make one."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "none") },
    { "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "How many different wrong passwords one address may try before it is kept "
                        "out for a while. Fewer are safer; more spare those who mistype."),
      Unit::Number, nullptr, nullptr },
    { "AUTH_FAIL_RATE_LIMIT_WINDOW_MS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "The time in which wrong passwords are counted together. A longer one "
                        "catches those who guess slowly, and blocks them for longer."),
      Unit::Milliseconds, nullptr, nullptr },
    { "ALLOWED_IPS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Which addresses may use the proxy. Fill it when others in your network "
                        "should be kept out; everyone else is refused then."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "every address") },
    { "PROXY_PAGES",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Who may open the proxy's own pages, which say that it runs and how much "
                        "it does. Others get an answer as if there were no such page."),
      Unit::Text, "all", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "everyone") },
    { "PROXY_TLS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Whether clients may, or must, encrypt what they say to this proxy. "
                        "Require it when they come over a network that you do not trust."),
      Unit::Text, "auto", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "if they ask for it") },
    { "PROXY_TLS_CERT_FILE",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "The certificate that clients are shown over TLS, and those of the "
                        "authorities that signed it. Without one the program shows its own, "
                        "where it has one."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "none") },
    { "PROXY_TLS_KEY_FILE",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "The private key of that certificate, without a passphrase. Nobody else "
                        "should be able to read the file."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "none") },
    { "ALLOWED_HOSTS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Which hosts programs may reach. Fill it when the proxy is for certain "
                        "services alone, so that it is of no use for anything else."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "every host") },
    { "ALLOWED_HOSTS_MODE",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "What happens to a host that is not in the list. Let them pass for some "
                        "days to see what a new list would cut off."),
      Unit::Text, "enforce", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "refuse them") },
    { "ALLOWED_PORTS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Which ports of a host programs may reach. The default leaves out mail and "
                        "SSH, which strangers like to misuse a proxy for."),
      Unit::Text, nullptr, nullptr },
    { "ALLOW_PRIVATE_TARGETS",
      QT_TRANSLATE_NOOP(
          "sami::gui::OptionHelp",
          "Whether programs may reach routers, printers and servers of your own "
          "network, and this computer itself, through the proxy. Allow it for a model "
          "server at home, best by its range alone."),
      Unit::Text, "false", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "no") },
    { "PROXY_PARENTS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Other proxies that requests go out through, in the order in which they "
                        "are tried. The operator of a server can give you its link."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "directly") },
    { "PROXY_PARENTS_BYPASS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Hosts that are always reached without a server, for example those of "
                        "your own network."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "nothing") },
    { "PROXY_UPSTREAM_CA_FILE",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "A file of certificates to trust in addition to the system's, for "
                        "requests that the proxy encrypts itself. It is needed for a server "
                        "whose certificate was made by you or your company."),
      Unit::Text, "",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "the system's certificates only") },
    { "PROXY_EXIT_FAMILY",
      QT_TRANSLATE_NOOP(
          "sami::gui::OptionHelp",
          "Whether to reach servers over IPv4, IPv6 or both. Choose one when a service places "
          "you in another country, or when the other one does not work here."),
      Unit::Text, "any", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "IPv4 and IPv6") },
    { "PROXY_SOURCE_ADDRESS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "The address of this computer that connections leave from. It matters only "
                        "where the computer has several, with a VPN for example."),
      Unit::Text, "", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "the system chooses") },
    { "PROXY_VIA_HEADER",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "Whether requests that are not encrypted say that they came through a "
                        "proxy. Turn it off for a server that sends nothing compressed because of "
                        "it."),
      Unit::Text, "true", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "yes") },
    { "PROXY_TIMEOUT_MS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "How long both sides of a request or tunnel may be silent before the proxy "
                        "closes it. Raise it when long answers of a thinking model break off."),
      Unit::Milliseconds, nullptr, nullptr },
    { "PROXY_CONNECT_TIMEOUT_MS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "How long reaching a server may take before the proxy gives up. Raise it "
                        "for a slow network; lower it to hear sooner that a server is down."),
      Unit::Milliseconds, nullptr, nullptr },
    { "PROXY_HEADER_TIMEOUT_MS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "How long a program may take to send the beginning of a request. It keeps "
                        "out those who hold connections open by sending next to nothing."),
      Unit::Milliseconds, nullptr, nullptr },
    { "PROXY_TCP_KEEPALIVE_S",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "After how much silence a sign of life is sent. Lower it when a router "
                        "forgets silent connections; it is no part of the data, and costs "
                        "nothing."),
      Unit::Seconds, nullptr, nullptr },
    { "MAX_CONCURRENT_CONNECTIONS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "How many connections of programs there may be at once. Lower it on a "
                        "computer with little memory; further ones are refused."),
      Unit::Number, nullptr, nullptr },
    { "MAX_CONNECTIONS_PER_IP",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "The same for one address (of IPv6: for one network), so that one device "
                        "cannot take all of them."),
      Unit::Number, "0", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "no limit") },
    { "MAX_URL_LENGTH",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "How long the address in a request may be, in bytes. Raise it when a "
                        "program is told that its address is too long (414)."),
      Unit::Number, nullptr, nullptr },
    { "PROXY_THREADS",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "How many threads carry the traffic. The default is nearly always "
                        "right; a single thread leaves more of the processor to other programs."),
      Unit::Number, "0", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "one per core, at most 8") },
    { "LOG_LEVEL",
      QT_TRANSLATE_NOOP("sami::gui::OptionHelp",
                        "How much the log says. “Everything” is for finding a fault: it is a "
                        "lot, and costs some speed."),
      Unit::Text, "info", QT_TRANSLATE_NOOP("sami::gui::OptionHelp", "one line for each request") },
};

const Help *find(const char *option)
{
    const QLatin1StringView name(option);
    const auto *found = std::find_if(std::begin(table), std::end(table), [name](const Help &help) {
        return QLatin1StringView(help.option) == name;
    });
    return found == std::end(table) ? nullptr : found;
}

QString broken(const QString &text)
{
    QString lines;
    qsizetype used = 0;
    const QStringList words = text.split(QLatin1Char(' '));
    for (const QString &word : words) {
        if (used > 0 && used + word.size() > lineLength) {
            lines += QLatin1Char('\n');
            used = 0;
        } else if (used > 0) {
            lines += QLatin1Char(' ');
            ++used;
        }
        lines += word;
        used += word.size();
    }
    return lines;
}

} // namespace

QString OptionHelp::sentence(const char *option)
{
    const Help *help = find(option);
    return help ? tr(help->sentence) : QString();
}

QString OptionHelp::defaultValue(const char *option, const config::Settings &defaults)
{
    const Help *help = find(option);
    const config::Option *row = config::findOption(QString::fromLatin1(option));
    if (!help || !row)
        return {};
    const QString value = row->format(defaults);
    if (help->value && value == QLatin1StringView(help->value))
        return tr(help->words);
    switch (help->unit) {
    case Unit::Text:
        return value;
    case Unit::Number:
        return QLocale().toString(value.toLongLong());
    case Unit::Milliseconds:
        return DurationEdit::spelled(std::chrono::milliseconds(value.toLongLong()));
    case Unit::Seconds:
        return DurationEdit::spelled(std::chrono::seconds(value.toLongLong()));
    }
    return {};
}

QString OptionHelp::toolTip(const QList<const char *> &options, const config::Settings &defaults)
{
    QStringList names;
    for (const char *option : options)
        names.append(QString::fromLatin1(option));
    const char *first = options.constFirst();
    return broken(sentence(first)) + QStringLiteral("\n\n")
        + broken(tr("Default: %1").arg(defaultValue(first, defaults))) + QLatin1Char('\n')
        + tr("Variable: %1").arg(names.join(QStringLiteral(", ")));
}

QString OptionHelp::toolTip(const QString &sentence)
{
    return broken(sentence);
}

} // namespace sami::gui
