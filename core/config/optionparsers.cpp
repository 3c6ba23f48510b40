// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optionparsers.h"

#include "base/endpoint.h"
#include "base/regularfile.h"
#include "config/hosttext.h"
#include "config/passwordfile.h"
#include "config/suggestion.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStringList>

#include <algorithm>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

Unexpected<ValueProblems> fail(const QString &value, const QString &problem)
{
    return Unexpected<ValueProblems>({ { value, problem } });
}

template <typename T> Parsed<QList<T>> parseList(const QString &text)
{
    QList<T> entries;
    ValueProblems problems;
    for (const QString &part : text.split(u',')) {
        // "a,,b" and "a," come from concatenated variables. Skipping an empty entry admits nobody.
        const QString entry = part.trimmed();
        if (entry.isEmpty())
            continue;
        if (isQuoted(entry)) {
            problems.append({ entry, quotesProblem() });
            continue;
        }
        if (std::any_of(entry.cbegin(), entry.cend(), [](QChar c) { return c.isSpace(); })) {
            problems.append({ entry, u"has a blank in it; put a comma between two entries"_s });
            continue;
        }
        auto parsed = T::parse(entry.toUtf8());
        if (parsed)
            entries.append(std::move(parsed).value());
        else
            problems.append({ entry, parsed.error() });
    }
    // An empty list may mean "everyone", which commas alone must not cause.
    if (entries.isEmpty() && problems.isEmpty())
        problems.append({ text, u"the list has no entry; leave the setting out instead"_s });
    if (!problems.isEmpty())
        return Unexpected(problems);
    return entries;
}

/// The choice that the text names, in any case.
template <typename T> Parsed<T> parseChoice(const QString &text, std::initializer_list<T> choices)
{
    QStringList names;
    for (const T choice : choices) {
        names.append(QString::fromLatin1(toString(choice)));
        if (text.compare(names.constLast(), Qt::CaseInsensitive) == 0)
            return choice;
    }
    return fail(text, u"write %1"_s.arg(names.join(u" or "_s)));
}

bool isOneOf(const QString &text, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(), [&text](const char *word) {
        return text.compare(QLatin1StringView(word), Qt::CaseInsensitive) == 0;
    });
}

bool isTrue(const QString &text)
{
    return isOneOf(text, { "true", "yes", "on", "1" });
}

bool isFalse(const QString &text)
{
    return isOneOf(text, { "false", "no", "off", "0" });
}

/// A dotted quad, or an IPv6 address without zone and brackets.
std::optional<QHostAddress> addressLiteral(const QString &text)
{
    const auto isAddressChar = [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F')
            || c == u':' || c == u'.';
    };
    if (!std::all_of(text.cbegin(), text.cend(), isAddressChar))
        return std::nullopt;
    return Endpoint { text.toLatin1(), 0 }.literalAddress();
}

Result<QHostAddress, QString> parseSourceAddress(const QString &text)
{
    const std::optional<QHostAddress> literal = addressLiteral(text.section(u'%', 0, 0));
    if (!literal)
        return Unexpected(u"write an address of this machine like 192.0.2.7 or 2001:db8::7"_s);
    const QHostAddress address = unmapped(*literal);
    const bool isIPv6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    if (text.contains(u'%') || (isIPv6 && address.isLinkLocal())) {
        return Unexpected(
            u"a link-local address reaches nothing beyond its own link; write a global one"_s);
    }
    if (address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::AnyIPv6))
        return Unexpected(u"stands for every address; write one, or leave the setting out"_s);
    if (address.isMulticast() || address.isBroadcast())
        return Unexpected(u"nothing can be sent from such an address; write the address of a "
                          "host"_s);
    return address;
}

} // namespace

bool isQuoted(QStringView text)
{
    return text.size() >= 2 && (text.front() == u'"' || text.front() == u'\'')
        && text.front() == text.back();
}

QString quotesProblem()
{
    return u"the quotes are part of the value; leave them out"_s;
}

