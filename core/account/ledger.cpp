// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/ledger.h"

namespace sami::account {

Sink::~Sink() = default;

void Sink::closed(const FinishedWork &) {}

void Sink::refused(const Refused &) {}

void Sink::leftOut(const FinishedWork &, quint32) {}

void Ledger::closed(const FinishedWork &work) const
{
    for (Sink *sink : m_sinks)
        sink->closed(work);
}

void Ledger::refused(const Refused &refused) const
{
    for (Sink *sink : m_sinks)
        sink->refused(refused);
}

void Ledger::leftOut(const FinishedWork &last, quint32 lines) const
{
    for (Sink *sink : m_sinks)
        sink->leftOut(last, lines);
}

} // namespace sami::account
