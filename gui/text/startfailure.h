// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QCoreApplication>
#include <QString>

#include <optional>

namespace sami::gui {

/// Why the proxy cannot run although it should, and what is known about it.
struct StartFailure
{
    enum class Kind {
        PortTaken,
        NoSuchAddress, ///< not an address of this computer, at least not now
        NotPermitted,  ///< the system does not let this user open the port
        Other,
    };

    Kind kind = Kind::Other;
    QString reason;                      ///< the core's sentence, in English; empty: it can run
    SocketAddress where;                 ///< where it tried to listen
    QString holder;                      ///< the program that has the port; empty: unknown
    std::optional<SocketAddress> wayOut; ///< where it could listen instead
    QString lock; ///< says that the environment or the command line fixes it: no way out
};

/// The same in words. Pure.
class StartFailureText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::StartFailureText)

public:
    [[nodiscard]] static StartFailure::Kind kindOf(const QString &reason);
    /// What is wrong, in the terms of the settings.
    [[nodiscard]] static QString sentence(const StartFailure &failure);
    /// The text of the button that applies `wayOut`: "Use port 8081".
    [[nodiscard]] static QString action(const StartFailure &failure);
};

} // namespace sami::gui
