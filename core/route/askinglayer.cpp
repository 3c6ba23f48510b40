// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/askinglayer.h"

#include "net/scratchbuffer.h"

#include <utility>

namespace sami::route {

using net::Blame;
using net::ByteStream;
using net::DialError;
using net::DialFault;

AskingLayer::~AskingLayer() = default;

void AskingLayer::start(Way below)
{
    m_stream = std::move(below.stream);
    if (!below.early.isEmpty()) {
        failParent(DialFault::ParentProtocol, "the parent proxy spoke before it was asked");
        return;
    }
    m_stream->setListener(this);
    m_stream->setReadEnabled(true);
    ask();
}

void AskingLayer::handleReadable(ByteStream &)
{
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult result = m_stream->read(buffer, m_readSize);
    switch (result.status) {
    case ByteStream::ReadResult::Status::WouldBlock:
        return;
    case ByteStream::ReadResult::Status::Ended:
        end();
        return;
    case ByteStream::ReadResult::Status::Data:
        m_hasHeard = true;
        take({ buffer, result.size });
        return;
    }
}

void AskingLayer::say(const QByteArray &octets)
{
    if (!m_stream->write(octets))
        end();
}

void AskingLayer::end()
{
    if (m_hasHeard)
        failParent(DialFault::ParentProtocol, "the parent proxy closed amid its answer");
    else
        failParent(DialFault::ConnectionReset, "the parent proxy closed without an answer");
}

void AskingLayer::lead(QByteArray early)
{
    m_stream->setListener(nullptr);
    m_stream->setReadEnabled(false);
    succeed({ std::move(m_stream), std::move(early) });
}

void AskingLayer::failParent(DialFault fault, QByteArray detail)
{
    giveUp({ fault, std::move(detail), Blame::Parent });
}

void AskingLayer::giveUp(DialError error)
{
    abort();
    fail(std::move(error));
}

DialError AskingLayer::late() const
{
    return { DialFault::ConnectTimeout, "the parent proxy did not answer in time", Blame::Parent };
}

void AskingLayer::abort()
{
    m_stream.reset();
}

} // namespace sami::route
