// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"
#include "server/parenttest.h"

#include <QCoreApplication>
#include <QString>
#include <QStringList>

namespace sami::gui {

/// Words the test of a parent server. Pure.
class ServerTestWording
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::ServerTestWording)

public:
    /// A step with its sign and its state: "✓  Connection to the server (TCP): good".
    [[nodiscard]] static QString line(server::ParentStep step, server::ParentStepState state,
                                      const config::Parent &server);
    /// The last step's line if the server itself does not allow the provider.
    [[nodiscard]] static QString forbiddenLine(const config::Parent &server);
    /// The server works, but its own rules allow none of these providers.
    [[nodiscard]] static QString forbidden(const config::Parent &server,
                                           const QStringList &providers);
    /// What to add if the test went on to another provider after these.
    [[nodiscard]] static QString alsoForbidden(const QStringList &providers);
    /// The result and what to do about it; `provider` is the host to be reached through the server.
    [[nodiscard]] static QString sentence(const server::ParentTestOutcome &outcome,
                                          const config::Parent &server, const QString &provider);

private:
    [[nodiscard]] static QString step(server::ParentStep step, const config::Parent &server);
    [[nodiscard]] static QString answer(int status, const QString &provider);
    [[nodiscard]] static QString failure(const server::ParentTestOutcome &outcome,
                                         const config::Parent &server, const QString &provider);
};

} // namespace sami::gui
