// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace sami::gui {

/// The question before the first entry of a list: it says who would be shut out, because the empty
/// list allowed everybody. Pure.
class ShutOutText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::ShutOutText)

public:
    [[nodiscard]] static QString title();
    /// The button to go ahead anyway.
    [[nodiscard]] static QString action();
    /// `connected` are the current clients; the question names those that no entry covers.
    /// `privateClients` is what "private" in a list means on this computer.
    [[nodiscard]] static QString clients(const QList<policy::ClientEntry> &entries,
                                         const QList<QHostAddress> &connected,
                                         const policy::PrivateClients &privateClients);
    [[nodiscard]] static QString hosts(const QList<policy::HostEntry> &entries);
};

} // namespace sami::gui
