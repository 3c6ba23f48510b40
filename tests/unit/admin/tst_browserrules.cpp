// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/browserrules.h"

#include <QTest>

using namespace sami;
using namespace sami::admin;

Q_DECLARE_METATYPE(http::HeaderList)

class TstBrowserRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoMayAsk_data();
    void whoMayAsk();
};

namespace {

const OwnHosts own { { config::ServerName::parse("watch.example.com").value() },
                     QHostAddress(QStringLiteral("192.0.2.7")) };

} // namespace

void TstBrowserRules::whoMayAsk_data()
{
    QTest::addColumn<http::HeaderList>("fields");
    QTest::addColumn<int>("admin");
    QTest::addColumn<int>("metrics");
    const auto row = [](const char *sentence, const http::HeaderList &fields, int forAdmin,
                        int forMetrics) {
        QTest::newRow(sentence) << fields << forAdmin << forMetrics;
    };

    row("B§18: a program that calls localhost is served", { { "Host", "localhost:8081" } }, 0, 0);
    row("B§18: so is one that calls any address of loopback", { { "Host", "127.8.8.8" } }, 0, 0);
    row("B§18: and IPv6's", { { "Host", "[::1]:8081" } }, 0, 0);
    row("B§18: and the address that was called, at any port", { { "Host", "192.0.2.7:1" } }, 0, 0);
    row("B§18: and a name of PROXY_ADMIN_HOSTS, without case, dot and port",
        { { "Host", "Watch.Example.COM.:4711" } }, 0, 0);
    row("B§18: DNS rebinding: a name that only points here is none of ours",
        { { "Host", "attacker.example:8081" } }, 421, 421);
    row("B§18: another address of somebody is none of ours", { { "Host", "192.0.2.8" } }, 421, 0);
    row("B§18: localhost.attacker.example is not localhost",
        { { "Host", "localhost.attacker.example" } }, 421, 421);
    row("B§18: without a Host nobody knows", {}, 421, 0);
    row("B§18: with two nobody knows either", { { "Host", "localhost" }, { "Host", "localhost" } },
        421, 421);
    row("B§18: an empty one is none", { { "Host", "" } }, 421, 421);
    row("B§18: our own page asks",
        { { "Host", "localhost:8081" },
          { "Origin", "http://localhost:8081" },
          { "Sec-Fetch-Site", "same-origin" } },
        0, 0);
    row("B§18: an address typed in", { { "Host", "localhost:8081" }, { "Sec-Fetch-Site", "none" } },
        0, 0);
    row("B§18: a page of another origin asks, by fetch",
        { { "Host", "localhost:8081" },
          { "Origin", "https://attacker.example" },
          { "Sec-Fetch-Site", "cross-site" } },
        403, 403);
    row("B§18: an image of another origin: no Origin, but a site",
        { { "Host", "localhost:8081" }, { "Sec-Fetch-Site", "cross-site" } }, 403, 403);
    row("B§18: another port of this host is another origin",
        { { "Host", "localhost:8081" }, { "Origin", "http://localhost:3000" } }, 403, 403);
    row("B§18: same-site is not same-origin",
        { { "Host", "localhost:8081" }, { "Sec-Fetch-Site", "same-site" } }, 403, 403);
    row("B§18: a sandboxed page's origin is null",
        { { "Host", "localhost:8081" }, { "Origin", "null" } }, 403, 403);
    row("B§18: an origin without a scheme is none",
        { { "Host", "localhost:8081" }, { "Origin", "localhost:8081" } }, 403, 403);
    row("B§18: two origins, of which one is ours",
        { { "Host", "localhost" },
          { "Origin", "http://localhost" },
          { "Origin", "http://attacker.example" } },
        403, 403);
    row("B§18: whoever scrapes goes by an address of any kind",
        { { "Host", "[2001:db8::1]:9464" } }, 421, 0);
    row("B§18: or by a service's name of Docker Compose", { { "Host", "proxy:9464" } }, 421, 0);
    row("B§18: or of Kubernetes", { { "Host", "proxy.monitoring.svc:9464" } }, 421, 0);
    row("B§18: in full", { { "Host", "proxy.monitoring.svc.cluster.local:9464" } }, 421, 0);
    row("B§18: not by a public name that nobody has told us",
        { { "Host", "proxy.example.net:9464" } }, 421, 421);
    row("B§18: a browser does not either",
        { { "Host", "attacker.example:9464" }, { "Sec-Fetch-Mode", "cors" } }, 421, 421);
}

void TstBrowserRules::whoMayAsk()
{
    QFETCH(http::HeaderList, fields);
    QFETCH(int, admin);
    QFETCH(int, metrics);
    const auto statusOf = [&](Router::Door door) {
        const auto refused = refuseForeign(fields, own, door);
        return refused ? refused->status : 0;
    };
    QCOMPARE(statusOf(Router::Door::Admin), admin);
    QCOMPARE(statusOf(Router::Door::Metrics), metrics);
}

QTEST_GUILESS_MAIN(TstBrowserRules)
#include "tst_browserrules.moc"
