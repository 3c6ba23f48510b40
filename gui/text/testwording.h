// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/testoutcome.h"

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// Words the test of the way to a provider. Pure.
class TestWording
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::TestWording)

public:
    /// "Sign-in and the proxy's rules"
    [[nodiscard]] static QString stage(TestStage stage);
    /// "good", "failed"; empty if there is nothing to say.
    [[nodiscard]] static QString state(StageState state);
    /// A sign beside the word, so that the list can be read at a glance. It never stands alone.
    [[nodiscard]] static QString sign(StageState state);
    /// The result and what to do about it; `host` is the tested one.
    [[nodiscard]] static QString sentence(const TestOutcome &outcome, const QString &host);
    /// Whether the test was a success: the provider can be used through this proxy, though it may
    /// ask for a key or for fewer requests.
    [[nodiscard]] static bool isReached(TestVerdict verdict);
};

} // namespace sami::gui
