// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/parenttest.h"

#include <QList>

#include <array>

namespace sami::gui {

/// A test of a server that a test plays: it dials nobody.
class FakeParentTest final : public server::ParentTest
{
public:
    void start(const Request &request) override
    {
        started.append(request);
        m_states.fill(server::ParentStepState::Open);
        m_states[0] = server::ParentStepState::Running;
    }
    void cancel() override { ++cancels; }
    [[nodiscard]] server::ParentStepState state(server::ParentStep step) const override
    {
        return m_states[size_t(step)];
    }

    /// All steps before this one are good, and it is under way.
    void reach(server::ParentStep step)
    {
        for (size_t before = 0; before < size_t(step); ++before)
            m_states[before] = server::ParentStepState::Passed;
        m_states[size_t(step)] = server::ParentStepState::Running;
        Q_EMIT progressed();
    }
    void end(const server::ParentTestOutcome &outcome)
    {
        reach(outcome.last);
        m_states[size_t(outcome.last)] =
            outcome.isGood ? server::ParentStepState::Passed : server::ParentStepState::Failed;
        Q_EMIT finished(outcome);
    }

    QList<Request> started;
    int cancels = 0;

private:
    std::array<server::ParentStepState, server::parentStepCount> m_states {};
};

} // namespace sami::gui
