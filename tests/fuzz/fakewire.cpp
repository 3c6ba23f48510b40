// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "fakewire.h"

#include "fuzzing.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sami::fuzzing {

using net::StreamEnd;

namespace {

/// A level-triggered signal that nobody hears so often is a loop that spins.
constexpr int maxUnheard = 8;

} // namespace

// --- FakeStream ---

FakeStream::FakeStream(WirePtr wire, net::Budgets &budgets)
    : ByteStream(budgets), m_wire(std::move(wire))
{
    m_wire->stream = this;
}

FakeStream::~FakeStream()
{
    FakeStream::close();
    m_wire->stream = nullptr;
}

/// What the system has found out meanwhile.
void FakeStream::settle()
{
    if (m_wire->canHalfClose || m_end != StreamEnd::None || !(m_wire->peerFin || m_wire->peerReset))
        return;
    // Qt closes the whole connection at the peer's end.
    m_failureDue = pendingBytes() > 0 || (m_wire->peerReset && !m_readEnabled);
    m_end = m_wire->peerReset ? StreamEnd::Reset : StreamEnd::Fin;
    m_canSend = false;
}

bool FakeStream::turn()
{
    if (!m_isOpen)
        return false;
    settle();
    if (std::exchange(m_failureDue, false))
        return fail();
    const bool isOver = m_endRead && m_wire->proxyEnd != Wire::ProxyEnd::Open;
    if (m_wire->canHalfClose && m_wire->peerReset && !m_failureTold && !isOver
        && (pendingBytes() > 0 || !m_readEnabled)) {
        m_end = StreamEnd::Reset;
        m_canSend = false;
        return fail();
    }
    if (m_drainWanted && flush()) {
        m_drainWanted = false;
        notifyDrained();
        return true;
    }
    const bool hasNews = hasUnread() || m_wire->peerFin || m_wire->peerReset
        || (!m_wire->canHalfClose && m_end != StreamEnd::None);
    if (m_readEnabled && !m_endRead && hasNews) {
        ++m_unheard;
        require(m_unheard < maxUnheard, "the event loop does not spin");
        notifyReadable();
        return true;
    }
    return false;
}

bool FakeStream::fail()
{
    if (std::exchange(m_failureTold, true))
        return false;
    notifyFailed();
    return true;
}

/// Gives the kernel what waits; whether nothing waits any more.
bool FakeStream::flush()
{
    if (m_wire->isBlocked)
        return false;
    m_wire->delivered = m_wire->accepted.size();
    if (m_finWanted) {
        m_canSend = false;
        m_wire->proxyEnd = Wire::ProxyEnd::Fin;
        if (!m_wire->canHalfClose && m_end == StreamEnd::None)
            m_end = StreamEnd::Fin; // closed whole
    }
    return true;
}

net::ByteStream::ReadResult FakeStream::read(char *buffer, qsizetype capacity)
{
    m_unheard = 0;
    if (!m_isOpen || m_endRead)
        return { ReadResult::Status::Ended };
    settle();
    if (hasUnread()) {
        const qsizetype size = std::min(capacity, m_wire->sent.size() - m_read);
        std::memcpy(buffer, m_wire->sent.constData() + m_read, static_cast<size_t>(size));
        m_read += size;
        return { ReadResult::Status::Data, size };
    }
    if (m_end == StreamEnd::None && m_wire->peerReset)
        m_end = StreamEnd::Reset;
    else if (m_end == StreamEnd::None && m_wire->peerFin)
        m_end = StreamEnd::Fin;
    if (m_end == StreamEnd::None)
        return { ReadResult::Status::WouldBlock };
    m_endRead = true;
    if (m_end != StreamEnd::Fin) {
        m_canSend = false;
        m_failureTold = true; // by the return value
    }
    return { ReadResult::Status::Ended };
}

bool FakeStream::isSilent() const
{
    return m_isOpen && m_end == StreamEnd::None && !hasUnread() && !m_wire->peerFin
        && !m_wire->peerReset;
}

