// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminconnection.h"

#include "http/headwriter.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sami::admin {

using net::TakingWatch;
using net::TlsAcceptance;
using ReadStatus = net::ByteStream::ReadResult::Status;

namespace {

constexpr std::size_t readSize = 8192;
/// Enough for a client's half of a handshake with a long list of offers.
constexpr qsizetype maxHandshakeOctets = qsizetype(64) * 1024;

} // namespace

AdminConnection::AdminConnection(quint64 id, Visitor visitor, net::StreamPtr stream,
                                 std::unique_ptr<net::TlsAcceptance> tls, ConnectionKeeper &keeper)
    : m_id(id), m_visitor(std::move(visitor)), m_stream(std::move(stream)), m_tls(std::move(tls)),
      m_keeper(keeper), m_bornAt(Clock::now()), m_state(m_tls ? State::Handshake : State::Request)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &AdminConnection::handleExpired);
}

AdminConnection::~AdminConnection() = default;

void AdminConnection::start()
{
    m_stream->setListener(this);
    m_stream->setReadEnabled(true);
    arm(strangerTime);
}

void AdminConnection::turnAway(const AdminReply &reply)
{
    m_stream->setListener(this);
    close(reply);
}

void AdminConnection::arm(std::chrono::milliseconds limit)
{
    if (!m_isKnown && (m_state == State::Handshake || m_state == State::Request)) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(m_bornAt + strangerTime - Clock::now());
        limit = std::clamp(left, std::chrono::milliseconds(0), limit);
    }
    m_deadline.start(limit);
}

void AdminConnection::handleReadable(net::ByteStream &)
{
    read();
}

void AdminConnection::handleFailed(net::ByteStream &)
{
    over();
}

void AdminConnection::handleDrained(net::ByteStream &)
{
    switch (m_state) {
    case State::Request:
        awaitRequest();
        break;
    case State::Events:
        m_deadline.stop();
        break;
    case State::Ending:
        if (m_stream->end() == net::StreamEnd::None)
            finishEnding();
        else
            over(); // the client had closed its half before
        break;
    case State::Handshake:
    case State::Answer:
    case State::Over:
        break;
    }
}

void AdminConnection::read()
{
    std::array<char, readSize> buffer; // NOLINT: filled by read()
    const auto got = m_stream->read(buffer.data(), qsizetype(buffer.size()));
    if (got.status == ReadStatus::WouldBlock)
        return;
    if (got.status == ReadStatus::Ended) {
        // A client may close its half once it has asked, and still wants the answer.
        if (m_state == State::Ending && !isTaken() && m_stream->end() == net::StreamEnd::Fin)
            m_stream->setReadEnabled(false);
        else
            over();
        return;
    }
    const QByteArrayView octets(buffer.data(), got.size);
    switch (m_state) {
    case State::Handshake:
        shake(octets);
        break;
    case State::Request:
        m_input.append(octets);
        parse();
        break;
    case State::Answer:
    case State::Events:
    case State::Ending:
    case State::Over:
        break; // dropped
    }
}

void AdminConnection::shake(QByteArrayView octets)
{
    m_handshakeOctets += octets.size();
    if (m_handshakeOctets > maxHandshakeOctets) {
        over();
        return;
    }
    switch (m_tls->step(octets)) {
    case TlsAcceptance::Outcome::NeedsInput:
        return;
    case TlsAcceptance::Outcome::Failed:
        beginEnding(); // the alert must not be lost
        return;
    case TlsAcceptance::Outcome::Done:
        break;
    }
    m_stream = m_tls->takeStream(std::move(m_stream));
    m_stream->setListener(this);
    m_tls.reset();
    m_state = State::Request;
    m_stream->setReadEnabled(true);
}

/// Returns whether the rest of a request has to come first.
bool AdminConnection::parse()
{
    while (m_state == State::Request && (m_request || !m_input.isEmpty())) {
        if (!m_reader.hasStarted())
            arm(headTime);
        const RequestReader::Step step = m_reader.feed(m_input);
        m_input.remove(0, step.consumed);
        switch (step.status) {
        case RequestReader::Status::NeedMore:
            return true;
        case RequestReader::Status::Failed:
            close(m_reader.fault());
            return false;
        case RequestReader::Status::Head:
            judge();
            break;
        case RequestReader::Status::Complete:
            serve();
            return false;
        }
    }
    return m_state == State::Request;
}

void AdminConnection::judge()
{
    auto judged = m_keeper.judge(*this, m_reader.head());
    if (judged)
        m_request = std::move(judged).value();
    else
        close(judged.error());
}

void AdminConnection::serve()
{
    m_state = State::Answer;
    m_stream->setReadEnabled(false);
    arm(answerTime);
    Request request = *std::exchange(m_request, std::nullopt);
    request.head = m_reader.head();
    request.body = m_reader.body();
    m_endsAfterAnswer = !m_reader.keepsConnection();
    m_keeper.serve(*this, std::move(request));
}

