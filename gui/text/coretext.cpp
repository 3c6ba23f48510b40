// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/coretext.h"

#include "config/optiontable.h"
#include "gui/text/fieldnames.h"

#include <QHash>
#include <QList>
#include <QRegularExpression>

#include <array>
#include <optional>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr char anything[] = "(.*)";
/// A choice among words: else "write %1" would begin to translate sentences that it does not know.
constexpr char choices[] = "(\\w+(?: or \\w+)+)";

struct Sentence
{
    const char *text;
    const char *part = anything; ///< what a placeholder may stand for
};

constexpr std::array sentences {
    // config/sourceaddress.cpp
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "not an address of this machine; write one that it has, or leave the setting out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "no connection can be made from it: %1") },
    // config/optionparsers.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the list has no entry; leave the setting out instead") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the quotes are taken for a part of the value; leave them out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write %1"), choices },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write a whole number%1 from %2 to %3") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of milliseconds") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of seconds") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of attempts") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of connections") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of bytes") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of threads") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write an address: 127.0.0.1 or ::1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write the address alone; the port has a setting of its own") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "write an address of this machine like 192.0.2.7, or 127.0.0.1 (this "
                          "machine only), 0.0.0.0 (every IPv4 address), :: (every address)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write true, false, or a list of ranges like 192.168.1.0/24") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "a user name cannot have a colon (RFC 7617)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is a directory; name a file with PEM certificates") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "cannot be read: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has no PEM certificate (-----BEGIN CERTIFICATE-----)") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "no such preset; did you mean %1? There are %2") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText", "write an address of this machine like 192.0.2.7 or 2001:db8::7") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "a link-local address reaches nothing beyond its own link; write a global one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "stands for every address; write one, or leave the setting out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "nothing can be sent from such an address; write one of a host") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is the second of its family; write one of each at most") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write the whole path of a folder, from the root") },
    // config/servername.cpp
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "write a name like proxy.example.com, or an address like 192.0.2.7 or 2001:db8::7") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "an address with a zone means something on this machine alone") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "nobody can reach a server at such an address; write one of a host") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write each name; a wildcard is for certificates of your own") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "write the name in its ASCII form (xn--…)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write the name alone, without a scheme or a port") },
    // config/passwordfile.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is a directory, not a file") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is over 64 KiB; that is no password") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is empty") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "begins with a byte order mark; save it as UTF-8 without one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is not UTF-8") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "holds no password: %1") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "it has a line break (does it come from a file with Windows line ends?)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "it has a control character, which RFC 7617 does not allow") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "it is not UTF-8") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "it is a pair of quotes with nothing in it; leave the setting out instead") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "it names a variable, and nothing has put its value there (docker "
                                 "run --env-file does not)") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "it is a placeholder, which everyone knows; choose a password of your "
                          "own, such as openssl rand -hex 24 prints") },
    // config/settingswriter.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "a value has no line breaks") },
    // policy/cidr.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "an address or a range is missing") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a zone (%…) has no meaning in a list; leave it out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write the address without brackets") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "not an address (like 192.0.2.7 or 2001:db8::1) or a range (like "
                                 "192.0.2.0/24)") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "write an IPv4-mapped address as IPv4: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the prefix length must be 0 to %1") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "the address has bits set behind the prefix; write %1 for the network or "
                          "%2 for the one address") },
    // policy/accessrules.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the only word that may stand here is private; everything else is "
                                 "an address or a range") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the host name is missing") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "\"*\" may only stand in front, as in *.example.com") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write an international name as punycode (xn--…)") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "write the host alone, without a scheme, a path or a prefix length") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a host name has only letters, digits, \"-\", \"_\" and \".\"") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "not a host name") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "not an IPv4 address: write four decimal numbers, as in 192.0.2.7") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the closing \"]\" of the IPv6 address is missing") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "only a port may follow the \"]\"") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "brackets are for IPv6 addresses only") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write the host alone, without a scheme") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the port must be 1 to 65535") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "\"*\" alone would allow every host; leave the list empty for that, or "
                          "write *.example.com") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "\"*.\" goes before a name, not before an address") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "not an IPv6 address") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a preset takes no port; ALLOWED_PORTS says which ports") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "no such preset; there are %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write a port from 1 to 65535, or a range like 1024-65535") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the range is reversed; write %1-%2") },
    // server/listener.cpp
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "%1 is in use by another program: stop that program or choose another "
                          "PROXY_PORT") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "%1 is no address of this machine: set PROXY_ADDRESS to one of its own, "
                          "0.0.0.0 for all, or 127.0.0.1 for this machine alone") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "%1 may not be opened by this user: choose a PROXY_PORT over 1023 or "
                          "give the program the right to bind low ports") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "cannot listen on %1: %2") },
    // server/machinenetworks.cpp
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "cannot read this machine's own addresses, which nobody may reach "
                          "through the proxy: %1. It takes a free descriptor, and on Linux the "
                          "right to open a netlink socket") },
    // config/inifile.cpp
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "there are no sections; remove this line") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "not \"key = value\" and not a comment (# …)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a key has only letters, digits, \"_\", \"-\" and \".\"") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the value is not UTF-8; save the file as UTF-8") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "a NUL in the value") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "a carriage return inside the line; save the file with LF or CRLF line ends") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "%1 stands here and on line %2 already; keep one of them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is a directory, not a settings file") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "is over 1 MiB; that is no settings file") },
    // config/settingsloader.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "unknown key") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "unknown key; did you mean %1?") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the password itself is set too (%1); keep one of the two") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "a user name without a password; set %1 or %2 too, or none of them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a password without a user name; set %1 too, or none of them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a certificate without its key; set %1 too, or none of them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a key without its certificate; set %1 too, or none of them") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "there is no certificate to show; set %1, where the proxy makes one, or %2 and %3") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "clients can speak TLS with the proxy on Linux only") },
    // gui/control/settingsstore.cpp
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "cannot be set aside: make its folder writable, or name another file with --config") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is a link to a file that is not there") },
    // gui/control/settingssalvage.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is UTF-16; save it as UTF-8") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "does not count while a rule about who may come in may be missing") },
};

