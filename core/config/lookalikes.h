// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QProcessEnvironment>
#include <QString>

#include <functional>

/// Environment variables are the one source where an unknown name passes in silence: everybody's
/// variables are there. This unit finds those that were meant for this program. Pure.
namespace sami::config {

struct Option;

/// A variable that looks like a setting and is none.
///
///   kind          which                                          what is said
///   Alias         another program's name for a setting of ours,  did you mean …?
///                 or one of ours with another prefix
///   Typo          two edits or fewer from a setting              did you mean …?
///   Unknown       begins as only our settings do                 did you mean …?, if one is near
///   ServiceLink   Kubernetes' variables of a Service "proxy"     rename the Service
///   (none)        HTTP_PROXY, NO_PROXY, npm_config_proxy …, which are for clients; a variable set
///                 to nothing; another program's name while the setting that it means is set
struct Lookalike
{
    enum class Kind { Alias, Typo, Unknown, ServiceLink };

    Kind kind = Kind::Unknown;
    QString variable;              ///< as it is spelled
    const Option *meant = nullptr; ///< null when nothing is near
    /// An alias of a setting that keeps somebody out (credentials, lists) and has no value from any
    /// source: going on would mean running more open than asked.
    bool leavesOpen = false;

    /// For the log; never the variable's value.
    [[nodiscard]] QString warning() const;
};

/// In the order of their names. `isSet` says whether a setting has a value from any source.
[[nodiscard]] QList<Lookalike> findLookalikes(const QProcessEnvironment &environment,
                                              const std::function<bool(const Option &)> &isSet);

/// The setting that another program's name means, or one of ours with one prefix too many or too
/// few, in any case; null when there is none. The name of a setting is its own alias.
[[nodiscard]] const Option *aliasOf(const QString &variable);

/// The same for a flag without its dashes or a key of the settings file: "auth-user", "password".
[[nodiscard]] const Option *aliasOfKey(const QString &key);

/// Whether the value is what Kubernetes (and Docker's --link) writes into NAME_PORT for a service
/// called "name": "tcp://10.0.0.1:8080".
[[nodiscard]] bool isServiceLink(const QString &value);

/// The error for such a value in one of our variables.
[[nodiscard]] QString serviceLinkProblem();

} // namespace sami::config
