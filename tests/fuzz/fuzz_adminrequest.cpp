// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: sizes of pieces, LF, what a client of the admin doors sends.
#include "admin/browserrules.h"
#include "admin/requestreader.h"
#include "admin/router.h"
#include "admin/settingsdesk.h"
#include "admin/tokens.h"
#include "config/optiontable.h"
#include "config/remotesettings.h"
#include "fuzzing.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace sami;
using namespace sami::admin;

namespace {

void checkProblem(const AdminReply &reply)
{
    const QJsonObject problem = QJsonDocument::fromJson(reply.body).object();
    fuzzing::require(reply.status >= 400 && reply.status < 600 && reply.status != 500
                         && problem.value(QStringLiteral("status")).toInt() == reply.status
                         && !problem.value(QStringLiteral("code")).toString().isEmpty(),
                     "what is refused is a problem, and none of ours");
}

/// What a request to set something comes to, up to the file that would keep it.
void setSetting(const http::RequestHead &head, const QByteArray &body)
{
    static const config::LoadedSettings loaded = config::loadSettings({}).value();
    static const SettingsDesk desk = [] {
        SettingsDesk made;
        made.renew(loaded, {}, 1);
        return made;
    }();
    const auto match = Router::find(Router::Door::Admin, head.method, head.target);
    if (!match || match->route->action != Action::SetSetting)
        return;
    Request request;
    request.match = *match;
    request.head = head;
    request.body = body;
    const auto order = desk.judge(request);
    if (!order) {
        checkProblem(order.error());
        return;
    }
    const config::Option &option = *order->option;
    fuzzing::require(config::RemoteSettings::isSettable(option) && head.fields.contains("If-Match"),
                     "nothing but the three is set, and nothing unseen");
    const auto plan = config::RemoteSettings::plan({}, loaded, option, order->value);
    if (!plan)
        return;
    const auto kept = config::IniFile::parse(plan->state.toByteArray());
    fuzzing::require(kept && kept->entries().size() == (order->value.isEmpty() ? 0 : 1),
                     "what is kept is one line");
    config::LoadInput input;
    input.readsState = true;
    input.plannedState = *kept;
    const auto again = config::loadSettings(input);
    fuzzing::require(again && option.equals(again->settings, plan->next.settings),
                     "what is kept counts after a restart as it does now");
}

/// What became of all requests in it, in words.
QByteArray read(const QList<fuzzing::Piece> &pieces)
{
    RequestReader reader;
    QByteArray told;
    for (const fuzzing::Piece &piece : pieces) {
        QByteArrayView left = fuzzing::viewOf(piece);
        do {
            const RequestReader::Step step = reader.feed(left);
            fuzzing::require(step.consumed >= 0 && step.consumed <= left.size(),
                             "no more is taken than came");
            left = left.sliced(step.consumed);
            if (step.status == RequestReader::Status::Failed) {
                checkProblem(reader.fault());
                return told + "failed " + QByteArray::number(reader.fault().status);
            }
            if (step.status == RequestReader::Status::NeedMore) {
                fuzzing::require(left.isEmpty(), "who needs more has taken everything");
                break;
            }
            if (step.status == RequestReader::Status::Complete) {
                fuzzing::require(reader.body().size() <= RequestReader::maxBodyBytes,
                                 "a body is bounded");
                setSetting(reader.head(), reader.body());
                told +=
                    reader.head().method + ' ' + reader.head().target + '\n' + reader.body() + '\n';
                reader.reset();
            }
        } while (!left.isEmpty() || reader.isAwaitingBody());
    }
    return told;
}

void route(const http::RequestHead &head)
{
    for (const Router::Door door : { Router::Door::Admin, Router::Door::Metrics }) {
        const auto match = Router::find(door, head.method, head.target);
        if (!match) {
            checkProblem(match.error());
            continue;
        }
        fuzzing::require(match->route->right == Right::None || door == Router::Door::Admin,
                         "the metrics' door knows no rights");
        fuzzing::require(match->route->right != Right::Manage || head.method == "POST"
                             || head.method == "PUT",
                         "what changes something is a POST or a PUT");
        for (const QByteArray &parameter : match->parameters)
            fuzzing::require(!parameter.isEmpty() && !parameter.contains('/')
                                 && !parameter.contains('\0'),
                             "a parameter is one segment");
    }
    if (const auto refused = refuseForeign(head.fields, {}, Router::Door::Admin))
        checkProblem(*refused);
    else
        fuzzing::require(head.fields.count("Host") == 1, "who passes names a host of ours");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fuzzing::Cuttable input(data, size);
    const QList<fuzzing::Piece> whole { fuzzing::pieceOf(input.octets) };
    fuzzing::require(read(whole) == read(fuzzing::cut(input.octets, input.sizes)),
                     "cut anyhow it reads the same");
    RequestReader reader;
    if (reader.feed(fuzzing::viewOf(whole.first())).status == RequestReader::Status::Head)
        route(reader.head());
    // The same octets as a tokens' file: what was read is written so that it reads the same.
    if (const auto tokens = TokenList::parse(input.octets.toByteArray())) {
        for (const Token &token : tokens->all()) {
            const auto again = TokenList::parse(token.line());
            fuzzing::require(again && again->all() == QList<Token> { token },
                             "a token's line reads as the token");
            fuzzing::require(bool(withoutToken(input.octets.toByteArray(), token.name)),
                             "every token can be revoked");
        }
    }
    return 0;
}
