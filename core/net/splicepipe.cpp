// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/splicepipe.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace sami::net {

std::unique_ptr<SplicePipe> SplicePipe::open()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return nullptr;
    // Larger than the default, if the user's quota of pipe memory allows it.
    ::fcntl(ends[1], F_SETPIPE_SZ, capacity);
    return std::unique_ptr<SplicePipe>(new SplicePipe(ends[0], ends[1]));
}

SplicePipe::~SplicePipe()
{
    ::close(m_readEnd);
    ::close(m_writeEnd);
}

qsizetype SplicePipe::fillFrom(int socket)
{
    ssize_t size = 0;
    do {
        size = ::splice(socket, nullptr, m_writeEnd, nullptr, capacity, SPLICE_F_NONBLOCK);
    } while (size < 0 && errno == EINTR);
    if (size > 0)
        m_level += size;
    return size;
}

bool SplicePipe::emptyInto(int socket)
{
    while (m_level > 0) {
        const ssize_t size = ::splice(m_readEnd, nullptr, socket, nullptr,
                                      static_cast<size_t>(m_level), SPLICE_F_NONBLOCK);
        if (size > 0) {
            m_level -= size;
            continue;
        }
        if (errno != EINTR)
            return false;
    }
    return true;
}

} // namespace sami::net
