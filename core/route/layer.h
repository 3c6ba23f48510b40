// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "net/bytestream.h"
#include "net/dialfault.h"
#include "net/later.h"
#include "route/route.h"

#include <QByteArray>
#include <QObject>

#include <chrono>
#include <functional>
#include <optional>

namespace sami::route {

/// A connection through the layers built so far.
struct Way
{
    net::StreamPtr stream; ///< has no listener, and reading is not enabled
    /// Octets that precede everything that the stream will deliver: a layer may have read past its
    /// own answer.
    QByteArray early {};
    /// If the last step was TLS: when the certificate that was shown expires.
    std::optional<WallTime> certificateUntil {};
};

/// One step of a route, on the stream of the step before: TLS, or a proxy's CONNECT. Owned by the
/// dial through a LayerPtr; destroying that at any moment ends the step and closes its stream. In
/// the dial's thread.
///
///     begin()   once, before there is a stream: starts what takes time (loading the trusted
///               authorities). A failure is reported from the event loop.
///     start()   at most once. The outcome is reported once: from inside, if the step has nothing
///               to wait for; otherwise from the event loop. After that the layer may be gone.
///
/// A failure says whom it blames. A step has no deadline of its own: the dial ends it, and takes
/// the error from late().
class Layer : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Layer)

public:
    using Over = std::function<void(Result<Way, net::DialError>)>;

    Layer() = default;

    void begin(Over over);
    virtual void start(Way below) = 0;
    /// The error if this step is the one that is late.
    [[nodiscard]] virtual net::DialError late() const = 0;
    /// How long this step may take in a dial that may take `whole`. The dial's remaining time
    /// limits it in any case.
    [[nodiscard]] virtual std::chrono::milliseconds share(std::chrono::milliseconds whole) const
    {
        return whole;
    }
    /// Ends what is under way, and reports nothing any more.
    void letGo();

protected:
    virtual void prepare() {}
    /// Closes what is under way. Idempotent.
    virtual void abort() = 0;

    // Call these last: this object may be gone afterwards.
    void succeed(Way way);
    void fail(net::DialError error);

private:
    Over m_over;
};

using LayerPtr = net::LaterPtr<Layer, &Layer::letGo>;

/// Makes the layer of a recipe. Thread-safe.
class LayerMaker
{
public:
    virtual ~LayerMaker() = default;

    [[nodiscard]] virtual LayerPtr make(const Recipe &recipe) const = 0;
};

} // namespace sami::route
