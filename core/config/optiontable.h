// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/optionparsers.h"
#include "config/settings.h"

#include <QList>
#include <QString>

#include <concepts>

/// The one list of options: how each is spelled and explained, and what a row can do with its part
/// of the settings. Plain data, made once and read from every thread.
namespace sami::config {

/// Settings while they are being read: the parts that only make sense together are still apart.
struct Draft
{
    Settings settings;
    QString username;
    QString password;
    QString passwordFile;
    QList<QByteArray> parentsWithoutPassword; ///< names in the list of parents
    QString parentsPasswordFile;
};

/// How much of a value may be shown.
enum class Secrecy {
    Open,
    Parents, ///< not the user names and passwords in it
    Secret,
};

/// What a row does with its part of the settings, as the static functions of a type. Those of
/// optionvalues.h make all four from one accessor.
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

/// One setting in all its spellings. The environment name is the master; the others follow:
///
///   environment  PROXY_CONNECT_TIMEOUT_MS   ALLOWED_IPS
///   INI key      connect_timeout_ms         allowed_ips      lower case without PROXY_
///   flag         --connect-timeout-ms       --allowed-ips    the key with dashes
struct Option
{
    /// The only way to make a row: a value that lacks one of the four does not compile.
    template <OptionValue Value>
    Option(const char *name, const char *sentence, const char *unset, Secrecy kept, Value)
        : environment(name), help(sentence), whenUnset(unset), secrecy(kept), parse(Value::parse),
          format(Value::format), copy(Value::copy), equals(Value::equals)
    {}

    const char *environment;
    const char *help;      ///< one sentence in Markdown's plain subset, without a full stop
    const char *whenUnset; ///< what a default of nothing means: "everyone"; empty when it has one
    Secrecy secrecy;
    /// Writes the value into the draft; on problems the draft is left alone.
    ValueProblems (*parse)(Draft &draft, const QString &text);
    /// The text that parse() takes for what these settings hold; empty for nothing. A password
    /// file is not part of the settings: its text is always empty.
    QString (*format)(const Settings &settings);
    /// Takes the value over, also one of nothing, which has no text. User name and password go
    /// together.
    void (*copy)(const Settings &from, Settings &to);
    /// Whether both hold the same. The value of a password file is the password.
    bool (*equals)(const Settings &left, const Settings &right);

    [[nodiscard]] bool isSecret() const { return secrecy == Secrecy::Secret; }
    /// A value of it as it may be shown, not escaped. Of nothing it is nothing.
    [[nodiscard]] QString shown(const QString &text) const;
    [[nodiscard]] QString environmentName() const;
    [[nodiscard]] QString iniKey() const;
    [[nodiscard]] QString flag() const; ///< with the leading "--"
};

/// Every option there is, in the order in which people are shown them.
[[nodiscard]] const QList<Option> &optionTable();

/// By any of its three spellings; null when there is none.
[[nodiscard]] const Option *findOption(const QString &spelling);

/// The options that need a word of their own.
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
