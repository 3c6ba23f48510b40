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

/// Identifies the caller by its token, and limits guessing. Owned by the admin server's house, in
/// its thread. Reading the file blocks that thread and no other.
///
///     Authorization                             the address is free         it is blocked
///     none, or a scheme other than Bearer       Missing                     Missing
///     more than one field                       Wrong, and counts           Blocked
///     a token that is valid today               Accepted                    Accepted
///     anything else                             Wrong, and counts           Blocked
///
/// The block keeps guesses out of the log; it guards no token, since each has 256 bits. Repeating
/// the same wrong token is not another guess (policy::BruteForceGuard).
class TokenDesk
{
public:
    /// How many wrong tokens block an address, and how long they count. The block lasts twice as
    /// long.
    static constexpr int maxGuesses = 10;
    static constexpr std::chrono::seconds guessWindow { 60 };
    /// An unknown token makes us read the file early, because a new token is often used at once;
    /// but at most this often.
    static constexpr std::chrono::seconds lookInterval { 1 };

    enum class Outcome { Accepted, Missing, Wrong, Blocked };
    struct Verdict
    {
        Outcome outcome = Outcome::Missing;
        std::optional<Token> token;         ///< for Accepted
        std::chrono::seconds retryAfter {}; ///< for Blocked
        bool beganBlock = false;            ///< for Wrong: this attempt began the block
    };

    explicit TokenDesk(QString path);

    /// Reads the file again. A bad file changes nothing; the error is for the log, and is returned
    /// once until it changes.
    [[nodiscard]] std::optional<QString> refresh();
    [[nodiscard]] Verdict check(const http::HeaderList &fields, const QHostAddress &client,
                                const QDate &today, TimePoint now);
    /// Whether a token that was accepted earlier is still valid.
    [[nodiscard]] bool stillHolds(const Token &token, const QDate &today) const;
    [[nodiscard]] bool isEmpty() const { return m_list.all().isEmpty(); }
    /// From the next read on, reads this file. Until it can be read, the tokens stay as they were.
    void setPath(const QString &path);

private:
    [[nodiscard]] const Token *find(QByteArrayView text, const QDate &today, TimePoint now);

    QString m_path;
    TokenList m_list;
    std::optional<TimePoint> m_lookedAt; ///< for the early reads
    QString m_said;
    policy::BruteForceGuard m_guard;
};

} // namespace sami::admin
