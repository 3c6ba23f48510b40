// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"

#include <QList>
#include <QString>

/// From the text of one value to the value. The rows of the option table are made of these.
namespace sami::config {

/// One thing that is wrong with a value. A list may have several.
struct ValueProblem
{
    QString value;   ///< the part at fault
    QString problem; ///< what would be right
};

/// Whether the text stands in matching quotes. A shell and compose take them off; docker's
/// --env-file and our settings file do not.
[[nodiscard]] bool isQuoted(QStringView text);
/// What is wrong with such a value; a credential may be meant so.
[[nodiscard]] QString quotesProblem();

using ValueProblems = QList<ValueProblem>;

template <typename T> using Parsed = Result<T, ValueProblems>;

/// What a number may be; `unit` is for the sentence: "milliseconds".
struct NumberRange
{
    qint64 least = 0;
    qint64 most = 0;
    const char *unit = "";
};

/// 1*DIGIT within the range: no sign, no unit, no blank.
[[nodiscard]] Parsed<qint64> parseNumber(const QString &text, const NumberRange &range);

/// An address to listen on, with or without brackets. "::" means both families and becomes
/// QHostAddress::Any (Qt's own "::" is IPv6 alone). Names are errors.
[[nodiscard]] Parsed<QHostAddress> parseListenAddress(const QString &text);
[[nodiscard]] QString formatListenAddress(const QHostAddress &address);

/// true, yes, on, 1 and their opposites, or a list of ranges.
[[nodiscard]] Parsed<policy::PrivateTargets> parsePrivateTargets(const QString &text);
[[nodiscard]] QString formatPrivateTargets(const policy::PrivateTargets &targets);

[[nodiscard]] Parsed<QList<policy::Cidr>> parseRanges(const QString &text);
[[nodiscard]] Parsed<QList<policy::ClientEntry>> parseClients(const QString &text);
[[nodiscard]] Parsed<QList<policy::BalancerEntry>> parseBalancers(const QString &text);
/// Names and presets. A word that is no preset is answered with the nearest one, if one is near.
[[nodiscard]] Parsed<QList<policy::HostEntry>> parseHosts(const QString &text);
[[nodiscard]] Parsed<QList<policy::PortRange>> parsePorts(const QString &text);

[[nodiscard]] Parsed<policy::HostsMode> parseHostsMode(const QString &text);

/// true, yes, on, 1 and their opposites.
[[nodiscard]] Parsed<bool> parseSwitch(const QString &text);
[[nodiscard]] QString formatSwitch(bool isOn);
/// Empty for nothing.
[[nodiscard]] QString formatOptionalSwitch(std::optional<bool> isOn);

[[nodiscard]] Parsed<ExitFamily> parseExitFamily(const QString &text);
/// Addresses to connect from, one of each family at most. Whether this machine has them is for
/// tryToBind() to say.
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

/// An absolute path. What is there is for the state folder to say.
[[nodiscard]] Parsed<QString> parseStateFolder(const QString &path);
/// Any path: what is there may change, so that whoever reads it judges it.
[[nodiscard]] Parsed<QString> parsePath(const QString &path);
/// Names and addresses of this server.
[[nodiscard]] Parsed<QList<ServerName>> parseServerNames(const QString &text);

/// The path of a readable file with at least one PEM certificate in it. Whether it is a good one
/// is for the TLS code to say.
[[nodiscard]] Parsed<QString> parseCaFile(const QString &path);

/// The entries joined as the parsers read them.
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
