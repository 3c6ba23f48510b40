// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/endpoint.h"
#include "gui/text/ending.h"
#include "gui/text/livestate.h"
#include "gui/text/proxystate.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <optional>

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

    /// Who ended it, how, why and after how long: "The server closed the connection after 4m 02s".
    /// Each `how` has a sentence for each reason that it can have (ending.h lists them). Any other
    /// reason is appended to the sentence of its `how`, so that none is lost.
    [[nodiscard]] static QString whyEnded(const account::FinishedWork &work);
    /// "Complete", "Cut", "Refused", "Not reached", "No request".
    [[nodiscard]] static QString ending(EndKind ending);
    /// The same for one piece of work, with who cut it: "Cut by the server".
    [[nodiscard]] static QString ending(const account::FinishedWork &work);
    /// All texts that these can return, to compute a width.
    [[nodiscard]] static QStringList endings();
    /// What a reason means; empty for none.
    [[nodiscard]] static QString reason(const account::Reason &reason);
    /// The same for a code ("private_target"), or for an error type of Proxy-Status. An unknown one
    /// is returned unchanged.
    [[nodiscard]] static QString reason(const QByteArray &code);

    /// Cells as one line, for the clipboard (tabs) or as CSV (RFC 4180). Both end up in
    /// spreadsheets, so a cell that would run as a formula is disarmed. A single cell is copied
    /// without this.
    [[nodiscard]] static QString joinedCells(const QStringList &cells, QChar separator);

private:
    static QString cut(CutBy by);
    // The sentences for one kind of end; empty if the reason has none there.
    static std::optional<QString> afterClient(const account::FinishedWork &work);
    static std::optional<QString> afterServer(const account::FinishedWork &work);
    static std::optional<QString> afterProxy(const account::FinishedWork &work);
    /// For an end without a reason, and before an unexpected reason.
    static QString plainEnd(const account::FinishedWork &work);
};

} // namespace sami::gui
