// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/tokens.h"
#include "base/clock.h"
#include "http/headerlist.h"
#include "policy/bruteforceguard.h"

#include <QByteArray>
#include <QDate>
#include <QHostAddress>
#include <QString>

#include <chrono>
#include <optional>

namespace sami::admin {

/// Whose request it is, by the token that it shows; and a bound on guessing. Belongs to the admin
/// server's house, in its thread. Reading the file blocks that thread and nobody else.
///
///     Authorization                             the address is free         it is blocked
///     none, or another scheme than Bearer       Missing                     Missing
///     more than one field                       Wrong                       Blocked
///     a token that counts today                 Accepted                    Accepted if it was
///                                                                           before from there,
///                                                                           otherwise Blocked
///     anything else                             Wrong, and counts           Blocked
///
/// The same wrong one again is no other guess (policy::BruteForceGuard).
class TokenDesk
{
public:
    /// Wrong tokens of one address before it is blocked, and for how long they count. The block
    /// lasts twice as long.
    static constexpr int maxGuesses = 10;
    static constexpr std::chrono::seconds guessWindow { 60 };
    /// Whoever has just made a token uses it at once: for one that is not known the file is read
    /// out of turn, this often at most.
    static constexpr std::chrono::seconds lookInterval { 1 };

    enum class Outcome { Accepted, Missing, Wrong, Blocked };
    struct Verdict
    {
        Outcome outcome = Outcome::Missing;
        std::optional<Token> token;         ///< of Accepted
        std::chrono::seconds retryAfter {}; ///< of Blocked
        bool beganBlock = false;            ///< of Wrong: the last one that was let try
    };

    explicit TokenDesk(QString path);

    /// Reads the file again. A bad one changes nothing; the error is for the log, and told once
    /// until it is another.
    [[nodiscard]] std::optional<QString> refresh();
    [[nodiscard]] Verdict check(const http::HeaderList &fields, const QHostAddress &client,
                                const QDate &today, TimePoint now);
    /// Whether a token that was accepted once still counts.
    [[nodiscard]] bool stillHolds(const Token &token, const QDate &today) const;
    [[nodiscard]] bool isEmpty() const { return m_list.all().isEmpty(); }
    void setPath(const QString &path);

private:
    [[nodiscard]] const Token *find(QByteArrayView text, const QDate &today, TimePoint now);

    QString m_path;
    TokenList m_list;
    std::optional<TimePoint> m_lookedAt; ///< out of turn
    QString m_said;
    policy::BruteForceGuard m_guard;
};

} // namespace sami::admin
