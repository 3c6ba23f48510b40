// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/layereddialer.h"

#include "route/connectlayer.h"
#include "route/layereddial.h"
#include "route/sockslayer.h"
#include "route/tlslayer.h"

#include <utility>

namespace sami::route {

namespace {

class Maker final : public LayerMaker
{
public:
    explicit Maker(std::shared_ptr<net::TlsClientConfig> tls) : m_tls(std::move(tls)) {}

    [[nodiscard]] LayerPtr make(const Recipe &recipe) const override
    {
        return std::visit([this](const auto &kind) { return this->layerOf(kind); }, recipe);
    }

private:
    [[nodiscard]] LayerPtr layerOf(const TlsRecipe &recipe) const
    {
        return LayerPtr(new TlsLayer(recipe, m_tls));
    }
    [[nodiscard]] static LayerPtr layerOf(const ConnectRecipe &recipe)
    {
        return LayerPtr(new ConnectLayer(recipe));
    }
    [[nodiscard]] static LayerPtr layerOf(const SocksRecipe &recipe)
    {
        return LayerPtr(new SocksLayer(recipe));
    }

    std::shared_ptr<net::TlsClientConfig> m_tls;
};

} // namespace

LayeredDialer::LayeredDialer(std::shared_ptr<net::Resolver> resolver,
                             std::shared_ptr<net::TlsClientConfig> tls, bool portable,
                             ExitRoute exit)
    : m_tools { std::move(resolver), {}, portable },
      m_maker(std::make_shared<const Maker>(std::move(tls)))
{
    if (!(exit == ExitRoute {}))
        m_tools.exit = std::make_shared<const ExitRoute>(std::move(exit));
}

DialPtr LayeredDialer::dial(const DialRequest &request, DialCallback callback)
{
    auto *operation = new LayeredDial(request, std::move(callback), m_tools, m_maker);
    DialPtr owner(operation);
    operation->start();
    return owner;
}

DialPtr LayeredDialer::dialOver(net::StreamPtr stream, const DialRequest &request,
                                DialCallback callback)
{
    auto *operation = new LayeredDial(request, std::move(callback), m_tools, m_maker);
    DialPtr owner(operation);
    operation->startOver(std::move(stream));
    return owner;
}

} // namespace sami::route
