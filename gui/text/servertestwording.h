// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"
#include "server/parenttest.h"

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// Words the test of a parent server. Pure.
class ServerTestWording
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::ServerTestWording)

public:
    /// A step with its sign and its state: "✓  Connection to the server (TCP): good".
    [[nodiscard]] static QString line(server::ParentStep step, server::ParentStepState state,
                                      const config::Parent &server);
    /// The result and what to do about it; `provider` is the host that was tried through the
    /// server.
    [[nodiscard]] static QString sentence(const server::ParentTestOutcome &outcome,
                                          const config::Parent &server, const QString &provider);

private:
    [[nodiscard]] static QString step(server::ParentStep step, const config::Parent &server);
    [[nodiscard]] static QString answer(int status, const QString &provider);
    [[nodiscard]] static QString failure(const server::ParentTestOutcome &outcome,
                                         const config::Parent &server, const QString &provider);
};

} // namespace sami::gui
