// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/clock.h"
#include "gui/models/keyedtable.h"

#include <chrono>

namespace sami::gui {

/// One client that the brute-force guard blocks.
struct BlockedClient
{
    QHostAddress address; ///< for IPv6 the first address of its /64
    std::chrono::seconds left {};
    WallTime until {};

    [[nodiscard]] QByteArray key() const { return address.toString().toLatin1(); }
    /// In the usual form: an address, or a network like "2001:db8:1:2::/64".
    [[nodiscard]] QString name() const;
    friend bool operator==(const BlockedClient &, const BlockedClient &) = default;
};

/// Who is blocked, until when, and for how much longer. Main thread.
class BlocksModel : public KeyedTable<BlockedClient>
{
    Q_OBJECT

public:
    enum Column { Client, Until, Left };
    [[nodiscard]] static Columns columns();

    explicit BlocksModel(QObject *parent = nullptr);

    void synchronize(const QList<account::BlockRow> &blocks, WallTime now);
};

} // namespace sami::gui
