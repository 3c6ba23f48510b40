// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "route/askinglayer.h"
#include "route/route.h"
#include "socks/messages.h"

#include <QByteArray>

namespace sami::route {

/// A SOCKS5 CONNECT, sent to the proxy that the stream below leads to (RFC 1928, RFC 1929). A name
/// is sent as a name. Octets after the reply belong to the destination, and are passed on as early
/// ones.
///
///     Greeting → ┬────────────────────→ Request → (the route stands)
///                └→ Authentication ──┘
///
///     what arrives                                  the fault           whose
///     a method that was not offered, no SOCKS5,
///     octets out of turn, an end in a message       ParentProtocol      the parent's
///     an end or a reset before any octet            ConnectionReset     the parent's
///     an end or a reset instead of the reply        DestinationFailed   the destination's: this is
///                                                                       how OpenSSH reports one
///     method FF, status other than 0                ParentCredentials   the parent's
///     reply 2, not allowed                          ParentForbids       the destination's
///     reply 3, 4, unreachable                       Unreachable         the destination's
///     reply 5, refused                              ConnectionRefused   the destination's
///     reply 6, TTL expired                          ConnectTimeout      the destination's
///     reply 7, no CONNECT                           ParentProtocol      the parent's
///     reply 1, 8, any other                         DestinationFailed   the destination's
///     anything else                                 AskingLayer
///
/// Offers user and password if there is a user; the proxy may choose to do without.
class SocksLayer final : public AskingLayer
{
    Q_OBJECT

public:
    explicit SocksLayer(SocksRecipe recipe);
    ~SocksLayer() override;

protected:
    void ask() override;
    void take(QByteArrayView octets) override;
    void end() override;

private:
    enum class State {
        Greeting,       ///< waits for the method
        Authentication, ///< waits for the status
        Request,        ///< waits for the reply
    };

    // One handler per state.
    void takeMethod();
    void takeStatus();
    void takeReply();

    template <typename Progress> [[nodiscard]] bool has(Progress &progress, bool isLast);
    void goOn(const QByteArray &octets, State next);

    SocksRecipe m_recipe;
    State m_state = State::Greeting;
    QByteArray m_input; ///< of the message that it waits for
};

/// What a reply other than success means.
[[nodiscard]] net::DialError faultOf(socks::ReplyCode code);

} // namespace sami::route
