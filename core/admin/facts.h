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
struct Condition;
}

namespace sami::admin {

/// The part of the status that changes only with the settings or the certificate. Copied out of the
/// engine in the engine's thread, and passed to the admin server's thread. A value without secrets.
struct Facts
{
    SocketAddress listening;
    QJsonObject exposure; ///< as the API shows it
    QJsonObject limits;
    QByteArray pin; ///< of the door's certificate; empty without TLS
    bool isOwnCertificate = false;
    QJsonArray setFromAfar; ///< names of the settings that the API has set
};

[[nodiscard]] Facts factsOf(const server::Effective &effective);

/// The part of the status that changes by itself, at one moment.
struct LiveStatus
{
    account::RunState state = account::RunState::Stopped;
    account::Totals totals; ///< coarse
    QJsonObject running;    ///< what a restart would cut
    WallTime at {};
};

/// What a restart would cut: the rows that are not waiting for a request.
[[nodiscard]] QJsonObject runningOf(const QList<account::ConnectionSnapshot> &rows);

/// GET /status, without the caller.
[[nodiscard]] QJsonObject statusOf(const Facts &facts, const server::Condition &condition,
                                   const LiveStatus &liveStatus);
/// The same without the parts that change by themselves: a change of the rest is worth an event.
[[nodiscard]] QJsonObject steadyPartOf(QJsonObject status);

/// Names of the settings whose value in force was set by the API.
[[nodiscard]] QJsonArray namesSetFromAfar(const config::LoadedSettings &loaded);
/// GET /settings' rows: secrets masked, each with its source.
[[nodiscard]] QJsonArray settingRows(const config::LoadedSettings &loaded);

} // namespace sami::admin