void AdminConnection::answer(const AdminReply &reply)
{
    if (m_state != State::Answer)
        return; // too late
    const bool isHead = m_reader.head().method == "HEAD";
    m_state = State::Request;
    m_reader.reset();
    if (!m_stream->write(reply.write(!m_endsAfterAnswer, isHead))) {
        over();
        return;
    }
    if (m_endsAfterAnswer)
        beginEnding();
    else if (isTaken())
        awaitRequest();
    else
        awaitTaking();
}

/// Waits until the client has taken what was written.
void AdminConnection::awaitTaking()
{
    const auto wait = beginTaking();
    arm(m_isKnown ? wait.value_or(std::chrono::milliseconds(0)) : strangerTime);
}

/// Input that is already here is handled in a later turn of the event loop, so that a client that
/// pipelines does not get a longer turn than others.
void AdminConnection::awaitRequest()
{
    arm(idleTime);
    m_stream->setReadEnabled(m_input.isEmpty());
    if (m_input.isEmpty())
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            // An answer that was given at once has decided about reading itself.
            if (parse())
                m_stream->setReadEnabled(true);
        },
        Qt::QueuedConnection);
}

/// Answers and ends: further input cannot be split into requests.
void AdminConnection::close(const AdminReply &reply)
{
    const bool isHead = m_reader.head().method == "HEAD";
    if (m_stream->write(reply.write(false, isHead)))
        beginEnding();
    else
        over();
}

bool AdminConnection::beginEvents()
{
    if (m_state != State::Answer)
        return false;
    m_state = State::Events;
    m_isChunked = m_reader.head().version == http::Version::Http11;
    m_deadline.stop();
    m_stream->setReadEnabled(true); // to notice its end
    if (m_stream->write(AdminReply::writeEventsHead(m_isChunked)))
        return true;
    over();
    return false;
}

void AdminConnection::sendEvents(const QByteArray &text)
{
    if (m_state != State::Events)
        return;
    QByteArray octets;
    if (m_isChunked)
        http::writeChunk(octets, text);
    else
        octets = text;
    if (!m_stream->write(octets)) {
        // Not from inside the keeper's call.
        QMetaObject::invokeMethod(this, &AdminConnection::over, Qt::QueuedConnection);
        return;
    }
    if (!isTaken() && !m_deadline.isActive())
        awaitTaking();
}

void AdminConnection::endEvents()
{
    if (m_state != State::Events)
        return;
    QByteArray octets;
    if (m_isChunked)
        http::writeLastChunk(octets, {});
    m_stream->write(octets);
    beginEnding();
}

void AdminConnection::beginEnding()
{
    m_state = State::Ending;
    m_input = {};
    m_stream->setReadEnabled(true);
    if (isTaken())
        finishEnding();
    else
        awaitTaking();
}

/// The kernel has everything: once the client has it too, it is the client's turn to close.
void AdminConnection::finishEnding()
{
    m_stream->shutdownWrite();
    static_cast<void>(beginTaking());
    arm(endingTime);
}

TakingWatch::Wait AdminConnection::beginTaking()
{
    return m_taking.begin(m_stream->undeliveredBytes(), TakingWatch::usualPatience);
}

/// Returns when to look again at a client that still takes what waits for it. A stranger gets no
/// such time.
TakingWatch::Wait AdminConnection::lookWhetherTaking()
{
    const bool mayWait = m_isKnown && m_state != State::Answer;
    if (!mayWait || (isTaken() && m_state != State::Ending))
        return std::nullopt;
    return m_taking.look(m_stream->undeliveredBytes());
}

void AdminConnection::handleExpired()
{
    if (const auto wait = lookWhetherTaking()) {
        arm(*wait);
        return;
    }
    switch (m_state) {
    case State::Answer:
        m_endsAfterAnswer = true;
        answer(problemReply(Problem::Unavailable, "The proxy does not answer in time."));
        return;
    case State::Request:
        // A client that has sent nothing gets no answer.
        if (m_reader.hasStarted()) {
            close(problemReply(Problem::Timeout, "The request was not complete in time."));
            return;
        }
        // Its next request may be on its way: a plain close would answer that with RST.
        if (m_isKnown && isTaken()) {
            beginEnding();
            return;
        }
        break;
    case State::Handshake:
    case State::Events:
    case State::Ending:
    case State::Over:
        break;
    }
    over();
}

void AdminConnection::over()
{
    if (m_state == State::Over)
        return;
    letGo();
    m_keeper.ended(*this);
}

void AdminConnection::letGo()
{
    m_state = State::Over;
    m_deadline.stop();
    m_stream->close();
}

} // namespace sami::admin
