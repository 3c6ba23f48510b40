// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "gui/models/keyedtable.h"

#include <chrono>
#include <optional>

namespace sami::gui {

/// A client or destination that was refused, or would be if the rule were enforced. For a client
/// that guesses passwords, also the rest of its block.
struct DeniedRow
{
    account::RefusalRow values;
    std::optional<std::chrono::seconds> blockedFor;

    [[nodiscard]] QByteArray key() const;
    friend bool operator==(const DeniedRow &left, const DeniedRow &right);
};

/// The table of refusals, and of what a report-only list let through. Main thread.
class DeniedModel : public KeyedTable<DeniedRow>
{
    Q_OBJECT

public:
    enum Column { Last, Client, Destination, Count, Reason };
    [[nodiscard]] static Columns columns();

    explicit DeniedModel(QObject *parent = nullptr);

    /// A block has a row even if nothing was refused because of it yet.
    void synchronize(const QList<account::RefusalRow> &refusals,
                     const QList<account::BlockRow> &blocks);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    [[nodiscard]] static QString reasonText(const DeniedRow &row);
};

} // namespace sami::gui
