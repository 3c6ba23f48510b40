// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/ledger.h"

namespace sami::account {

Sink::~Sink() = default;

void Sink::closed(const FinishedWork &) {}

void Sink::refused(const Refused &) {}

void Sink::leftOut(const FinishedWork &, quint32) {}

void Sink::unserved(const Ending &) {}

void Sink::handshakeEnded(const Handshake &) {}

template <typename Tell> void Ledger::forEach(Tell tell) const
{
    for (Sink *sink : m_sinks)
        tell(*sink);
    if (Sink *joined = m_joined.load(std::memory_order_acquire))
        tell(*joined);
}

void Ledger::closed(const FinishedWork &work) const
{
    forEach([&](Sink &sink) { sink.closed(work); });
}

void Ledger::refused(const Refused &refused) const
{
    forEach([&](Sink &sink) { sink.refused(refused); });
}

void Ledger::leftOut(const FinishedWork &last, quint32 lines) const
{
    forEach([&](Sink &sink) { sink.leftOut(last, lines); });
}

void Ledger::unserved(const Ending &ending) const
{
    forEach([&](Sink &sink) { sink.unserved(ending); });
}

void Ledger::handshakeEnded(const Handshake &handshake) const
{
    forEach([&](Sink &sink) { sink.handshakeEnded(handshake); });
}

} // namespace sami::account
