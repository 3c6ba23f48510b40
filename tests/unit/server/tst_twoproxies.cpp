// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Two proxies in one process, as a program that embeds the core may have. The limits of one are
// neither shared with the other nor overwritten by it.
#include "config/settings.h"
#include "rawpeer.h"
#include "server/proxyserver.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <QTest>

#include <memory>
#include <sys/resource.h>
#include <vector>

using namespace sami;
using namespace sami::server;
using sami::test::Buffers;
using sami::test::RawListener;
using sami::test::RawPeer;

namespace {

/// With so few descriptors a proxy has a single bulk pipe; with a daemon's it has 64.
constexpr rlim_t tightDescriptors = 127;
constexpr int tightPipes = 1;
constexpr int tunnels = 3;
constexpr qsizetype megabyte = 1024 * 1024;

QSet<QString> openPipes()
{
    QSet<QString> pipes;
    const QDir descriptors(QStringLiteral("/proc/self/fd"));
    const QStringList names = descriptors.entryList(QDir::Files | QDir::System);
    for (const QString &name : names) {
        const QString target = QFileInfo(descriptors.filePath(name)).symLinkTarget();
        if (target.contains(u"/pipe:["))
            pipes.insert(target);
    }
    return pipes;
}

config::Settings settings()
{
    config::Settings settings;
    settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
    settings.limits.threads = 1;
    settings.access.privateTargets.all = true;
    return settings;
}

/// A tunnel whose client stopped reading in the middle of a large transfer.
struct StuckTunnel
{
    explicit StuckTunnel(const ProxyServer &proxy)
        : client(std::make_unique<RawPeer>(
            test::connectRaw(proxy.effective()->listening, Buffers::Small)))
    {
        const QByteArray target = origin.address().toByteArray();
        client->send("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");
        QVERIFY(QTest::qWaitFor([this] { return client->received.contains("200"); }));
        client->setReading(false);
        upstream = std::make_unique<RawPeer>(origin.accept());
        upstream->send(QByteArray(32 * megabyte, 'x'));
    }

    RawListener origin;
    std::unique_ptr<RawPeer> client;
    std::unique_ptr<RawPeer> upstream;
};

std::vector<std::unique_ptr<StuckTunnel>> makeStuck(const ProxyServer &proxy)
{
    std::vector<std::unique_ptr<StuckTunnel>> stuck;
    for (int i = 0; i < tunnels; ++i)
        stuck.push_back(std::make_unique<StuckTunnel>(proxy));
    // All that can move has moved.
    for (const std::unique_ptr<StuckTunnel> &tunnel : stuck)
        test::waitUntilSettled([&tunnel] { return tunnel->upstream->unsent(); });
    return stuck;
}

} // namespace

class TestTwoProxies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachHasItsOwnBudgets();
};

void TestTwoProxies::eachHasItsOwnBudgets()
{
    rlimit limit {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_max < 4096)
        QSKIP("the hard limit on open files is too low for more than one pipe");
    ProxyServer wide;
    wide.start(settings(), &wide, {});
    QVERIFY(wide.effective());
    // The hard limit too: a proxy raises the soft one as far as it can.
    const rlimit tight { tightDescriptors, tightDescriptors };
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    ProxyServer narrow;
    narrow.start(settings(), &narrow, {});
    QVERIFY(narrow.effective());
    const int limitOfTheWide = wide.effective()->settings.limits.maxConnections;
    QVERIFY2(limitOfTheWide > narrow.effective()->settings.limits.maxConnections,
             "their bounds differ");

    const qsizetype before = openPipes().size();
    const auto ofTheNarrow = makeStuck(narrow);
    QCOMPARE(openPipes().size() - before, tightPipes);
    const auto ofTheWide = makeStuck(wide);
    QCOMPARE(openPipes().size() - before, tightPipes + tunnels);
    narrow.stop();
    QCOMPARE(openPipes().size() - before, tunnels);
    wide.stop();
    QCOMPARE(openPipes().size(), before);
}

QTEST_GUILESS_MAIN(TestTwoProxies)
#include "tst_twoproxies.moc"
