// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"
#include "policy/caller.h"
#include "policy/decision.h"

#include <QHostAddress>
#include <QList>

namespace sami::policy {

/// The client address list (ALLOWED_IPS). An empty list admits everyone. This class resolves the
/// meaning of "private".
///
/// | the address is       | known by the connection | by a balancer's header         |
/// |----------------------|-------------------------|--------------------------------|
/// | loopback             | as the list says        | no entry admits it             |
/// | one of this machine  | as the list says        | "private" does not admit it    |
/// | any other            | as the list says        | as the list says               |
class ClientAcl
{
public:
    explicit ClientAcl(QList<ClientEntry> allowed = {}, PrivateClients privateClients = {});
    [[nodiscard]] Decision check(const Caller &client) const;

private:
    QList<ClientEntry> m_allowed;
    PrivateClients m_privateClients;
};

} // namespace sami::policy
