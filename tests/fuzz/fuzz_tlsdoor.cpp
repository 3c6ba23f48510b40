// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: the first octet says who the client is. A hostile one sends the rest, in pieces. A decent
// one shakes hands over a line that obeys the rest: each octet is an order to the line, with the
// next octet as its number.
//
// Cut anyhow the hello is judged the same; whatever the line does, what is read is what the client
// wrote; and what no line touched is a connection.
#include "door/clienthello.h"
#include "fuzzing.h"
#include "net/tlsacceptance.h"
#include "net/tlsstream.h"
#include "scriptedloop.h"
#include "scriptedstream.h"
#include "tlscaller.h"
#include "tlsidentity.h"

#include <QPointer>

#include <memory>

using namespace sami;
using door::ClientHello;
using fuzzing::Contexts;
using fuzzing::require;
using net::TlsAcceptance;

namespace {

/// The server's side: reads what there is, and takes a step when the hello is whole.
class Door
{
public:
    explicit Door(const Contexts &contexts)
    {
        auto *made = new test::ScriptedStream;
        m_below.reset(made);
        line = made;
        m_acceptance = net::makeTlsAcceptance(*contexts.server, *m_below);
    }
    void take(const QByteArray &octets)
    {
        if (isOver || octets.isEmpty())
            return;
        if (stream) {
            line->arrive(octets);
            read();
            return;
        }
        m_input += octets;
        const ClientHello::Verdict verdict = m_hello.feed(octets);
        isOver = verdict == ClientHello::Verdict::TooLong;
        if (verdict != ClientHello::Verdict::Whole)
            return;
        const TlsAcceptance::Outcome outcome = m_acceptance->step(std::exchange(m_input, {}));
        isOver = outcome == TlsAcceptance::Outcome::Failed;
        if (isOver)
            require(!m_acceptance->detail().isEmpty(), "a failure has its words");
        if (outcome != TlsAcceptance::Outcome::Done)
            return;
        stream = m_acceptance->takeStream(std::move(m_below));
        stream->setReadEnabled(true);
        read();
    }
    void read()
    {
        char block[4096];
        for (;;) {
            const auto [status, size] = stream->read(block, sizeof block);
            if (status == net::ByteStream::ReadResult::Status::Data) {
                received.append(block, size);
                continue;
            }
            isOver = isOver || status == net::ByteStream::ReadResult::Status::Ended;
            return;
        }
    }

    QPointer<test::ScriptedStream> line;
    net::StreamPtr stream;
    QByteArray received;
    bool isOver = false;

private:
    net::StreamPtr m_below;
    std::unique_ptr<TlsAcceptance> m_acceptance;
    ClientHello m_hello;
    QByteArray m_input;
};

void beHostile(const Contexts &contexts, const QByteArray &octets, qsizetype each)
{
    ClientHello whole;
    ClientHello pieces;
    Door door(contexts);
    for (qsizetype at = 0; at < octets.size(); at += each) {
        static_cast<void>(pieces.feed(octets.mid(at, each)));
        door.take(octets.mid(at, each));
    }
    require(whole.feed(octets) == pieces.feed({}), "a hello is judged as it is, however it comes");
    require(!door.stream, "nobody shakes hands by chance");
}

void beDecent(const Contexts &contexts, const QByteArray &orders)
{
    static const test::CallerKind kind;
    Door door(contexts);
    test::TlsCaller caller(kind);
    QByteArray up;
    QByteArray wrote;
    bool isTouched = false;
    for (qsizetype i = 0; i + 1 < orders.size(); i += 2) {
        const auto number = static_cast<unsigned char>(orders[i + 1]);
        up += caller.take();
        switch (static_cast<unsigned char>(orders[i]) % 6) {
        case 0: // a part arrives
            door.take(up.first(qMin<qsizetype>(up.size(), number)));
            up.remove(0, number);
            break;
        case 1:
            door.take(std::exchange(up, {}));
            break;
        case 2: // somebody changes it
            if (!up.isEmpty()) {
                char &octet = up[number % up.size()];
                octet = static_cast<char>(octet ^ (1 << (number % 8)));
                isTouched = true;
            }
            break;
        case 3:
            if (door.line)
                caller.feed(door.line->takeSent());
            break;
        case 4:
            if (caller.isShaken() && !caller.hasFailed) {
                const QByteArray more(number, static_cast<char>(i));
                wrote += more;
                caller.write(more);
            }
            break;
        default:
            if (caller.isShaken() && number % 4 == 0)
                caller.updateKeys(number % 8 == 0);
            break;
        }
        require(wrote.startsWith(door.received), "what is read is what the client wrote");
    }
    if (isTouched)
        return;
    for (int turn = 0; turn < 16; ++turn) {
        fuzzing::ScriptedLoop::instance().expireAll(); // many key updates make the stream rest
        up += caller.take();
        door.take(std::exchange(up, {}));
        if (door.stream)
            door.read();
        if (door.line)
            caller.feed(door.line->takeSent());
    }
    require(door.stream && !door.isOver, "a decent client gets in");
    require(door.received == wrote, "what the client wrote arrives");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzzing::ScriptedLoop::instance();
    static const Contexts contexts;
    if (size == 0 || size > 4000)
        return 0;
    const QByteArray rest(reinterpret_cast<const char *>(data) + 1, qsizetype(size) - 1);
    if (data[0] % 2 == 0)
        beHostile(contexts, rest, 1 + data[0] / 2);
    else
        beDecent(contexts, rest.first(qMin<qsizetype>(rest.size(), 400)));
    QCoreApplication::sendPostedEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    return 0;
}
