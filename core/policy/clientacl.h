// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/cidr.h"
#include "policy/decision.h"

#include <QHostAddress>
#include <QList>

namespace sami::policy {

/// The client address list (ALLOWED_IPS). An empty list lets everyone in.
class ClientAcl
{
public:
    explicit ClientAcl(QList<Cidr> allowed = {});
    [[nodiscard]] Decision check(const QHostAddress &client) const;

private:
    QList<Cidr> m_allowed;
};

} // namespace sami::policy
