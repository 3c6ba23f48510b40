// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "route/parentreach.h"

#include <QList>

#include <functional>
#include <memory>
#include <utility>

namespace sami::test {

/// Reaches parents as and when the test says.
class ScriptedReach
{
public:
    struct Call
    {
        config::Parent parent;
        std::chrono::milliseconds limit;
        route::ReachedCallback callback; ///< null once it was called or released
    };

    [[nodiscard]] route::ParentReach function()
    {
        return [this](const config::Parent &parent, std::chrono::milliseconds limit,
                      route::ReachedCallback callback) {
            auto call = std::make_shared<Call>(Call { parent, limit, std::move(callback) });
            calls.append(call);
            return route::DialPtr(new Operation(call));
        };
    }
    /// How many are still waiting.
    [[nodiscard]] int underWay() const
    {
        int number = 0;
        for (const auto &call : calls)
            number += call->callback ? 1 : 0;
        return number;
    }
    /// Ends the oldest one that waits.
    void end(Result<route::ReachedParent, route::ParentFault> result)
    {
        for (const auto &call : calls) {
            if (const auto callback = std::exchange(call->callback, nullptr)) {
                callback(std::move(result));
                return;
            }
        }
        qFatal("nobody is being reached");
    }

    QList<std::shared_ptr<Call>> calls;

private:
    class Operation final : public route::DialOperation
    {
    public:
        explicit Operation(std::shared_ptr<Call> call) : m_call(std::move(call)) {}
        void cancel() override { m_call->callback = nullptr; }

    private:
        std::shared_ptr<Call> m_call;
    };
};

} // namespace sami::test
