// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/optionparsers.h"
#include "config/optiontable.h"
#include "config/parentlist.h"
#include "config/settings.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

/// Building blocks for the rows of the option table: the value's place in the settings, and a codec
/// that reads, prints and compares values of its kind. Stateless types for optiontable.cpp; any
/// thread.
namespace sami::config {

/// For the many kinds of value whose operator== suffices.
struct ComparedByValue
{
    template <typename T> [[nodiscard]] static bool equals(const T &left, const T &right)
    {
        return left == right;
    }
};

/// A whole number, or a duration in its own unit.
template <const NumberRange &Range> struct Number : ComparedByValue
{
    static Parsed<qint64> parse(const QString &text) { return parseNumber(text, Range); }
    static QString format(std::integral auto number) { return QString::number(number); }
    template <typename Rep, typename Period>
    static QString format(const std::chrono::duration<Rep, Period> &duration)
    {
        return QString::number(duration.count());
    }
};

/// An enumerator, printed by its toString().
template <auto Parse> struct Word : ComparedByValue
{
    static auto parse(const QString &text) { return Parse(text); }
    template <typename Enum> static QString format(Enum value)
    {
        return QString::fromLatin1(toString(value));
    }
};

/// Entries separated by commas.
template <auto Parse> struct List : ComparedByValue
{
    static auto parse(const QString &text) { return Parse(text); }
    template <typename Entries> static QString format(const Entries &entries)
    {
        return formatList(entries);
    }
};

/// A value with its own parser and printer.
template <auto Parse, auto Format> struct Text : ComparedByValue
{
    static auto parse(const QString &text) { return Parse(text); }
    template <typename T> static QString format(const T &value) { return Format(value); }
};

struct ListenAddress : Text<parseListenAddress, formatListenAddress>
{
    static bool equals(const QHostAddress &left, const QHostAddress &right)
    {
        // QHostAddress ignores the zone, but fe80::1%eth0 and fe80::1%eth1 are different addresses.
        return left == right && left.scopeId() == right.scopeId();
    }
};

/// Printer for a value that is already text.
[[nodiscard]] inline QString asItStands(const QString &text)
{
    return text;
}

/// A row whose value is one member of the settings, given by a path of members: &Settings::listen,
/// &ListenSettings::port.
template <typename Codec, auto... Members> struct Field
{
    static ValueProblems parse(Draft &draft, const QString &text)
    {
        auto parsed = Codec::parse(text);
        if (!parsed)
            return std::move(parsed).error();
        auto &value = in(draft.settings);
        value = static_cast<std::remove_reference_t<decltype(value)>>(std::move(parsed).value());
        return {};
    }
    static QString format(const Settings &settings) { return Codec::format(in(settings)); }
    static void copy(const Settings &from, Settings &to) { in(to) = in(from); }
    static bool equals(const Settings &left, const Settings &right)
    {
        return Codec::equals(in(left), in(right));
    }

private:
    template <typename AnySettings> static auto &in(AnySettings &settings)
    {
        return (settings.*....*Members); // fold: settings.*first.*second
    }
};

/// Three rows give parts of one value, the credentials. The draft keeps the parts until the loader
/// joins them. copy() takes both, because half of them is useless.
template <auto Parse, QString Draft::*Given, QByteArray policy::Credentials::*Part>
struct CredentialPart
{
    static ValueProblems parse(Draft &draft, const QString &text)
    {
        auto parsed = Parse(text);
        if (!parsed)
            return std::move(parsed).error();
        draft.*Given = std::move(parsed).value();
        return {};
    }
    static QString format(const Settings &settings)
    {
        return QString::fromUtf8(in(settings).value_or(QByteArray()));
    }
    static void copy(const Settings &from, Settings &to)
    {
        to.access.credentials = from.access.credentials;
    }
    static bool equals(const Settings &left, const Settings &right)
    {
        return in(left) == in(right);
    }

private:
    static std::optional<QByteArray> in(const Settings &settings)
    {
        if (!settings.access.credentials)
            return std::nullopt;
        return (*settings.access.credentials).*Part;
    }
};

using Username = CredentialPart<parseUsername, &Draft::username, &policy::Credentials::username>;
using Password = CredentialPart<parsePassword, &Draft::password, &policy::Credentials::password>;

/// Another source of the password. The settings hold the file's content, not its name.
struct PasswordFile : Password
{
    static ValueProblems parse(Draft &draft, const QString &text)
    {
        draft.passwordFile = text;
        return {};
    }
    static QString format(const Settings &) { return {}; }
};

/// Two rows give parts of one value, the list of parents. The loader joins them, as with the
/// credentials.
struct ParentsPart
{
    static void copy(const Settings &from, Settings &to)
    {
        to.upstream.parents.list = from.upstream.parents.list;
    }
    static bool equals(const Settings &left, const Settings &right)
    {
        return left.upstream.parents.list == right.upstream.parents.list;
    }
};

struct Parents : ParentsPart
{
    static ValueProblems parse(Draft &draft, const QString &text)
    {
        auto parsed = parseParents(text);
        if (!parsed)
            return std::move(parsed).error();
        draft.settings.upstream.parents.list = std::move(parsed->parents);
        draft.parentsWithoutPassword = std::move(parsed->lackPassword);
        return {};
    }
    static QString format(const Settings &settings)
    {
        return formatParents(settings.upstream.parents.list);
    }
};

/// The settings hold the file's content, not its name.
struct ParentsPasswordFile : ParentsPart
{
    static ValueProblems parse(Draft &draft, const QString &text)
    {
        draft.parentsPasswordFile = text;
        return {};
    }
    static QString format(const Settings &) { return {}; }
};

} // namespace sami::config
