// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "base/result.h"
#include "base/surroundings.h"
#include "policy/ownnetworks.h"
#include "policy/privateclients.h"

#include <QList>
#include <QString>

#include <functional>

namespace sami::server {

/// What is known of this machine's own networks. An access rule depends on it, so the last known
/// state stays when the system cannot say.
class MachineNetworks
{
public:
    using Reader = std::function<Result<QList<InterfaceAddress>, QString>()>;
    using SurroundingsReader = std::function<Result<Surroundings, QString>()>;

    explicit MachineNetworks(Reader reader = readInterfaceAddresses,
                             SurroundingsReader surroundingsReader = readSurroundings);

    /// For the start, when there is no earlier state. The error is for a person and says what to
    /// do.
    [[nodiscard]] Result<void, QString> read();
    /// Reads again. Returns whether anything changed. A failure is logged once.
    bool refresh();

    [[nodiscard]] const policy::OwnNetworks &current() const { return m_current; }
    [[nodiscard]] const policy::PrivateClients &privateClients() const { return m_privateClients; }

private:
    bool take(const QList<InterfaceAddress> &interfaces);
    bool takeSurroundings(const QList<InterfaceAddress> &interfaces);

    Reader m_reader;
    SurroundingsReader m_surroundingsReader;
    policy::OwnNetworks m_current;
    Surroundings m_surroundings { true, false, {} }; ///< until they are read
    policy::PrivateClients m_privateClients;
    bool m_isOutdated = false;
};

} // namespace sami::server
