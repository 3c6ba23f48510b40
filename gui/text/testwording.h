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
    /// "Signing in"
    [[nodiscard]] static QString stage(TestStage stage);
    /// "done", "failed"; empty if there is nothing to say.
    [[nodiscard]] static QString state(StageState state);
    /// The result and what to do; `host` is the host under test.
    [[nodiscard]] static QString sentence(const TestOutcome &outcome, const QString &host);
    /// Whether the provider was reached: it answered, whatever the answer.
    [[nodiscard]] static bool isReached(TestVerdict verdict);
};

} // namespace sami::gui
