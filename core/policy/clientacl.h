// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"
#include "policy/decision.h"

#include <QHostAddress>
#include <QList>

namespace sami::policy {

/// The client address list (ALLOWED_IPS). An empty list lets everyone in; what "private" means is
/// settled here.
class ClientAcl
{
public:
    explicit ClientAcl(QList<ClientEntry> allowed = {}, PrivateClients privateClients = {});
    [[nodiscard]] Decision check(const QHostAddress &client) const;

private:
    QList<ClientEntry> m_allowed;
    PrivateClients m_privateClients;
};

} // namespace sami::policy
