// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a script of one session, see sessionrun.h.
#include "fuzzing.h"
#include "sessionjudge.h"

namespace {

/// Whether timers or shutting down are part of the script: they fall into another moment when
/// octets come in pieces.
bool isTimed(QByteArrayView script)
{
    for (const char *order : { "\n%T", "\n%D", "\n%X", "\n%Z", "\n%w" }) {
        if (script.contains(order))
            return true;
    }
    return false;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace sami::fuzzing;
    const QByteArrayView script = viewOf(data, size);
    const SessionRecord whole = runSession(script, Cutting::None);
    SessionJudge judge(whole);
    judge.judge();

    const SessionRecord clientInPieces = runSession(script, Cutting::Client);
    SessionJudge second(clientInPieces);
    second.judge();
    if (!isTimed(script) && !judge.dependsOnTiming() && !second.dependsOnTiming())
        require(judge.summary() == second.summary(),
                "a session goes the same way however the client's octets are cut");

    // Octets after a response are its surplus or the next one, depending on when they come, so only
    // the invariants hold here.
    const SessionRecord inPieces = runSession(script, Cutting::Both);
    SessionJudge(inPieces).judge();
    return 0;
}
