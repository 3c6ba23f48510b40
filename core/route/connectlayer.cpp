// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/connectlayer.h"

#include "http/headwriter.h"
#include "route/parentanswer.h"

#include <utility>

namespace sami::route {

using net::DialFault;

ConnectLayer::ConnectLayer(ConnectRecipe recipe)
    : AskingLayer(limits.maxHeadBytes), m_recipe(std::move(recipe))
{}

ConnectLayer::~ConnectLayer() = default;

void ConnectLayer::ask()
{
    http::RequestHead head;
    head.method = "CONNECT";
    head.target = m_recipe.target.toByteArray();
    head.fields.append("Host", head.target);
    if (!m_recipe.via.isEmpty())
        head.fields.append("Via", m_recipe.via);
    if (!m_recipe.authorization.isEmpty())
        head.fields.append("Proxy-Authorization", m_recipe.authorization);
    QByteArray octets;
    http::writeRequestHead(octets, head);
    say(octets);
}

void ConnectLayer::take(QByteArrayView octets)
{
    using Status = http::HeadProgress::Status;
    for (;;) {
        const http::HeadProgress progress = m_parser.feed(octets);
        if (progress.status == Status::NeedMore)
            return;
        if (progress.status == Status::Failed) {
            failParent(DialFault::ParentProtocol,
                       QByteArray("the parent proxy did not answer in HTTP: ")
                           + http::toString(progress.error.code));
            return;
        }
        octets = octets.sliced(progress.consumed);
        const http::ResponseHead answer = m_parser.take();
        if (!answer.isInterim() || answer.status == 101 || answer.isMended) {
            takeAnswer(answer, octets);
            return;
        }
        if (++m_interim > maxInterim) {
            failParent(DialFault::ParentProtocol, "the parent proxy never comes to its answer");
            return;
        }
    }
}

void ConnectLayer::takeAnswer(const http::ResponseHead &answer, QByteArrayView rest)
{
    // Other readers may see its end, and so the next octets, differently.
    if (answer.isMended) {
        failParent(DialFault::ParentProtocol, "the parent proxy's answer is malformed");
        return;
    }
    if (std::optional<net::DialError> error = faultOf(answer)) {
        giveUp(std::move(*error));
        return;
    }
    lead(rest.toByteArray());
}

} // namespace sami::route
