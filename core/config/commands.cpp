// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/commands.h"

#include <algorithm>
#include <array>

namespace sami::config {

namespace {

/// Strongest first.
constexpr std::array strength {
    Command::Help,
    Command::Version,
    Command::PrintHostPresets,
    Command::PrintSettingsTable,
    Command::CheckConfig,
    Command::HealthCheck,
    Command::Pin,
    Command::ExportCertificate,
    Command::ExportBundle,
    Command::NewIdentity,
    Command::Link,
    Command::UserAdd,
    Command::UserPasswd,
    Command::UserEnable,
    Command::UserDisable,
    Command::UserRemove,
    Command::UserList,
    Command::TokenNew,
    Command::TokenList,
    Command::TokenRevoke,
    Command::Status,
};

/// The words outside of brackets, or the content of each pair of brackets.
QStringList partsOf(const char *operands, bool inBrackets)
{
    QStringList parts;
    for (const QString &piece : QString::fromLatin1(operands).split(u'[', Qt::SkipEmptyParts)) {
        const qsizetype end = piece.indexOf(u']');
        if (inBrackets && end >= 0)
            parts.append(piece.first(end));
        if (!inBrackets)
            parts += piece.sliced(end + 1).split(u' ', Qt::SkipEmptyParts);
    }
    return parts;
}

QList<CommandEntry> makeTable()
{
    return {
        { "--check-config", Command::CheckConfig, "",
          "Print the settings in effect and where each comes from, and exit: 0, or 2 when "
          "something "
          "is wrong." },
        { "--healthcheck", Command::HealthCheck, "",
          "Ask the proxy that runs with the same settings whether it is well, and exit: 0, or 1 "
          "when "
          "it is not." },
        { "--pin", Command::Pin, "",
          "Print the pin of the certificate that clients are shown over TLS, as curl's "
          "--proxy-pinnedpubkey takes it (sha256//…), and exit." },
        { "--export-cert", Command::ExportCertificate, "",
          "Print that certificate as PEM, for curl's --proxy-cacert and for NODE_EXTRA_CA_CERTS, "
          "and "
          "exit." },
        { "--export-bundle", Command::ExportBundle, "",
          "Print the system's authorities and that certificate as PEM, for what replaces a "
          "program's "
          "own list (SSL_CERT_FILE), and exit." },
        { "--new-identity", Command::NewIdentity, "",
          "Make another key for the own identity, print the old pin and the new one, and exit; a "
          "proxy that runs takes it within a minute." },
        { "link", Command::Link,
          "[--host HOST] [--name TEXT] [--qr] [--user NAME] [--new-password]",
          "Print the link by which the tray app and PROXY_PARENTS use this proxy, and exit. It has "
          "the password in it. HOST[:PORT] is where clients reach the proxy, TEXT what they call "
          "it; --qr prints a QR code too. NAME is a user of PROXY_USERS_FILE, whose password is "
          "read from standard input; --new-password replaces it with a new one." },
        { "user add", Command::UserAdd,
          "NAME [--hosts HOSTS] [--until DAY] [--connections N] [--note TEXT]",
          "Add a user to PROXY_USERS_FILE, print a password and a link, this once, and exit. A "
          "running proxy lets the user in within 10 s. HOSTS narrows ALLOWED_HOSTS, DAY is the "
          "last one (2027-01-31, UTC), N how many connections there may be at once." },
        { "user passwd", Command::UserPasswd, "NAME",
          "Give a user another password, print it and a link, this once, and exit." },
        { "user disable", Command::UserDisable, "NAME",
          "Turn a user out, and exit; a running proxy closes the user's streams within 15 s." },
        { "user enable", Command::UserEnable, "NAME",
          "Let a user in who was turned out, and exit." },
        { "user remove", Command::UserRemove, "NAME",
          "Take a user out of the file, and exit; a running proxy closes the user's streams within "
          "15 s." },
        { "user list", Command::UserList, "", "Print the users, without their hashes, and exit." },
        { "status", Command::Status, "[--json]",
          "Ask the proxy that runs with the same settings how it is, by a Unix socket of "
          "PROXY_ADMIN, and exit: 0, or 1 when it does not answer. --json prints what the API "
          "says." },
        { "token new", Command::TokenNew, "NAME [--right RIGHT] [--until DAY]",
          "Make a token for the admin doors and print it, once. RIGHT is read (to look) or manage "
          "(to change something too), DAY the last day on which it counts, such as 2027-01-31." },
        { "token list", Command::TokenList, "",
          "Print the names of the tokens, what each may do, and until when." },
        { "token revoke", Command::TokenRevoke, "NAME",
          "Take a token away; a proxy that runs knows it within seconds." },
        { "--version", Command::Version, "",
          "Print the version, and those of the libraries in it, and exit." },
        { "-h", Command::Help, "", "" },
        { "--help", Command::Help, "", "Print this and exit." },
        { "help", Command::Help, "", "" },
        { "--print-host-presets", Command::PrintHostPresets, "", "" },
        { "--print-settings-table", Command::PrintSettingsTable, "", "" },
    };
}

} // namespace

QStringList CommandEntry::words() const
{
    return QString::fromLatin1(name).split(u' ', Qt::SkipEmptyParts);
}

int CommandEntry::operandCount() const
{
    return static_cast<int>(partsOf(operands, false).size());
}

QList<CommandFlag> CommandEntry::flags() const
{
    QList<CommandFlag> own;
    for (const QString &part : partsOf(operands, true))
        own.append({ part.section(u' ', 0, 0), part.contains(u' ') });
    return own;
}

const QList<CommandEntry> &commandTable()
{
    static const QList<CommandEntry> table = makeTable();
    return table;
}

bool isStronger(Command command, Command than)
{
    const auto place = [](Command of) {
        return std::find(strength.begin(), strength.end(), of) - strength.begin();
    };
    return place(command) < place(than);
}

} // namespace sami::config
