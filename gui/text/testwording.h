// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/testoutcome.h"

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// The test of the way to a provider, in words. Pure.
class TestWording
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::TestWording)

public:
    /// "Signing in"
    [[nodiscard]] static QString stage(TestStage stage);
    /// "done", "failed"; empty while nothing is to be said.
    [[nodiscard]] static QString state(StageState state);
    /// A sign beside the word, so that the list is read at a glance; never alone.
    [[nodiscard]] static QString sign(StageState state);
    /// What came of it and what to do; `host` is the one that was to be reached.
    [[nodiscard]] static QString sentence(const TestOutcome &outcome, const QString &host);
    /// Whether the provider was reached: its answer came, whatever it says.
    [[nodiscard]] static bool isReached(TestVerdict verdict);
};

} // namespace sami::gui