Parsed<qint64> parseNumber(const QString &text, const NumberRange &range)
{
    const bool isDigits =
        std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    bool fits = false;
    const qint64 value = text.toLongLong(&fits);
    if (isDigits && fits && value >= range.least && value <= range.most)
        return value;
    const QString unit = QString::fromLatin1(range.unit);
    return fail(
        text,
        u"write a whole number%1 from %2 to %3"_s.arg(unit.isEmpty() ? unit : u" of "_s + unit)
            .arg(range.least)
            .arg(range.most));
}

Parsed<QHostAddress> parseListenAddress(const QString &text)
{
    QString literal = text;
    if (literal.startsWith(u'[') && literal.endsWith(u']'))
        literal = literal.mid(1, literal.size() - 2);
    const qsizetype percent = literal.indexOf(u'%');
    const QString zone = percent < 0 ? QString() : literal.mid(percent + 1);
    if (percent >= 0)
        literal.truncate(percent);

    std::optional<QHostAddress> address = addressLiteral(literal);
    if (!address || (percent >= 0 && (zone.isEmpty() || !address->isLinkLocal()))) {
        if (isOneOf(text, { "localhost" }))
            return fail(text, u"write an address: 127.0.0.1 or ::1"_s);
        if (literal.contains(u'.') && literal.count(u':') == 1)
            return fail(text, u"write the address alone; the port has a setting of its own"_s);
        return fail(text,
                    u"write an address of this machine like 192.0.2.7, or 127.0.0.1 (this "
                    "machine only), 0.0.0.0 (every IPv4 address), :: (every address)"_s);
    }
    if (*address == QHostAddress(QHostAddress::AnyIPv6))
        return QHostAddress(QHostAddress::Any);
    if (percent >= 0)
        address->setScopeId(zone);
    return *address;
}

QString formatListenAddress(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::AnyIPProtocol ? u"::"_s : address.toString();
}

Parsed<policy::PrivateTargets> parsePrivateTargets(const QString &text)
{
    if (isTrue(text))
        return policy::PrivateTargets { true, {} };
    if (isFalse(text))
        return policy::PrivateTargets {};
    auto ranges = parseRanges(text);
    if (ranges)
        return policy::PrivateTargets { false, std::move(ranges).value() };
    if (!text.contains(u',') && !text.contains(u'.') && !text.contains(u':'))
        return fail(text, u"write true, false, or a list of ranges like 192.168.1.0/24"_s);
    return Unexpected(ranges.error());
}

QString formatPrivateTargets(const policy::PrivateTargets &targets)
{
    if (targets.all)
        return u"true"_s;
    return targets.allowed.isEmpty() ? u"false"_s : formatList(targets.allowed);
}

Parsed<QList<policy::Cidr>> parseRanges(const QString &text)
{
    return parseList<policy::Cidr>(text);
}

Parsed<QList<policy::ClientEntry>> parseClients(const QString &text)
{
    return parseList<policy::ClientEntry>(text);
}

Parsed<QList<policy::BalancerEntry>> parseBalancers(const QString &text)
{
    return parseList<policy::BalancerEntry>(text);
}

Parsed<QList<policy::HostEntry>> parseHosts(const QString &text)
{
    auto entries = parseList<policy::HostEntry>(text);
    if (entries)
        return entries;
    const QStringList words = hostPresetWords();
    ValueProblems problems = entries.error();
    for (ValueProblem &problem : problems) {
        if (!problem.value.startsWith(u'@') || problem.value.contains(u':'))
            continue;
        if (const QString meant = nearest(problem.value, words); !meant.isEmpty())
            problem.problem =
                u"no such preset; did you mean %1? There are %2"_s.arg(meant, words.join(u", "_s));
    }
    return Unexpected(problems);
}

Parsed<QList<policy::PortRange>> parsePorts(const QString &text)
{
    return parseList<policy::PortRange>(text);
}

Parsed<policy::HostsMode> parseHostsMode(const QString &text)
{
    return parseChoice(text, { policy::HostsMode::Enforce, policy::HostsMode::Report });
}

Parsed<bool> parseSwitch(const QString &text)
{
    if (isTrue(text))
        return true;
    if (isFalse(text))
        return false;
    return fail(text, u"write %1"_s.arg("true or false"_L1));
}

