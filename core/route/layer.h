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

/// A way as far as it has been made.
struct Way
{
    net::StreamPtr stream; ///< nobody listens to it, and reading is not enabled
    /// Octets that came over it already, before anything that the stream will say: a step may have
    /// read more than its own answer.
    QByteArray early {};
    /// Where the last step was TLS: until when the certificate is good that was shown.
    std::optional<WallTime> certificateUntil {};
};

/// One step of a way, over the stream that the step before has left: TLS, or the wish that a proxy
/// be so kind as to lead on. Owned by the dial, by LayerPtr, which may be let go at any moment:
/// that ends the step and closes the stream that it has. In the dial's thread.
///
///     begin()   once, before there is a stream: what takes time (a list of trusted authorities) is
///               asked for meanwhile. What fails then is told from the event loop.
///     start()   once, or never. How it went is told once: at once, from inside, by a step that has
///               nothing to wait for; otherwise from the event loop. After that assume you are
///               gone.
///
/// A failure says whom it speaks of. A step has no deadline of its own: the dial ends it, and asks
/// late() what to say.
class Layer : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Layer)

public:
    using Over = std::function<void(Result<Way, net::DialError>)>;

    Layer() = default;

    void begin(Over over);
    virtual void start(Way below) = 0;
    /// What has not come in time.
    [[nodiscard]] virtual net::DialError late() const = 0;
    /// How much of the time of the `whole` dial it may take; what is left of that is a limit
    /// anyway.
    [[nodiscard]] virtual std::chrono::milliseconds share(std::chrono::milliseconds whole) const
    {
        return whole;
    }
    /// Tells nobody any more and ends what is under way.
    void letGo();

protected:
    virtual void prepare() {}
    /// Closes what is under way. Idempotent.
    virtual void abort() = 0;

    // The last thing that it does.
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
