// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/connectlayer.h"

#include "http/headwriter.h"
#include "net/scratchbuffer.h"
#include "route/parentanswer.h"

#include <utility>

namespace sami::route {

using net::Blame;
using net::ByteStream;
using net::DialError;
using net::DialFault;

ConnectLayer::ConnectLayer(ConnectRecipe recipe) : m_recipe(std::move(recipe)) {}

ConnectLayer::~ConnectLayer() = default;

QByteArray ConnectLayer::head() const
{
    http::RequestHead head;
    head.method = "CONNECT";
    head.target = m_recipe.target.toByteArray();
    head.fields.append("Host", head.target);
    if (!m_recipe.via.isEmpty())
        head.fields.append("Via", m_recipe.via);
    if (!m_recipe.authorization.isEmpty())
        head.fields.append("Proxy-Authorization", m_recipe.authorization);
    QByteArray octets;
    http::writeRequestHead(octets, head);
    return octets;
}

void ConnectLayer::start(Way below)
{
    m_stream = std::move(below.stream);
    if (!below.early.isEmpty()) {
        failParent(DialFault::ParentProtocol, "the parent proxy spoke before it was asked");
        return;
    }
    if (!m_stream->write(head())) {
        end();
        return;
    }
    m_stream->setListener(this);
    m_stream->setReadEnabled(true);
}

void ConnectLayer::read()
{
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult result = m_stream->read(buffer, limits.maxHeadBytes);
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

void ConnectLayer::take(QByteArrayView octets)
{
    using Status = http::HeadProgress::Status;
    for (;;) {
        const http::HeadProgress progress = m_parser.feed(octets);
        if (progress.status == Status::NeedMore)
            return;
        if (progress.status == Status::Failed) {
            failParent(DialFault::ParentProtocol,
                       QByteArray("the parent proxy did not answer in HTTP: ")
                           + http::toString(progress.error.code));
            return;
        }
        octets = octets.sliced(progress.consumed);
        const http::ResponseHead answer = m_parser.take();
        if (!answer.isInterim() || answer.status == 101 || answer.isMended) {
            takeAnswer(answer, octets);
            return;
        }
        if (++m_interim > maxInterim) {
            failParent(DialFault::ParentProtocol, "the parent proxy never comes to its answer");
            return;
        }
    }
}

void ConnectLayer::takeAnswer(const http::ResponseHead &answer, QByteArrayView rest)
{
    // Other readers may see its end, and so the next octets, differently.
    if (answer.isMended) {
        failParent(DialFault::ParentProtocol, "the parent proxy's answer is malformed");
        return;
    }
    if (std::optional<DialError> error = faultOf(answer)) {
        abort();
        fail(std::move(*error));
        return;
    }
    m_stream->setListener(nullptr);
    m_stream->setReadEnabled(false);
    succeed({ std::move(m_stream), rest.toByteArray() });
}

void ConnectLayer::end()
{
    if (m_hasHeard)
        failParent(DialFault::ParentProtocol, "the parent proxy closed amid its answer");
    else
        failParent(DialFault::ConnectionReset, "the parent proxy closed without an answer");
}

void ConnectLayer::failParent(DialFault fault, QByteArray detail)
{
    abort();
    fail({ fault, std::move(detail), Blame::Parent });
}

DialError ConnectLayer::late() const
{
    return { DialFault::ConnectTimeout, "the parent proxy did not answer in time", Blame::Parent };
}

void ConnectLayer::abort()
{
    m_stream.reset();
}

} // namespace sami::route
