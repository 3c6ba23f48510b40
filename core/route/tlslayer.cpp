// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/tlslayer.h"

#include "net/tlsclientconfig.h"

#include <utility>

namespace sami::route {

using net::DialError;
using net::DialFault;

TlsLayer::TlsLayer(TlsRecipe recipe, std::shared_ptr<net::TlsClientConfig> tls)
    : m_recipe(std::move(recipe)), m_tls(std::move(tls))
{}

TlsLayer::~TlsLayer() = default;

void TlsLayer::prepare()
{
    if (!m_recipe.pins.isEmpty()) {
        m_context = m_tls->withoutAuthorities();
        if (m_context)
            return;
    }
    m_tls->request(this, [this](const net::TlsClientConfig::Answer &answer) {
        if (answer) {
            m_context = answer->context;
            shakeHandsWhenReady();
            return;
        }
        DialError error = answer.error();
        error.blame = net::Blame::Ourselves;
        fail(std::move(error));
    });
}

void TlsLayer::start(Way below)
{
    // A TLS server sends nothing before the client does.
    if (!below.early.isEmpty()) {
        fail({ DialFault::TlsProtocol, "the TLS handshake failed: the server spoke first" });
        return;
    }
    m_below = std::move(below.stream);
    shakeHandsWhenReady();
}

void TlsLayer::shakeHandsWhenReady()
{
    if (!m_below || !m_context)
        return;
    m_handshake = net::makeTlsHandshake(std::move(m_below), m_recipe.host, m_recipe.pins);
    connect(m_handshake.get(), &net::TlsHandshake::succeeded, this, [this] {
        const std::optional<WallTime> until = m_handshake->certificateUntil();
        succeed({ m_handshake->takeStream(), {}, until });
    });
    connect(m_handshake.get(), &net::TlsHandshake::failed, this, [this](DialError error) {
        error.isAmidTls = true;
        fail(std::move(error));
    });
    m_handshake->start(*m_context);
}

DialError TlsLayer::late() const
{
    DialError error { DialFault::ConnectTimeout, "the TLS handshake was not finished in time" };
    error.isAmidTls = true;
    return error;
}

void TlsLayer::abort()
{
    m_below.reset();
    m_handshake.reset();
}

} // namespace sami::route
