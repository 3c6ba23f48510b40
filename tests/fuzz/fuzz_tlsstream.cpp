// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: the first octet chooses the version and what is below; after it each octet is an order, to
// our end, to its peer or to the line between them, with the next octet as its number. The peer is
// a real one: what the line does to its octets is hostile, its records are not.
//
// TLS keeps its promises or ends: whatever the line does, what is read is what the peer wrote, from
// the first octet on and without a gap, and the other way round.
#include "fuzzing.h"
#include "net/tlshandshake.h"
#include "net/tlsstream.h"
#include "scriptedloop.h"
#include "scriptedstream.h"
#include "tlsidentity.h"
#include "tlspeer.h"

#include <QPointer>

#include <memory>
#include <openssl/ssl.h>

using namespace sami;
using fuzzing::Contexts;
using fuzzing::host;
using fuzzing::require;
using net::ByteStream;
using net::StreamEnd;

namespace {

/// Our end, its peer and the line.
class Run final : private net::StreamListener
{
public:
    Run(const Contexts &contexts, bool isTls12, bool isPiecemeal)
        : m_peer(contexts.server, isTls12 ? TLS1_2_VERSION : TLS1_3_VERSION)
    {
        auto *below = new test::ScriptedStream;
        below->largestRead = isPiecemeal ? 1 : 1 << 20;
        m_line = below;
        m_handshake = net::makeTlsHandshake(net::StreamPtr(below), host);
        QObject::connect(m_handshake.get(), &net::TlsHandshake::succeeded, m_handshake.get(),
                         [this] {
                             require(!m_isInCall, "nothing is told from inside a call");
                             m_stream = m_handshake->takeStream();
                             m_stream->setListener(this);
                             m_stream->setReadEnabled(true);
                         });
        QObject::connect(m_handshake.get(), &net::TlsHandshake::failed, m_handshake.get(),
                         [this](const net::DialError &error) {
                             require(!m_stream, "a handshake ends once");
                             require(!error.detail.isEmpty(), "a failure has its words");
                         });
        m_handshake->start(*contexts.client);
    }
    ~Run()
    {
        m_stream.reset();
        m_handshake.reset();
        turn();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    Q_DISABLE_COPY_MOVE(Run)

    void obey(unsigned char order, unsigned char number)
    {
        switch (order % 20) {
        case 0:
        case 1:
            peerWrites(number);
            break;
        case 2:
            if (m_peer.isShaken())
                m_peer.updateKeys(number % 2 == 0);
            break;
        case 3:
            if (m_peer.isShaken() && !std::exchange(m_hasPeerClosed, true))
                m_peer.closeNotify();
            break;
        case 4:
            exchange();
            break;
        case 5: // a part of what goes to us
            m_toUs += m_peer.take();
            deliver(number);
            break;
        case 6: // somebody changes it
            m_toUs += m_peer.take();
            if (!m_toUs.isEmpty()) {
                char &octet = m_toUs[number % m_toUs.size()];
                octet = static_cast<char>(octet ^ (1 << (number % 8)));
                m_isTouched = true;
            }
            break;
        case 7: // or adds to it
            m_toUs += QByteArray(number % 5, static_cast<char>(20 + number % 5));
            m_isTouched = m_isTouched || number % 5 > 0;
            break;
        case 8: // or loses some
            m_toUs += m_peer.take();
            m_isTouched = m_isTouched || !m_toUs.isEmpty();
            m_toUs.remove(0, number);
            break;
        case 9:
            turn();
            break;
        case 10:
            write(number);
            break;
        case 11:
            if (m_stream)
                call([this, number] { m_stream->setReadEnabled(number % 2 == 0); });
            break;
        case 12:
            if (m_stream)
                call([this] { m_stream->shutdownWrite(); });
            break;
        case 13:
            if (m_line)
                m_line->setBlocked(number % 2 == 0);
            break;
        case 14:
            if (m_line)
                m_line->arriveEnd(number % 2 == 0 ? StreamEnd::Fin : StreamEnd::Reset);
            m_isTouched = true;
            break;
        case 15:
            m_isReading = number % 2 == 0;
            m_capacity = 1 + number * number;
            break;
        case 16:
            read();
            break;
        case 17:
            letGo(number);
            break;
        case 18:
            if (m_peer.isShaken() && number % 4 == 0) {
                m_peer.renegotiate();
                m_isTouched = true; // a server that is refused this ends
            }
            break;
        default:
            m_letsGoWhenTold = number % 8 == 0;
            break;
        }
        judge();
    }

    /// All is set right; what nobody touched has to arrive.
    void conclude()
    {
        if (!m_stream || m_isTouched || m_wasClosed)
            return;
        m_isReading = true;
        m_letsGoWhenTold = false;
        m_capacity = 65'536;
        m_stream->setReadEnabled(true);
        m_line->setBlocked(false);
        // So many turns in which nothing moves, and nothing will.
        for (int still = 0; still < 40; ++still) {
            const qsizetype before = m_read.size() + m_peer.received.size();
            exchange();
            judge();
            if (before != m_read.size() + m_peer.received.size())
                still = 0;
        }
        require(m_read.size() == m_peerWrote.size(), "what the peer wrote arrives");
        require(m_peer.received.size() == m_wrote.size(), "what we wrote arrives");
        require(m_stream->pendingBytes() == 0, "nothing is pending");
    }

private:
    void handleReadable(ByteStream &) override
    {
        require(!m_isInCall, "nothing is told from inside a call");
        require(m_stream && m_stream->isReadEnabled(), "readable only while reading");
        if (m_letsGoWhenTold)
            close();
        else if (m_isReading)
            read();
    }
    void handleDrained(ByteStream &) override
    {
        require(!m_isInCall, "nothing is told from inside a call");
        require(m_stream->pendingBytes() == 0, "drained means that nothing is pending");
        if (m_letsGoWhenTold)
            close();
    }
    void handleFailed(ByteStream &) override
    {
        require(!m_isInCall, "nothing is told from inside a call");
        require(++m_failures == 1, "a failure is told once");
        require(m_stream->end() != StreamEnd::None, "after a failure it is known how");
        if (m_letsGoWhenTold)
            close();
    }

    template <typename Call> void call(Call made)
    {
        m_isInCall = true;
        made();
        m_isInCall = false;
    }
    void turn()
    {
        // The timers are the streams' turns.
        QCoreApplication::sendPostedEvents();
        fuzzing::ScriptedLoop::instance().expireAll();
        QCoreApplication::sendPostedEvents();
    }
    void exchange()
    {
        if (m_line)
            m_peer.feed(m_line->takeSent());
        m_toUs += m_peer.take();
        deliver(m_toUs.size());
        turn();
    }
    void deliver(qsizetype size)
    {
        size = qMin(size, m_toUs.size());
        if (m_line && size > 0)
            m_line->arrive(m_toUs.first(size));
        m_toUs.remove(0, size);
    }
    void peerWrites(unsigned char number)
    {
        if (m_hasPeerClosed || !m_peer.isShaken() || m_peer.hasFailed)
            return;
        const QByteArray octets = numbered(m_peerWrote.size(), number * 40);
        m_peerWrote += octets;
        m_peer.write(octets);
    }
    void write(unsigned char number)
    {
        if (!m_stream)
            return;
        const QByteArray octets = numbered(m_wrote.size(), number * 90);
        bool isTaken = false;
        call([&] { isTaken = m_stream->write(octets); });
        if (isTaken)
            m_wrote += octets;
    }
    void read()
    {
        if (!m_stream)
            return;
        QByteArray block(m_capacity, Qt::Uninitialized);
        ByteStream::ReadResult result;
        const bool wasInCall = std::exchange(m_isInCall, true);
        result = m_stream->read(block.data(), block.size());
        m_isInCall = wasInCall;
        switch (result.status) {
        case ByteStream::ReadResult::Status::Data:
            require(!m_isEnded, "after the end nothing comes");
            require(result.size > 0 && result.size <= block.size(), "a read has a size");
            m_read += block.first(result.size);
            break;
        case ByteStream::ReadResult::Status::WouldBlock:
            require(!m_isEnded, "an end stays");
            break;
        case ByteStream::ReadResult::Status::Ended:
            m_isEnded = true;
            require(m_stream->end() != StreamEnd::None, "an end has its kind");
            require(m_stream->end() != StreamEnd::Fin || m_hasPeerClosed,
                    "no end looks orderly without close_notify");
            break;
        }
    }
    void letGo(unsigned char number)
    {
        if (number % 3 != 0)
            return;
        if (m_stream)
            close();
        else if (number % 2 == 0)
            m_handshake.reset();
    }
    void close()
    {
        m_wasClosed = true;
        m_stream.reset();
    }
    void judge() const
    {
        require(m_peerWrote.startsWith(m_read), "what is read is what the peer wrote");
        require(m_wrote.startsWith(m_peer.received), "what the peer reads is what we wrote");
    }
    static QByteArray numbered(qsizetype from, qsizetype size)
    {
        QByteArray octets(size, Qt::Uninitialized);
        for (qsizetype i = 0; i < size; ++i)
            octets[i] = static_cast<char>((from + i) % 251);
        return octets;
    }

    test::TlsPeer m_peer;
    QPointer<test::ScriptedStream> m_line;
    net::TlsHandshakePtr m_handshake;
    net::StreamPtr m_stream;
    QByteArray m_toUs; ///< from the peer, not delivered yet
    QByteArray m_peerWrote;
    QByteArray m_wrote;
    QByteArray m_read;
    qsizetype m_capacity = 4096;
    int m_failures = 0;
    bool m_isReading = true;
    bool m_isEnded = false;
    bool m_hasPeerClosed = false;
    bool m_isTouched = false; ///< what the peers wrote need not arrive
    bool m_wasClosed = false;
    bool m_letsGoWhenTold = false;
    bool m_isInCall = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzzing::ScriptedLoop::instance();
    static const Contexts contexts;
    if (size == 0 || size > 400)
        return 0;
    Run run(contexts, data[0] % 2 == 1, data[0] % 4 >= 2);
    for (size_t i = 1; i + 1 < size; i += 2)
        run.obey(data[i], data[i + 1]);
    run.conclude();
    return 0;
}
