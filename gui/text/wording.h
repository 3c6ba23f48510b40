// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "gui/text/livestate.h"
#include "gui/text/proxystate.h"
#include "server/snapshot.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QString>
#include <QStringList>

namespace sami::gui {

/// The core's codes as sentences, in the language of the program. Pure.
class Wording
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::Wording)

public:
    /// "Running at 127.0.0.1:8080"
    [[nodiscard]] static QString headline(ProxyState state, const SocketAddress &where);
    [[nodiscard]] static QString state(LiveState state);
    [[nodiscard]] static QString stateExplanation(LiveState state);

    /// Who ended it, how and after how long: "The server closed the connection after 4m 02s".
    [[nodiscard]] static QString whyEnded(const server::FinishedWork &work);
    /// What a reason code means: "private_target" → "…". An unknown one comes back as it is.
    [[nodiscard]] static QString reason(const QByteArray &code);

    /// Cells as one line: separated by tabs, or quoted as CSV (RFC 4180) for any other separator.
    /// A cell that a spreadsheet would run as a formula is disarmed.
    [[nodiscard]] static QString joinedCells(const QStringList &cells, QChar separator);
};

} // namespace sami::gui
