// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QCoreApplication>
#include <QString>

#include <optional>

namespace sami::gui {

/// Why the proxy should run and cannot, with what is known about it.
struct StartFailure
{
    enum class Kind {
        PortTaken,
        NoSuchAddress, ///< not an address of this computer, or not at this moment
        NotPermitted,  ///< the system keeps that port from this user
        Other,
    };

    Kind kind = Kind::Other;
    QString reason;                      ///< the core's sentence, in English; empty: it can run
    SocketAddress where;                 ///< what it tried
    QString holder;                      ///< who has the port; empty: nobody can tell
    std::optional<SocketAddress> wayOut; ///< where it could listen, and may be told to
    QString lock; ///< why there is no way out: environment or command line hold the setting
};

/// The same in words. Pure.
class StartFailureText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::StartFailureText)

public:
    [[nodiscard]] static StartFailure::Kind kindOf(const QString &reason);
    /// What is wrong, with the words that the settings have for it.
    [[nodiscard]] static QString sentence(const StartFailure &failure);
    /// For the button that takes the way out: "Use port 8081".
    [[nodiscard]] static QString action(const StartFailure &failure);
};

} // namespace sami::gui
