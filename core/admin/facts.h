// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/clock.h"
#include "base/endpoint.h"
#include "config/settingsloader.h"
#include "route/failover.h"
#include "server/engine.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>

#include <chrono>
#include <optional>
#include <vector>

namespace sami::server {
struct Vitals;
}

namespace sami::admin {

/// What the status says beside what moves: copied out of the engine in its thread, handed to the
/// admin server's. A value without a secret.
struct Facts
{
    SocketAddress listening;
    QJsonObject exposure; ///< as the API shows it
    QJsonObject limits;
    QByteArray pin; ///< of the certificate at the door; empty: no TLS
    bool isOwnCertificate = false;
    QJsonArray setFromAfar; ///< names of settings that count as the API has set them
};

[[nodiscard]] Facts factsOf(const server::Effective &effective);

/// What moves, at one moment.
struct Pulse
{
    account::RunState state = account::RunState::Stopped;
    account::Totals totals; ///< coarse
    QJsonObject running;    ///< what a restart would cut
    WallTime at {};
};

/// What a restart would cut: rows that wait for no request.
[[nodiscard]] QJsonObject runningOf(const QList<account::ConnectionSnapshot> &rows);

/// GET /status, without the caller.
[[nodiscard]] QJsonObject statusOf(const Facts &facts, const server::Vitals &vitals,
                                   const Pulse &pulse);
/// The same without what moves by itself: another one is worth an event.
[[nodiscard]] QJsonObject steadyPartOf(QJsonObject status);

/// Names of the settings that count as the API has set them.
[[nodiscard]] QJsonArray namesSetFromAfar(const config::LoadedSettings &loaded);
/// GET /settings' rows: secrets masked, each with its source.
[[nodiscard]] QJsonArray settingRows(const config::LoadedSettings &loaded);

} // namespace sami::admin
