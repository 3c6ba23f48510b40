// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/connector.h"
#include "net/descriptorwatch.h"

#include <QObject>

#include <memory>
#include <optional>

namespace sami::net {

/// Connects a bare non-blocking descriptor (Linux).
class FdConnector final : public Connector, private DescriptorListener
{
public:
    explicit FdConnector(const SocketAddress &address,
                         const std::optional<QHostAddress> &source = {});
    ~FdConnector() override;

    [[nodiscard]] StreamPtr takeStream(Budgets &budgets) override;

private:
    void begin() override;
    void end() override;
    void failLater(DialFault fault);
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
    std::unique_ptr<QObject> m_failing; ///< context of a failure's queued report
};

} // namespace sami::net