const QRegularExpression &placeholder()
{
    static const QRegularExpression expression(u"%([1-9])"_s);
    return expression;
}

struct Matcher
{
    const char *text = nullptr;
    QRegularExpression expression;
    QString numbers; ///< of the placeholders, in their order
};

Matcher makeMatcher(const Sentence &sentence)
{
    const QString text = QString::fromUtf8(sentence.text);
    Matcher matcher;
    matcher.text = sentence.text;
    QString pattern;
    qsizetype done = 0;
    for (auto found = placeholder().globalMatch(text); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        pattern += QRegularExpression::escape(text.sliced(done, match.capturedStart() - done))
            + QLatin1StringView(sentence.part);
        matcher.numbers += match.captured(1);
        done = match.capturedEnd();
    }
    pattern += QRegularExpression::escape(text.sliced(done));
    matcher.expression.setPattern(QRegularExpression::anchoredPattern(pattern));
    return matcher;
}

QList<Matcher> makeMatchers()
{
    QList<Matcher> matchers;
    for (const Sentence &sentence : sentences)
        matchers.append(makeMatcher(sentence));
    return matchers;
}

const QList<Matcher> &allMatchers()
{
    static const QList<Matcher> matchers = makeMatchers();
    return matchers;
}

std::optional<QString> known(const QString &sentence)
{
    for (const Matcher &matcher : allMatchers()) {
        const QRegularExpressionMatch match = matcher.expression.match(sentence);
        if (!match.hasMatch())
            continue;
        QHash<QString, QString> parts;
        for (qsizetype i = 0; i < matcher.numbers.size(); ++i) {
            const QString part = match.captured(int(i) + 1);
            const bool isName = config::findOption(part);
            parts.insert(matcher.numbers.sliced(i, 1),
                         isName ? FieldNames::replacedIn(part) : known(part).value_or(part));
        }
        // Before the parts are put in: they are quoted, not said.
        const QString translated = FieldNames::replacedIn(CoreText::tr(matcher.text));
        // In one pass: a part may itself have a percent sign.
        QString text;
        qsizetype done = 0;
        for (auto found = placeholder().globalMatch(translated); found.hasNext();) {
            const QRegularExpressionMatch place = found.next();
            text += translated.sliced(done, place.capturedStart() - done)
                + parts.value(place.captured(1));
            done = place.capturedEnd();
        }
        return text + translated.sliced(done);
    }
    return std::nullopt;
}

constexpr auto separator = ": "_L1;

/// What stands before the sentence stays.
QString localizedEnd(const QString &line)
{
    for (qsizetype colon = line.indexOf(separator); colon >= 0;
         colon = line.indexOf(separator, colon + 1)) {
        const qsizetype begin = colon + separator.size();
        if (const auto rest = known(line.sliced(begin)))
            return line.first(begin) + *rest;
    }
    return line;
}

QString localizedLine(const QString &line)
{
    if (const auto whole = known(line))
        return *whole;
    // A key of the settings file is a field here; a variable of the environment is none.
    const QString first = line.left(line.indexOf(separator));
    const config::Option *option = config::findOption(first);
    if (option && option->iniKey() == first)
        return FieldNames::replacedIn(option->environmentName())
            + localizedEnd(line.sliced(first.size()));
    return localizedEnd(line);
}

} // namespace

QString CoreText::localized(const QString &text)
{
    QStringList lines = text.split(u'\n');
    for (QString &line : lines)
        line = localizedLine(line);
    return lines.join(u'\n');
}

QString CoreText::templateOf(const QString &sentence)
{
    for (const Matcher &matcher : allMatchers()) {
        if (matcher.expression.match(sentence).hasMatch())
            return QString::fromUtf8(matcher.text);
    }
    return {};
}

QStringList CoreText::templates()
{
    QStringList all;
    for (const Sentence &sentence : sentences)
        all.append(QString::fromUtf8(sentence.text));
    return all;
}

} // namespace sami::gui
