// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminserver.h"

#include "admin/audit.h"
#include "admin/house.h"
#include "base/lowpriority.h"
#include "config/optiontable.h"
#include "net/eventdispatcher.h"
#include "server/machinebounds.h"
#include "server/vitals.h"

#include <utility>

namespace sami::admin {

namespace {

/// The proxy checks its certificate every minute.
constexpr std::chrono::seconds identityInterval { 10 };
/// Longer than a journey takes from its judgement to its connect(2), which is usually far less than
/// a millisecond.
constexpr std::chrono::milliseconds openingRest { 1000 };

constexpr int descriptorsOf(const AdminPlaces::Numbers &places)
{
    return places.strangers + places.known + 2 * places.peers;
}

static_assert(descriptorsOf(House::adminPlaces) + descriptorsOf(House::metricsPlaces)
                  + House::otherDescriptors
              <= server::MachineBounds::adminDescriptors);

} // namespace

AdminServer::AdminServer(server::ProxyServer &proxy, config::Backend eventDispatcher)
    : m_proxy(&proxy)
{
    if (eventDispatcher == config::Backend::Native)
        net::installEventDispatcher(m_thread);
    m_thread.setObjectName(QStringLiteral("sami-admin"));
    m_anchor.moveToThread(&m_thread);
    m_thread.start();
    // On two busy cores, three watchers cost a tick's p99 half a millisecond at equal priority.
    QMetaObject::invokeMethod(&m_anchor, [] { lowerOwnPriority(LowPriority::BelowStreams); });
    connect(&m_identityLook, &QTimer::timeout, this, &AdminServer::passIdentity);

    // These are called in the house's thread. All but the last two post to this thread, and
    // their answers are posted back.
    Orders orders;
    orders.closeConnection = [this](quint64 id) {
        QMetaObject::invokeMethod(this, [this, id] {
            if (m_proxy)
                m_proxy->closeConnection(id);
        });
    };
    orders.liftBlock = [this](const QHostAddress &address, std::function<void(bool)> then) {
        QMetaObject::invokeMethod(this, [this, address, then = std::move(then)] {
            if (!m_proxy)
                return;
            m_proxy->liftBlock(address, this, [this, then](bool wasBlocked) {
                inHouse([then, wasBlocked](House &) { then(wasBlocked); });
            });
        });
    };
    orders.readUsers = [this](const std::function<void()> &then) {
        QMetaObject::invokeMethod(this, [this, then] {
            if (m_proxy)
                m_proxy->readUsers();
            inHouse([then](House &) { then(); });
        });
    };
    orders.drain = [this](std::optional<std::chrono::milliseconds> grace,
                          const std::function<void(bool)> &then) {
        QMetaObject::invokeMethod(this, [this, grace, then] {
            Q_EMIT drainRequested(grace, [this, then](bool isTaken) {
                inHouse([then, isTaken](House &) { then(isTaken); });
            });
        });
    };
    orders.setSetting = [this](const SettingOrder &order, const SettingAnswer &answer) {
        QMetaObject::invokeMethod(this, [this, order, answer] { pass(order, answer); });
    };
    orders.vitals = [&proxy] { return proxy.vitals(); };
    orders.condition = [&proxy] { return proxy.condition(); };
    auto ask = [this](quint64 revision) {
        QMetaObject::invokeMethod(this, [this, revision] { look(revision); });
    };
    QMetaObject::invokeMethod(
        &m_anchor, [&] { m_house = std::make_unique<House>(std::move(orders), std::move(ask)); },
        Qt::BlockingQueuedConnection);
}

AdminServer::~AdminServer()
{
    QMetaObject::invokeMethod(
        &m_anchor, [this] { m_house->shut(); }, Qt::BlockingQueuedConnection);
    // Two calls: between them the event loop frees what was dropped.
    QMetaObject::invokeMethod(
        &m_anchor, [this] { m_house.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

Result<config::AdminSettings, QString> AdminServer::prepare(const config::AdminSettings &asked)
{
    if (asked.metrics && m_proxy)
        m_proxy->keepMeters();
    std::optional<Result<config::AdminSettings, QString>> result;
    QMetaObject::invokeMethod(
        &m_anchor, [&] { result.emplace(m_house->prepare(asked)); }, Qt::BlockingQueuedConnection);
    return std::move(*result);
}

void AdminServer::serve(const config::LoadedSettings &loaded, Opening opening)
{
    passIdentity();
    const auto &doors = loaded.settings.admin.doors;
    const bool hasTls = std::any_of(doors.cbegin(), doors.cend(), [](const auto &door) {
        return door.kind == config::AdminDoor::Kind::Tls;
    });
    if (hasTls)
        m_identityLook.start(identityInterval);
    else
        m_identityLook.stop();
    ++m_edition;
    m_setFromAfar = namesSetFromAfar(loaded);
    const policy::PrivateClients privateClients =
        m_proxy ? m_proxy->privateClients() : policy::PrivateClients();
    QMetaObject::invokeMethod(
        &m_anchor,
        [&] {
            m_house->commit(loaded, privateClients, m_edition,
                            opening == Opening::AtOnce ? std::chrono::milliseconds(0)
                                                       : openingRest);
        },
        Qt::BlockingQueuedConnection);
}

/// Answers a question of the house with the engine's changes.
void AdminServer::look(quint64 revision)
{
    if (!m_proxy)
        return;
    m_proxy->since(revision, this, [this](const account::Changes &changes) {
        Observation observation { changes, {}, m_proxy->users() };
        if (const server::Effective *effective = m_proxy->effective())
            observation.facts = factsOf(*effective);
        observation.facts.setFromAfar = m_setFromAfar;
        inHouse([observation](House &house) { house.take(observation); });
    });
}

/// Passes an order on. The house judged it by the settings that it had; others may be in force by
/// now.
void AdminServer::pass(const SettingOrder &order, const SettingAnswer &answer)
{
    const auto finish = [self = QPointer(this), order, answer](const SettingOutcome &outcome) {
        if (!self)
            return;
        if (outcome)
            audit(order.caller, "set_setting", order.option->iniKey().toLatin1(),
                  order.value.toUtf8());
        self->inHouse([answer, outcome](House &) { answer(outcome); });
    };
    if (order.edition != m_edition) {
        finish(Unexpected(problemReply(Problem::PreconditionFailed,
                                       "The settings have changed since; read them again.")));
        return;
    }
    Q_EMIT settingRequested(order, finish);
}

void AdminServer::passIdentity()
{
    if (!m_proxy)
        return;
    auto identity = m_proxy->identity();
    if (identity == m_identity)
        return;
    m_identity = identity;
    inHouse([identity](House &house) { house.setIdentity(identity); });
}

void AdminServer::inHouse(std::function<void(House &house)> action)
{
    QMetaObject::invokeMethod(&m_anchor, [this, action = std::move(action)] {
        if (m_house)
            action(*m_house);
    });
}

} // namespace sami::admin
