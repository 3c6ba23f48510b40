// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"

#include <QList>
#include <QString>

/// Parsers from a value's text to the value, for the rows of the option table.
namespace sami::config {

/// One problem with a value. A list may have several.
struct ValueProblem
{
    QString value;   ///< the faulty part
    QString problem; ///< what is wrong, and what would be right
};

/// Whether the text is in matching quotes. A shell and compose remove them; docker's --env-file and
/// our settings file do not.
[[nodiscard]] bool isQuoted(QStringView text);
/// The problem of a quoted value. A credential may have quotes on purpose.
[[nodiscard]] QString quotesProblem();

using ValueProblems = QList<ValueProblem>;

template <typename T> using Parsed = Result<T, ValueProblems>;

/// The valid range of a number. `unit` is for the error: "milliseconds".
struct NumberRange
{
    qint64 least = 0;
    qint64 most = 0;
    const char *unit = "";
};

/// 1*DIGIT within the range: no sign, unit or blank.
[[nodiscard]] Parsed<qint64> parseNumber(const QString &text, const NumberRange &range);

/// An address to listen on, with or without brackets. "::" means both families and becomes
/// QHostAddress::Any (Qt's own "::" means only IPv6). Names are errors.
[[nodiscard]] Parsed<QHostAddress> parseListenAddress(const QString &text);
[[nodiscard]] QString formatListenAddress(const QHostAddress &address);

/// true, yes, on, 1 and their opposites, or a list of ranges.
[[nodiscard]] Parsed<policy::PrivateTargets> parsePrivateTargets(const QString &text);
[[nodiscard]] QString formatPrivateTargets(const policy::PrivateTargets &targets);

[[nodiscard]] Parsed<QList<policy::Cidr>> parseRanges(const QString &text);
[[nodiscard]] Parsed<QList<policy::ClientEntry>> parseClients(const QString &text);
[[nodiscard]] Parsed<QList<policy::BalancerEntry>> parseBalancers(const QString &text);
/// Names and presets. The error for an unknown preset suggests the nearest one.
[[nodiscard]] Parsed<QList<policy::HostEntry>> parseHosts(const QString &text);
[[nodiscard]] Parsed<QList<policy::PortRange>> parsePorts(const QString &text);

[[nodiscard]] Parsed<policy::HostsMode> parseHostsMode(const QString &text);

/// true, yes, on, 1 and their opposites.
[[nodiscard]] Parsed<bool> parseSwitch(const QString &text);
[[nodiscard]] QString formatSwitch(bool isOn);
/// Empty if not set.
[[nodiscard]] QString formatOptionalSwitch(std::optional<bool> isOn);

[[nodiscard]] Parsed<ExitFamily> parseExitFamily(const QString &text);
/// Addresses to connect from, at most one of each family. tryToBind() checks that this machine has
/// them.
[[nodiscard]] Parsed<SourceAddresses> parseSourceAddresses(const QString &text);
[[nodiscard]] QString formatSourceAddresses(const SourceAddresses &sources);

[[nodiscard]] Parsed<LogLevel> parseLogLevel(const QString &text);
[[nodiscard]] Parsed<LogFormat> parseLogFormat(const QString &text);
[[nodiscard]] Parsed<PagesFor> parsePagesFor(const QString &text);
[[nodiscard]] Parsed<TlsMode> parseTlsMode(const QString &text);
[[nodiscard]] Parsed<Backend> parseBackend(const QString &text);

/// RFC 7617 §2: no colon, no control character.
[[nodiscard]] Parsed<QString> parseUsername(const QString &text);
[[nodiscard]] Parsed<QString> parsePassword(const QString &text);

/// An absolute path. The state folder checks what is there.
[[nodiscard]] Parsed<QString> parseStateFolder(const QString &path);
/// Any path. Its reader checks what is there, since that may change.
[[nodiscard]] Parsed<QString> parsePath(const QString &path);
/// Names and addresses of this server.
[[nodiscard]] Parsed<QList<ServerName>> parseServerNames(const QString &text);

/// The path of a readable file with at least one PEM certificate. The TLS code checks the
/// certificate.
[[nodiscard]] Parsed<QString> parseCaFile(const QString &path);

/// The entries joined in the form that the parsers read.
template <typename T> [[nodiscard]] QString formatList(const QList<T> &entries)
{
    QByteArray text;
    for (const T &entry : entries) {
        if (!text.isEmpty())
            text += ',';
        text += entry.toByteArray();
    }
    return QString::fromUtf8(text);
}

} // namespace sami::config
