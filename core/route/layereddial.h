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

/// One dial of a LayeredDialer, from the name to the stream: TCP reaches the first host of the
/// route, then each layer of the route has its turn, then TLS with the endpoint where it is asked
/// for. One deadline is over all of it, and a layer may have a share of its own.
///
///     what fails                          whom it speaks of    then
///     the reach                           -                    the dial fails
///     a layer, before its turn            anybody              the dial fails
///     a layer, by failure or by delay     whom was reached     the reach goes on, where it can,
///     and
///                                                              all layers are made anew; over a
///                                                              stream that stood: the dial fails
///                                         anybody else         the dial fails
///     the deadline comes                  -                    whose turn it is says what is late
///
/// What TLS with the endpoint says of whom was reached speaks, behind a proxy, of the destination.
class LayeredDial final : public DialOperation
{
    Q_OBJECT

public:
    /// The maker is kept: the dialer may be replaced meanwhile.
    LayeredDial(DialRequest request, DialCallback callback, const ReachTools &tools,
                std::shared_ptr<const LayerMaker> maker);
    ~LayeredDial() override;

    void start();
    /// In place of start(): over a stream on which the route's leading TLS stands. Nobody is
    /// reached.
    void startOver(net::StreamPtr stream);
    void cancel() override;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    enum class State {
        Reaching, ///< nobody is connected
        Layering, ///< the layer m_current has its turn
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
    net::Deadline m_deadline { this }; ///< of the whole dial
    net::Deadline m_share { this };    ///< of the layer whose turn it is
    Reach m_reach;
    std::vector<LayerPtr> m_layers;             ///< in their order; made before they have a stream
    size_t m_first = 0;                         ///< those before it stand already, and are null
    size_t m_current = 0;                       ///< whose turn it is, or will be
    DialTimings m_routeTimings;                 ///< of a route that is not direct
    std::optional<WallTime> m_certificateUntil; ///< of the route's first host
    net::StreamPtr m_standing;                  ///< of startOver(), until it has its turn
};

} // namespace sami::route
