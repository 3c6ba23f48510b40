// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "rawpeer.h"
#include "route/layer.h"
#include "scriptedstream.h"

#include <QPointer>

#include <functional>
#include <memory>
#include <optional>

namespace sami::test {

/// What carries the layer under test.
enum class Line {
    Socket, ///< a real socket on loopback
    Whole,  ///< a scripted stream: data is read as it arrived
    Octets, ///< the same, one byte per read
};

/// A layer that asks a proxy for something, and the proxy's end of its stream. The test plays the
/// proxy.
class LayerRig
{
    Q_DISABLE_COPY_MOVE(LayerRig)

public:
    explicit LayerRig(Line line, route::LayerPtr made) : layer(std::move(made))
    {
        if (line == Line::Socket) {
            Pair pair = makePair(false);
            m_below = std::move(pair.stream);
            raw = std::move(pair.peer);
        } else {
            auto *stream = new ScriptedStream;
            m_below.reset(stream);
            scripted = stream;
            scripted->largestRead = line == Line::Octets ? 1 : 1 << 20;
        }
        layer->begin([this](Result<route::Way, net::DialError> result) {
            ++ends;
            if (result)
                way = std::move(result).value();
            else
                error = std::move(result).error();
            whenOver();
        });
    }

    void start(const QByteArray &early = {}) { layer->start({ std::move(m_below), early }); }
    /// Everything that the layer has sent.
    [[nodiscard]] QByteArray asked()
    {
        if (raw)
            return raw->received;
        if (scripted)
            m_asked += scripted->takeSent();
        return m_asked;
    }
    void answer(const QByteArray &octets)
    {
        if (raw)
            raw->send(octets);
        else if (scripted)
            scripted->arrive(octets);
    }
    void end(net::StreamEnd how)
    {
        if (raw)
            how == net::StreamEnd::Fin ? raw->sendFin() : raw->sendReset();
        else if (scripted)
            scripted->arriveEnd(how);
    }
    /// "way", the short code of the fault, or "nothing".
    [[nodiscard]] QByteArray outcome() const
    {
        return way ? QByteArray("way") : error ? error->detail : QByteArray("nothing");
    }

    route::LayerPtr layer;
    QPointer<ScriptedStream> scripted;
    std::unique_ptr<RawPeer> raw;
    int ends = 0;
    std::optional<route::Way> way;
    std::optional<net::DialError> error;
    std::function<void()> whenOver = [] {};

private:
    net::StreamPtr m_below;
    QByteArray m_asked;
};

inline void addLines(const std::function<void(const char *, Line)> &add)
{
    add("over a socket", Line::Socket);
    add("over a stream of the test's", Line::Whole);
    add("an octet at a time", Line::Octets);
}

} // namespace sami::test
