// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QProcessEnvironment>
#include <QString>

#include <functional>

/// An unknown name in any other source of settings is an error, but the environment also holds
/// everybody else's variables. This unit finds those that were meant for this program. Pure.
namespace sami::config {

struct Option;

/// A variable that looks like a setting but is not one.
///
///   kind          which                                          warning
///   Alias         another program's name for one of our          did you mean …?
///                 settings, or ours with another prefix
///   Typo          at most two edits from a setting               did you mean …?
///   Unknown       begins as only our settings do                 did you mean …?, if one is near
///   ServiceLink   Kubernetes' variables of a Service "proxy"     rename the Service
///   (none)        HTTP_PROXY, NO_PROXY, npm_config_proxy …, which are for clients; an empty
///                 variable; another program's name for a setting that is set
struct Lookalike
{
    enum class Kind { Alias, Typo, Unknown, ServiceLink };

    Kind kind = Kind::Unknown;
    QString variable;              ///< as spelled
    const Option *meant = nullptr; ///< null if none is near
    /// Whether it is an alias of a restricting setting (credentials, lists) that has no value from
    /// any source: the proxy would be more open than intended.
    bool leavesOpen = false;

    /// For the log. Never contains the variable's value.
    [[nodiscard]] QString warning() const;
};

/// Sorted by name. `isSet` tells whether a setting has a value from any source.
[[nodiscard]] QList<Lookalike> findLookalikes(const QProcessEnvironment &environment,
                                              const std::function<bool(const Option &)> &isSet);

/// The setting meant by another program's name, or by one of our names with a missing or
/// superfluous prefix, in any case. Null if there is none. A setting's own name counts too.
[[nodiscard]] const Option *aliasOf(const QString &variable);

/// The same for a flag without its dashes, or a key of the settings file: "auth-user", "password".
[[nodiscard]] const Option *aliasOfKey(const QString &key);

/// Whether the value is one that Kubernetes (or Docker's --link) sets as NAME_PORT for a service
/// called "name": "tcp://10.0.0.1:8080".
[[nodiscard]] bool isServiceLink(const QString &value);

/// The error for such a value in one of our variables.
[[nodiscard]] QString serviceLinkProblem();

} // namespace sami::config
