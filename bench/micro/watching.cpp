// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "watching.h"

#include "account/books.h"
#include "admin/metricstext.h"
#include "server/context.h"
#include "server/vitals.h"
#include "timing.h"

#include <cstdio>
#include <memory>
#include <vector>

namespace sami::bench {

namespace {

using namespace std::chrono_literals;

account::FinishedWork finishedTunnel()
{
    account::FinishedWork work;
    work.client = QHostAddress(QHostAddress::LocalHost);
    work.method = "CONNECT";
    work.target = "llm.example.com:443";
    work.endpoint = { "llm.example.com", 443 };
    work.dial = 31ms;
    work.firstByte = 900ms;
    work.silence = 12s;
    work.duration = 40s;
    work.up = 40'000;
    work.down = 90'000;
    work.ending = { account::EndedBy::Client, account::EndedHow::Fin };
    return work;
}

void print(const char *name, double each)
{
    std::printf("{\"micro\": \"%s\", \"ns\": %.1f}\n", name, each);
}

void measureEnds()
{
    const account::FinishedWork work = finishedTunnel();
    account::Meters meters;
    print("an end told to the meters", nanoseconds([&] { meters.closed(work); }));
    const auto books = std::make_unique<account::Books>();
    print("an end told to books without meters", nanoseconds([&] { books->ledger.closed(work); }));
    books->keepMeters();
    print("an end told to books with meters", nanoseconds([&] { books->ledger.closed(work); }));
}

void measureScrape(int connections)
{
    const server::ActiveSettings active {
        {}, policy::AccessPolicy(policy::AccessRules {}), nullptr, {}
    };
    server::SharedState shared(active, server::MachineBounds::of(1 << 16, qint64(1) << 30, 2),
                               "sami-0", Clock::now());
    server::VitalsSource source;
    source.keepMeters();
    source.attach(shared, {}, WallClock::now());
    std::vector<account::Registration> live;
    live.reserve(std::size_t(connections));
    for (int i = 0; i < connections; ++i) {
        live.push_back(
            shared.books.registry.add({ QHostAddress(quint32(i)), 40'000 }, Clock::now()));
        live.back()->phase = account::ConnectionPhase::Tunnel;
    }
    char name[80];
    std::snprintf(name, sizeof name, "a scrape beside %d connections", connections);
    print(name, nanoseconds([&] {
              const auto text = admin::metricsText(source.read(Clock::now(), WallClock::now()),
                                                   admin::MetricsFormat::OpenMetrics);
              static_cast<void>(text);
          }));
    std::snprintf(name, sizeof name, "of that under the registry's lock");
    print(name, nanoseconds([&] { static_cast<void>(shared.books.registry.census()); }));
    source.detach();
}

} // namespace

void measureWatching()
{
    measureEnds();
    measureScrape(0);
    measureScrape(10'000);
}

} // namespace sami::bench
