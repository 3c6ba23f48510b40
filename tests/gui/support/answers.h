// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"

#include <QCoreApplication>

#include <optional>

namespace sami::gui {

/// Delivers the queued calls, but not those that they queue. Timers and sockets need the test's own
/// event loop.
inline void tellOnce()
{
    QCoreApplication::sendPostedEvents(nullptr, QEvent::MetaCall);
}

/// Also delivers the calls that follow: an engine answers from the event loop.
inline void settle()
{
    constexpr int rounds = 8;
    for (int round = 0; round < rounds; ++round)
        tellOnce();
}

/// The answer to a change of the settings, before what follows from it is delivered.
template <typename Order> Result<void, QString> answerTo(const Order &order)
{
    std::optional<Result<void, QString>> answer;
    QObject context;
    order(&context, [&answer](const ProxyController::Outcome &outcome) { answer = outcome; });
    constexpr int rounds = 8;
    for (int round = 0; round < rounds && !answer; ++round)
        tellOnce();
    return answer.value_or(Unexpected(QStringLiteral("there was no answer")));
}

inline Result<void, QString> applied(ProxyController &controller, const config::Settings &wanted)
{
    return answerTo([&](QObject *context, const ProxyController::Answer &answer) {
        controller.apply(wanted, context, answer);
    });
}

inline Result<void, QString> takenWayOut(ProxyController &controller)
{
    const auto taken = answerTo([&](QObject *context, const ProxyController::Answer &answer) {
        controller.applyFallback(context, answer);
    });
    settle(); // it starts in there
    return taken;
}

inline void start(ProxyController &controller)
{
    controller.start();
    settle();
}

} // namespace sami::gui
