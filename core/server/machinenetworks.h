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

/// What is known of this machine's own networks. A rule is made of it: when the system cannot say,
/// what it said last stays.
class MachineNetworks
{
public:
    using Reader = std::function<Result<QList<InterfaceAddress>, QString>()>;
    using SurroundingsReader = std::function<Result<Surroundings, QString>()>;

    explicit MachineNetworks(Reader reader = readInterfaceAddresses,
                             SurroundingsReader surroundingsReader = readSurroundings);

    /// For a start, which has nothing to keep. The error is for a person and says what to do.
    [[nodiscard]] Result<void, QString> read();
    /// Reads again, and returns whether anything changed. A failure is said once, in the log.
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
