// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/directdialer.h"

#include "net/directdialoperation.h"

#include <utility>

namespace sami::net {

DirectDialer::DirectDialer(std::shared_ptr<Resolver> resolver, std::shared_ptr<TlsClientConfig> tls,
                           bool portable, ExitRoute exit)
    : m_resolver(std::move(resolver)), m_tls(std::move(tls)), m_portable(portable)
{
    if (!(exit == ExitRoute {}))
        m_exit = std::make_shared<const ExitRoute>(std::move(exit));
}

DialPtr DirectDialer::dial(const DialRequest &request, DialCallback callback)
{
    auto *operation = new DirectDialOperation(request, std::move(callback), m_portable, m_exit);
    DialPtr owner(operation);
    operation->start(m_resolver, m_tls);
    return owner;
}

} // namespace sami::net
