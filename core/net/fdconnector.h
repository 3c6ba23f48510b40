// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/connector.h"
#include "net/descriptorwatch.h"

#include <optional>

namespace sami::net {

/// Connects a bare non-blocking descriptor (Linux).
class FdConnector final : public Connector, private DescriptorListener
{
    Q_OBJECT

public:
    explicit FdConnector(const SocketAddress &address,
                         const std::optional<QHostAddress> &source = {});
    ~FdConnector() override;

    void start() override;
    void abort() override;
    [[nodiscard]] StreamPtr takeStream(Budgets &budgets) override;

private:
    /// False with errno on failure.
    [[nodiscard]] bool bindTo(const QHostAddress &source) const;
    /// The attempt's result as an errno; 0 for connected.
    [[nodiscard]] int takeError() const;
    void handleDescriptorEvent(DescriptorEvent what) override;
    void tellOutcome();

    SocketAddress m_address;
    std::optional<QHostAddress> m_source;
    int m_descriptor = -1;
    std::optional<DescriptorWatch> m_watch;
};

} // namespace sami::net
