// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/layereddial.h"

#include "net/connector.h"

#include <utility>

namespace sami::route {

using net::Blame;
using net::DialError;
using net::DialFault;

LayeredDial::LayeredDial(DialRequest request, DialCallback callback, const ReachTools &tools,
                         std::shared_ptr<const LayerMaker> maker)
    : m_request(std::move(request)), m_callback(std::move(callback)), m_maker(std::move(maker)),
      m_started(Clock::now()),
      m_reach(*this, m_request, tools, m_started, [this](Result<net::StreamPtr, DialError> result) {
          handleReached(std::move(result));
      })
{}

LayeredDial::~LayeredDial() = default;

void LayeredDial::start()
{
    m_deadline.arm(m_request.timeout);
    makeLayers();
    m_reach.start();
}

void LayeredDial::startOver(net::StreamPtr stream)
{
    m_deadline.arm(m_request.timeout);
    m_standing = std::move(stream);
    m_first = m_request.route.leadingTls();
    makeLayers();
    m_state = State::Layering;
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_state == State::Layering && m_standing)
                goOn({ std::move(m_standing) });
        },
        Qt::QueuedConnection);
}

void LayeredDial::timerEvent(QTimerEvent *event)
{
    if (m_deadline.takeExpiry(*event))
        handleExpired();
    else if (!m_share.takeExpiry(*event))
        m_reach.handleTimer(*event);
    else if (m_state == State::Layering)
        handleLayerFailed(m_current, m_layers[m_current]->late());
}

void LayeredDial::cancel()
{
    stop();
    m_callback = nullptr;
}

void LayeredDial::makeLayers()
{
    m_current = m_first;
    m_layers.resize(m_first);
    const std::vector<Recipe> &recipes = m_request.route.layers();
    for (size_t index = m_first; index < recipes.size(); ++index)
        beginLayer(recipes[index]);
    if (m_request.tls)
        beginLayer(TlsRecipe { m_request.endpoint.host, {} });
}

void LayeredDial::beginLayer(const Recipe &recipe)
{
    const size_t index = m_layers.size();
    m_layers.push_back(m_maker->make(recipe));
    m_layers.back()->begin([this, index](Result<Way, DialError> result) {
        handleLayerOver(index, std::move(result));
    });
}

void LayeredDial::handleReached(Result<net::StreamPtr, DialError> result)
{
    if (!result) {
        fail(std::move(result).error());
        return;
    }
    m_state = State::Layering;
    if (m_layers.empty()) // none are needed, or Reach::goOn() found another host
        makeLayers();
    goOn({ std::move(result).value() });
}

void LayeredDial::goOn(Way way)
{
    m_share.cancel();
    if (!way.stream) {
        fail(net::connectError(DialFault::ConnectionReset));
        return;
    }
    if (!m_request.route.isDirect()) {
        noteProgress();
        if (way.certificateUntil && m_current == m_request.route.leadingTls())
            m_certificateUntil = way.certificateUntil;
    }
    if (m_current == m_layers.size()) {
        finish(std::move(way));
        return;
    }
    Layer &layer = *m_layers[m_current];
    const std::chrono::milliseconds share = layer.share(m_request.timeout);
    if (share < m_request.timeout)
        m_share.arm(share);
    layer.start(std::move(way)); // this may be destroyed in there
}

void LayeredDial::noteProgress()
{
    const Clock::duration passed = Clock::now() - m_started;
    if (m_current == m_request.route.leadingTls()) {
        if (m_first == 0) // otherwise it stood before
            m_routeTimings.first = passed;
        if (m_request.reached)
            m_request.reached();
    }
    if (m_current == m_request.route.layers().size())
        m_routeTimings.led = passed;
}

void LayeredDial::handleLayerOver(size_t index, Result<Way, DialError> result)
{
    if (!result) {
        handleLayerFailed(index, std::move(result).error());
        return;
    }
    Q_ASSERT(m_state == State::Layering && index == m_current);
    ++m_current;
    goOn(std::move(result).value());
}

void LayeredDial::handleLayerFailed(size_t index, DialError error)
{
    const bool hadItsTurn = m_state == State::Layering && index == m_current;
    error = judged(index, std::move(error));
    if (!hadItsTurn || error.blame != Blame::Reached || m_first > 0) {
        fail(std::move(error));
        return;
    }
    // The name may have moved: then another host has this address, and no certificate for the name.
    m_state = State::Reaching;
    m_share.cancel();
    m_layers.clear();
    m_reach.goOn(std::move(error));
}

DialError LayeredDial::judged(size_t index, DialError error) const
{
    const bool isOfTheEndpoint = index >= m_request.route.layers().size();
    if (error.blame == Blame::Reached && isOfTheEndpoint && !m_request.route.isDirect())
        error.blame = Blame::Beyond;
    return error;
}

void LayeredDial::handleExpired()
{
    if (m_state == State::Reaching)
        fail(m_reach.late());
    else if (m_state == State::Layering)
        fail(judged(m_current, m_layers[m_current]->late()));
}

void LayeredDial::finish(Way way)
{
    DialTimings timings = m_reach.timings();
    timings.first = m_routeTimings.first;
    timings.led = m_routeTimings.led;
    if (m_request.tls)
        timings.encrypted = Clock::now() - m_started;
    way.stream->setTcpKeepalive(m_request.tcpKeepaliveSeconds);
    stop();
    // This may be destroyed in there.
    const DialCallback callback = std::exchange(m_callback, nullptr);
    callback(Dialled { std::move(way.stream), timings, m_request.route, std::move(way.early),
                       m_certificateUntil });
}

void LayeredDial::fail(DialError error)
{
    stop();
    const DialCallback callback = std::exchange(m_callback, nullptr);
    callback(Unexpected(std::move(error)));
}

/// Ends everything under way. What it drops may be its caller.
void LayeredDial::stop()
{
    m_state = State::Over;
    m_deadline.cancel();
    m_share.cancel();
    m_reach.stop();
    m_standing.reset();
    m_layers.clear();
}

} // namespace sami::route
