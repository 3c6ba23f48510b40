// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "fakewire.h"

#include <QByteArrayView>
#include <QList>

#include <vector>

namespace sami::fuzzing {

/// Which octets of a script arrive in pieces; the rest of a line arrives at once.
enum class Cutting { None, Client, Both };

/// What is left of one session when it is over.
struct SessionRecord
{
    WirePtr client;
    std::vector<WirePtr> upstreams; ///< in the order in which they were dialled
    struct Write
    {
        std::size_t upstream;
        qsizetype size;
        qsizetype request; ///< which of the client's was current
    };
    std::vector<Write> writes; ///< the proxy's to its upstreams
    QList<account::FinishedWork> finished;
    bool wasEverBlocked = false; ///< a leg took nothing for a while
    bool wasApplied = false;     ///< settings changed under way
};

/// Runs one session by a script, to its end:
///
///   sizes LF options { LF "%" order octets }
///
///   order                                   option
///   c  the client sends the octets          a  credentials are asked for (user:pa:ss)
///   C  the client's FIN                     x  the proxy is full
///   R  the client's RST                     y  the client's address is
///   b  the client takes nothing … B         q  names resolve to a private address
///   u  the newest upstream sends            h  this client is listed nowhere
///   U  its FIN        V  its RST
///   p  upstreams take nothing … P
///   d  the next dials fail by that digit, without one they succeed
///   w  the next dial waits … W
///   T  the next timer expires
///   D  the proxy drains
///   X  the session is cut, Z by an operator
///   A  new settings: credentials are asked for or no more
///
/// At the end everybody hangs up and all timers expire; a session that is not over then has failed.
[[nodiscard]] SessionRecord runSession(QByteArrayView script, Cutting cutting);

inline constexpr QByteArrayView sessionPseudonym = "sami-00000000";

} // namespace sami::fuzzing
