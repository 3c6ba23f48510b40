// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace sami::gui {

/// The question before the first entry of a list that was empty, which meant "all": who would be
/// shut out. Pure.
class ShutOutText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::ShutOutText)

public:
    [[nodiscard]] static QString title();
    /// The button that does it all the same.
    [[nodiscard]] static QString action();
    /// `connected` are the clients of now; those that no entry holds are named.
    [[nodiscard]] static QString clients(const QList<policy::ClientEntry> &entries,
                                         const QList<QHostAddress> &connected);
    [[nodiscard]] static QString hosts(const QList<policy::HostEntry> &entries);
};

} // namespace sami::gui
