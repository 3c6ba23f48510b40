// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "rawpeer.h"

#include <QTest>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace sami::test {

/// A host that never answers: a listener with a full backlog drops every further SYN.
class BlackHole
{
public:
    BlackHole(const QHostAddress &address, quint16 port) : m_listener(address, 0, port)
    {
        for (int i = 0; i < 4; ++i) {
            sockaddr_in native {};
            native.sin_family = AF_INET;
            native.sin_port = htons(m_listener.port());
            native.sin_addr.s_addr = htonl(address.toIPv4Address());
            const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            (void)::connect(descriptor, reinterpret_cast<const sockaddr *>(&native), sizeof native);
            m_fillers.push_back(descriptor);
        }
        QTest::qWait(20);
    }
    ~BlackHole()
    {
        for (const int filler : m_fillers)
            ::close(filler);
    }
    Q_DISABLE_COPY_MOVE(BlackHole)
    [[nodiscard]] quint16 port() const { return m_listener.port(); }

private:
    RawListener m_listener;
    std::vector<int> m_fillers;
};

} // namespace sami::test