bool FakeStream::write(QByteArrayView bytes)
{
    settle();
    if (!m_isOpen || !m_canSend || m_finWanted)
        return false;
    if (m_wire->peerReset && pendingBytes() == 0) {
        m_end = StreamEnd::Reset;
        m_canSend = false;
        m_failureTold = true; // by the return value
        return false;
    }
    m_wire->accepted += bytes;
    if (!flush())
        m_drainWanted = true;
    return true;
}

qsizetype FakeStream::pendingBytes() const
{
    const bool isLost = !m_isOpen || (m_end != StreamEnd::None && !m_canSend);
    return isLost ? 0 : m_wire->accepted.size() - m_wire->delivered;
}

void FakeStream::shutdownWrite()
{
    if (!m_isOpen || !m_canSend || m_finWanted)
        return;
    m_finWanted = true;
    if (!flush())
        m_drainWanted = true;
}

void FakeStream::close()
{
    if (!std::exchange(m_isOpen, false))
        return;
    if (m_wire->proxyEnd == Wire::ProxyEnd::Open)
        m_wire->proxyEnd = Wire::ProxyEnd::Closed;
}

void FakeStream::reset()
{
    if (!std::exchange(m_isOpen, false))
        return;
    m_wire->proxyEnd = Wire::ProxyEnd::Reset;
}

SocketAddress FakeStream::localAddress() const
{
    return { QHostAddress(0xc0000201), 8080 }; // 192.0.2.1
}

SocketAddress FakeStream::peerAddress() const
{
    return { QHostAddress(0xc6336407), 50000 }; // 198.51.100.7
}

// --- FakeDialer ---

class FakeDialer::Operation final : public route::DialOperation
{
public:
    Operation(FakeDialer *dialer, route::DialRequest request, route::DialCallback callback)
        : m_dialer(dialer), m_request(std::move(request)), m_callback(std::move(callback)),
          m_isTunnel(dialer->isForTunnel())
    {}

    void cancel() override
    {
        m_callback = nullptr;
        if (m_dialer->m_waiting == this)
            m_dialer->m_waiting = nullptr;
    }

    void answer()
    {
        if (m_callback)
            std::exchange(m_callback, nullptr)(m_dialer->outcome(m_request, m_isTunnel));
    }

private:
    FakeDialer *m_dialer;
    route::DialRequest m_request;
    route::DialCallback m_callback;
    bool m_isTunnel;
};

route::DialPtr FakeDialer::dial(const route::DialRequest &request, route::DialCallback callback)
{
    auto operation = std::unique_ptr<Operation, route::DialPtr::deleter_type>(
        new Operation(this, request, std::move(callback)));
    if (waits) {
        m_waiting = operation.get();
    } else {
        Operation *begun = operation.get();
        QMetaObject::invokeMethod(
            begun, [begun] { begun->answer(); }, Qt::QueuedConnection);
    }
    return operation;
}

void FakeDialer::answer()
{
    waits = false;
    if (Operation *operation = std::exchange(m_waiting, nullptr))
        operation->answer();
}

Result<route::Dialled, net::DialError> FakeDialer::outcome(const route::DialRequest &request,
                                                           bool isTunnel)
{
    if (!request.addressFilter(resolved))
        return Unexpected(net::DialError { net::DialFault::AddressRefused, {} });
    if (fault)
        return Unexpected(net::DialError { *fault, {} });
    auto wire = std::make_shared<Wire>();
    wire->canHalfClose = !request.tls;
    wire->isTunnel = isTunnel;
    wire->isBlocked = blocks;
    wire->wish = request;
    wire->wish.addressFilter = nullptr; // its session may be gone before the wire
    wires.push_back(wire);
    return route::Dialled {
        net::StreamPtr(new FakeStream(wire, *request.budgets)), {}, route, early
    };
}

} // namespace sami::fuzzing