QString formatSwitch(bool isOn)
{
    return isOn ? u"true"_s : u"false"_s;
}

QString formatOptionalSwitch(std::optional<bool> isOn)
{
    return isOn ? formatSwitch(*isOn) : QString();
}

Parsed<ExitFamily> parseExitFamily(const QString &text)
{
    return parseChoice(text, { ExitFamily::Any, ExitFamily::IPv4, ExitFamily::IPv6 });
}

Parsed<SourceAddresses> parseSourceAddresses(const QString &text)
{
    SourceAddresses sources;
    ValueProblems problems;
    for (const QString &part : text.split(u',')) {
        const QString entry = part.trimmed();
        if (entry.isEmpty())
            continue;
        const auto address = parseSourceAddress(entry);
        if (!address) {
            problems.append({ entry, address.error() });
            continue;
        }
        const bool isIPv4 = address->protocol() == QAbstractSocket::IPv4Protocol;
        std::optional<QHostAddress> &place = isIPv4 ? sources.ipv4 : sources.ipv6;
        if (place)
            problems.append({ entry, u"is the second of its family; write at most one of each"_s });
        place = *address;
    }
    if (!sources.ipv4 && !sources.ipv6 && problems.isEmpty())
        problems.append({ text, u"the list has no entry; leave the setting out instead"_s });
    if (!problems.isEmpty())
        return Unexpected(problems);
    return sources;
}

QString formatSourceAddresses(const SourceAddresses &sources)
{
    QStringList texts;
    for (const std::optional<QHostAddress> *source : { &sources.ipv4, &sources.ipv6 }) {
        if (*source)
            texts.append((*source)->toString());
    }
    return texts.join(u',');
}

Parsed<LogLevel> parseLogLevel(const QString &text)
{
    return parseChoice(text, { LogLevel::Error, LogLevel::Info, LogLevel::Debug });
}

Parsed<LogFormat> parseLogFormat(const QString &text)
{
    return parseChoice(text, { LogFormat::Text, LogFormat::Json });
}

Parsed<PagesFor> parsePagesFor(const QString &text)
{
    return parseChoice(text, { PagesFor::All, PagesFor::Listed, PagesFor::Local });
}

Parsed<TlsMode> parseTlsMode(const QString &text)
{
    return parseChoice(text, { TlsMode::Off, TlsMode::Auto, TlsMode::Require });
}

Parsed<Backend> parseBackend(const QString &text)
{
    return parseChoice(text, { Backend::Native, Backend::Qt });
}

Parsed<QString> parseUsername(const QString &text)
{
    if (text.contains(u':'))
        return fail(text, u"a user name cannot have a colon (RFC 7617)"_s);
    if (const QString problem = credentialProblem(text); !problem.isEmpty())
        return fail(text, problem);
    return text;
}

Parsed<QString> parsePassword(const QString &text)
{
    if (const QString problem = passwordProblem(text); !problem.isEmpty())
        return fail(text, problem);
    return text;
}

Parsed<QString> parseStateFolder(const QString &path)
{
    if (!QDir::isAbsolutePath(path))
        return fail(path, u"write the whole path of a folder, from the root"_s);
    return QDir::cleanPath(path);
}

Parsed<QString> parsePath(const QString &path)
{
    return path;
}

Parsed<QList<ServerName>> parseServerNames(const QString &text)
{
    return parseList<ServerName>(text);
}

Parsed<QString> parseCaFile(const QString &path)
{
    // A system's whole CA bundle has about 200 KiB.
    constexpr qint64 maxSize = 16 << 20;

    if (QFileInfo(path).isDir())
        return fail(path, u"is a directory; name a file with PEM certificates"_s);
    QFile file(path);
    if (const auto opened = openRegularFile(file); !opened)
        return fail(path, opened.error());
    const QByteArray content = file.read(maxSize);
    if (!content.contains("-----BEGIN CERTIFICATE-----")
        || !content.contains("-----END CERTIFICATE-----"))
        return fail(path, u"has no PEM certificate (-----BEGIN CERTIFICATE-----)"_s);
    return path;
}

} // namespace sami::config
