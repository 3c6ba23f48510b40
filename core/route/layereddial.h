// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "net/bytestream.h"
#include "net/deadline.h"
#include "net/dialfault.h"
#include "route/dialer.h"
#include "route/layer.h"
#include "route/reach.h"

#include <memory>
#include <optional>
#include <vector>

namespace sami::route {

/// One dial of a LayeredDialer, from the name to the stream: TCP to the first host of the route,
/// then each layer of the route in turn, then TLS with the endpoint if requested. One deadline
/// covers all of it, and a layer may have a share of its own.
///
///     what fails                          whom it blames       then
///     the reach                           -                    the dial fails
///     a layer, before its turn            anybody              the dial fails
///     a layer, by failure or by delay     the host reached     the reach goes on, if it can, and
///                                                              all layers are rebuilt; after
///                                                              startOver() the dial fails
///                                         anybody else         the dial fails
///     the deadline comes                  -                    the current step says what is late
///
/// Through a proxy, an error of TLS with the endpoint blames the destination, not the host that was
/// reached.
class LayeredDial final : public DialOperation
{
    Q_OBJECT

public:
    /// Keeps the maker: the dialer may be replaced meanwhile.
    LayeredDial(DialRequest request, DialCallback callback, const ReachTools &tools,
                std::shared_ptr<const LayerMaker> maker);
    ~LayeredDial() override;

    void start();
    /// Replaces start(): uses a stream on which the route's leading TLS already stands. Connects to
    /// no host.
    void startOver(net::StreamPtr stream);
    void cancel() override;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    enum class State {
        Reaching, ///< no host is connected yet
        Layering, ///< layer m_current is running
        Over,     ///< called back or cancelled
    };

    void makeLayers();
    void beginLayer(const Recipe &recipe);
    void handleReached(Result<net::StreamPtr, net::DialError> result);
    void goOn(Way way);
    void noteProgress();
    void handleLayerOver(size_t index, Result<Way, net::DialError> result);
    void handleLayerFailed(size_t index, net::DialError error);
    [[nodiscard]] net::DialError judged(size_t index, net::DialError error) const;
    void handleExpired();

    void finish(Way way);
    void fail(net::DialError error);
    void stop();

    const DialRequest m_request;
    DialCallback m_callback;
    std::shared_ptr<const LayerMaker> m_maker;
    State m_state = State::Reaching;
    TimePoint m_started;
    net::Deadline m_deadline { this }; ///< for the whole dial
    net::Deadline m_share { this };    ///< for the current layer
    Reach m_reach;
    std::vector<LayerPtr> m_layers;             ///< in order; made before there is a stream
    size_t m_first = 0;                         ///< the layers before it stand already: null
    size_t m_current = 0;                       ///< whose turn it is, or will be
    DialTimings m_routeTimings;                 ///< of a route that is not direct
    std::optional<WallTime> m_certificateUntil; ///< of the route's first host
    net::StreamPtr m_standing;                  ///< startOver()'s, until its turn comes
};

} // namespace sami::route
