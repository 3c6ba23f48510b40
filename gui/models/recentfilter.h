// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/wordfilter.h"
#include "gui/text/ending.h"

#include <optional>

namespace sami::gui {

/// The finished work with a given ending and given words. Main thread.
class RecentFilter : public WordFilter
{
    Q_OBJECT

public:
    using WordFilter::WordFilter;

    /// Empty: every ending.
    void setEnding(std::optional<EndKind> ending);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    std::optional<EndKind> m_ending;
};

} // namespace sami::gui
