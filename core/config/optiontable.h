// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/optionparsers.h"
#include "config/settings.h"

#include <QList>
#include <QString>

#include <concepts>

/// The one list of options: the spellings and the description of each, and the functions on its
/// part of the settings. Plain data, made once; any thread.
namespace sami::config {

/// Settings while they are read: parts that form one value are still separate.
struct Draft
{
    Settings settings;
    QString username;
    QString password;
    QString passwordFile;
    QList<QByteArray> parentsWithoutPassword; ///< names of parents in the list
    QString parentsPasswordFile;
};

/// How much of a value may be shown.
enum class Secrecy {
    Open,
    Parents, ///< all but the user names and passwords in it
    Secret,
};

/// Functions of a row on its part of the settings, as static functions of a type. The types in
/// optionvalues.h derive all four from one accessor.
template <typename Value>
concept OptionValue = requires(Draft &draft, const QString &text, const Settings &from,
                               Settings &to)
{
    {
        Value::parse(draft, text)
        } -> std::same_as<ValueProblems>;
    {
        Value::format(from)
        } -> std::same_as<QString>;
    {
        Value::copy(from, to)
        } -> std::same_as<void>;
    {
        Value::equals(from, to)
        } -> std::same_as<bool>;
};

/// One setting in all its spellings. The environment name is given; the others follow from it:
///
///   environment  PROXY_CONNECT_TIMEOUT_MS   ALLOWED_IPS
///   INI key      connect_timeout_ms         allowed_ips      lower case without PROXY_
///   flag         --connect-timeout-ms       --allowed-ips    the key with dashes
struct Option
{
    /// The only constructor: a value that lacks one of the four functions does not compile.
    template <OptionValue Value>
    Option(const char *name, const char *sentence, const char *unset, Secrecy kept, Value)
        : environment(name), help(sentence), whenUnset(unset), secrecy(kept), parse(Value::parse),
          format(Value::format), copy(Value::copy), equals(Value::equals)
    {}

    const char *environment;
    const char *help;      ///< one sentence of plain Markdown, without a full stop
    const char *whenUnset; ///< meaning of an empty default, "everyone"; or empty
    Secrecy secrecy;
    /// Writes the value into the draft; leaves the draft unchanged if there are problems.
    ValueProblems (*parse)(Draft &draft, const QString &text);
    /// The text from which parse() makes the present value; empty if there is none. Always empty
    /// for a password file, which is not part of the settings.
    QString (*format)(const Settings &settings);
    /// Copies the value, even an empty one, which has no text. Copies user name and password
    /// together.
    void (*copy)(const Settings &from, Settings &to);
    /// Whether both hold the same value. The value of a password file is the password.
    bool (*equals)(const Settings &left, const Settings &right);

    [[nodiscard]] bool isSecret() const { return secrecy == Secrecy::Secret; }
    /// The text of a value as it may be shown, not escaped; empty for an empty text.
    [[nodiscard]] QString shown(const QString &text) const;
    [[nodiscard]] QString environmentName() const;
    [[nodiscard]] QString iniKey() const;
    [[nodiscard]] QString flag() const; ///< with the leading "--"
};

/// All options, in display order.
[[nodiscard]] const QList<Option> &optionTable();

/// Finds an option by any of its three spellings; null if there is none.
[[nodiscard]] const Option *findOption(const QString &spelling);

/// The options that need special treatment.
inline constexpr const char *passwordOption = "PROXY_AUTH_PASSWORD";
inline constexpr const char *passwordFileOption = "PROXY_AUTH_PASSWORD_FILE";
inline constexpr const char *usersFileOption = "PROXY_USERS_FILE";
inline constexpr const char *usernameOption = "PROXY_AUTH_USERNAME";
inline constexpr const char *sourceAddressOption = "PROXY_SOURCE_ADDRESS";
inline constexpr const char *tlsOption = "PROXY_TLS";
inline constexpr const char *stateFolderOption = "PROXY_STATE_DIR";
inline constexpr const char *certificateFileOption = "PROXY_TLS_CERT_FILE";
inline constexpr const char *keyFileOption = "PROXY_TLS_KEY_FILE";
inline constexpr const char *parentsOption = "PROXY_PARENTS";
inline constexpr const char *parentsPasswordFileOption = "PROXY_PARENTS_PASSWORD_FILE";
inline constexpr const char *adminOption = "PROXY_ADMIN";
inline constexpr const char *adminTokensOption = "PROXY_ADMIN_TOKENS_FILE";
inline constexpr const char *adminHostsOption = "PROXY_ADMIN_HOSTS";
inline constexpr const char *metricsOption = "PROXY_METRICS";

} // namespace sami::config
