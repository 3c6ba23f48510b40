// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "scene.h"

#include "gui/control/proxycontroller.h"
#include "gui/models/traffichistory.h"

#include <QThread>

#include <array>
#include <cmath>

namespace sami::test {

using namespace std::chrono_literals;
using namespace gui;
using server::ConnectionPhase;
using server::EndedBy;
using server::EndedHow;

namespace {

constexpr unsigned long stepMs = 12;

/// A live connection; times in milliseconds.
struct Live
{
    const char *client;
    const char *user;
    const char *host;
    ConnectionPhase phase;
    quint64 up;
    quint64 down;
    qint64 age;
    qint64 sinceUp;
    qint64 sinceDown;
    qint64 firstByte;
    int rate; ///< octets a second towards the client
};

constexpr std::array lives {
    Live { "192.0.2.17", "sami", "api.openai.com", ConnectionPhase::Tunnel, 18'400, 412'000,
           341'000, 14'000, 30, 640, 5200 },
    Live { "192.0.2.17", "sami", "api.anthropic.com", ConnectionPhase::Tunnel, 96'300, 2'210'000,
           754'000, 192'000, 199'000, 910, 0 },
    Live { "192.0.2.23", "notebook", "openrouter.ai", ConnectionPhase::Tunnel, 7'900, 88'000,
           63'000, 42'000, 110, 1'820, 2100 },
    Live { "192.0.2.23", "notebook", "api.openai.com", ConnectionPhase::Tunnel, 5'200, 31'500,
           158'000, 78'000, 47'000, 430, 0 },
    Live { "198.51.100.8", "batch", "api.anthropic.com", ConnectionPhase::Tunnel, 1'340'000,
           186'000, 1'265'000, 20, 400, 720, 900 },
    Live { "198.51.100.8", "batch", "api.openai.com", ConnectionPhase::Tunnel, 22'100, 1'034'000,
           487'000, 9'000, 60, 515, 7400 },
    Live { "198.51.100.8", "batch", "openrouter.ai", ConnectionPhase::Connecting, 0, 0, 300, 300,
           300, 0, 0 },
    Live { "203.0.113.40", "phone", "openrouter.ai", ConnectionPhase::Tunnel, 3'100, 19'800, 44'000,
           31'000, 12'000, 1'140, 0 },
};

/// Something that has finished; times in milliseconds.
struct Past
{
    qint64 ago;
    const char *client;
    const char *host;
    EndedBy by;
    EndedHow how;
    quint64 up;
    quint64 down;
    qint64 silence;
    qint64 duration;
    const char *reason;
    int status;
};

constexpr std::array pasts {
    Past { 1'480'000, "192.0.2.17", "api.openai.com", EndedBy::Upstream, EndedHow::Fin, 12'700,
           377'000, 3'000, 94'000, "", 200 },
    Past { 1'130'000, "198.51.100.8", "api.anthropic.com", EndedBy::Client, EndedHow::Reset, 64'000,
           1'120'000, 41'000, 312'000, "", 200 },
    Past { 845'000, "192.0.2.23", "openrouter.ai", EndedBy::Upstream, EndedHow::Reset, 4'300,
           15'000, 62'000, 66'000, "", 200 },
    Past { 610'000, "192.0.2.17", "api.anthropic.com", EndedBy::Proxy, EndedHow::TimeoutSilence,
           81'000, 240'000, 1'200'000, 1'331'000, "", 200 },
    Past { 402'000, "203.0.113.40", "api.openai.com", EndedBy::Client, EndedHow::Keepalive, 2'900,
           11'400, 118'000, 151'000, "", 200 },
    Past { 195'000, "198.51.100.8", "llm.example.net", EndedBy::Proxy, EndedHow::DialFailed, 0, 0,
           0, 140, "dns_error", 502 },
    Past { 38'000, "192.0.2.23", "api.openai.com", EndedBy::Client, EndedHow::Fin, 9'800, 143'000,
           8'000, 57'000, "", 200 },
};

struct Refused
{
    const char *client;
    const char *host;
    quint16 port;
    const char *reason;
    quint64 count;
    std::chrono::seconds ago;
};

constexpr std::array refusals {
    Refused { "203.0.113.99", "", 0, "client_not_listed", 14, 40s },
    Refused { "192.0.2.23", "nas.example", 443, "private_target", 3, 130s },
    Refused { "198.51.100.8", "mail.example.net", 25, "port_not_listed", 2, 600s },
    Refused { "192.0.2.17", "telemetry.example.org", 443, "host_not_listed", 41, 15s },
    Refused { "203.0.113.40", "", 0, "credentials_wrong", 4, 900s },
    Refused { "203.0.113.66", "", 0, "guesser_blocked", 27, 75s },
};

} // namespace

Scene::Scene(FakeEngine &engine) : m_engine(engine)
{
    m_engine.address = { QHostAddress(QStringLiteral("192.0.2.5")), 8080 };
    fillConnections();
    fillFinished();
    fillRefusals();
    m_engine.sums.connections = 1'312;
    m_engine.sums.requests = 1'304;
    m_engine.sums.up = 48'700'000;
    m_engine.sums.down = 912'000'000;
}

QByteArray Scene::settings()
{
    return "address = 192.0.2.5\nport = 8080\nauth_username = sami\nauth_password = 7kd-Vw2p-Xr\n"
           "allowed_ips = 192.0.2.0/24,198.51.100.8\n"
           "allowed_hosts = @openai,@anthropic,@openrouter\n";
}

QList<OwnAddress> Scene::ownAddresses()
{
    return { { QStringLiteral("eth0"), QHostAddress(QStringLiteral("192.0.2.5")), 24 },
             { QStringLiteral("eth0"), QHostAddress(QStringLiteral("2001:db8::5")), 64 } };
}

void Scene::fillConnections()
{
    quint64 id = 1301;
    for (const Live &live : lives) {
        server::ConnectionSnapshot row;
        row.id = id;
        row.client = { QHostAddress(QString::fromLatin1(live.client)),
                       quint16(49'000 + 37 * id % 9000) };
        row.user = live.user;
        row.method = "CONNECT";
        row.endpoint = { live.host, 443 };
        row.target = row.endpoint.toByteArray();
        row.phase = live.phase;
        row.requests = 1;
        row.up = live.up;
        row.down = live.down;
        row.age = std::chrono::milliseconds(live.age);
        row.sinceUp = std::chrono::milliseconds(live.sinceUp);
        row.sinceDown = std::chrono::milliseconds(live.sinceDown);
        row.longestSilence =
            std::max(std::chrono::milliseconds(live.age / 9),
                     std::chrono::milliseconds(std::min(live.sinceUp, live.sinceDown)));
        row.dial = 38ms;
        if (live.firstByte > 0)
            row.firstByte = std::chrono::milliseconds(live.firstByte);
        m_engine.put(row);
        ++id;
    }
}

void Scene::fillFinished()
{
    quint64 id = 1201;
    for (const Past &past : pasts) {
        server::FinishedWork work = FakeEngine::makeWork(id++, past.host);
        work.finishedAt = WallClock::now() - std::chrono::milliseconds(past.ago);
        work.client = QHostAddress(QString::fromLatin1(past.client));
        work.up = past.up;
        work.down = past.down;
        work.status = past.status;
        work.firstByte.reset();
        if (past.down > 0)
            work.firstByte = 520ms;
        work.silence = std::chrono::milliseconds(past.silence);
        work.duration = std::chrono::milliseconds(past.duration);
        work.by = past.by;
        work.how = past.how;
        work.reason = past.reason;
        m_engine.finished.append(work);
    }
}

void Scene::fillRefusals()
{
    for (const Refused &refused : refusals) {
        server::RefusalRow row =
            FakeEngine::makeRefusal(refused.client, refused.host, refused.port, refused.reason);
        row.count = refused.count;
        row.last = WallClock::now() - refused.ago;
        m_engine.refused.append(row);
    }
    m_engine.blocked = { { QHostAddress(QStringLiteral("203.0.113.66")), 498s } };
}

void Scene::step()
{
    const TimePoint now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - m_last).count();
    m_last = now;
    ++m_steps;
    for (std::size_t i = 0; i < lives.size(); ++i) {
        server::ConnectionSnapshot &row = m_engine.connection(1301 + i);
        // Models speak in bursts, each in its own rhythm.
        const double burst =
            1 + std::sin(m_steps * 0.045 * double(i + 1)) * std::sin(m_steps * 0.021 + double(i));
        row.down += quint64(lives.at(i).rate * burst * seconds);
        if (i == 4 && (m_steps + 70) % 120 < 40)
            row.up += quint64(21'000 * burst * seconds);
    }
}

void Scene::play(ProxyController &controller)
{
    // Without the event loop: the controller's own clock would put a second between.
    for (qsizetype i = 0; i < TrafficHistory::capacity; ++i) {
        QThread::msleep(stepMs);
        step();
        controller.tick();
    }
}

} // namespace sami::test
