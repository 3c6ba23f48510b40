// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/ending.h"

#include <QTest>

using namespace sami::account;
using sami::net::StreamEnd;

/// Who ended work, and how, when a connection's stream ended.
class TestEndings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsFromTheStreamsEnd_data();
    void followsFromTheStreamsEnd();
};

void TestEndings::followsFromTheStreamsEnd_data()
{
    using Upstream = std::pair<Ending, Ending>; // direct, and through a parent
    QTest::addColumn<StreamEnd>("end");
    QTest::addColumn<Ending>("busy");
    QTest::addColumn<Ending>("idle");
    QTest::addColumn<Upstream>("upstream");
    const auto client = [](EndedHow how, Reason reason = {}) {
        return Ending { EndedBy::Client, how, reason };
    };
    const auto upstream = [](EndedHow how, Reason throughParent = {}) {
        return Upstream { { EndedBy::Upstream, how, {} },
                          { EndedBy::Upstream, how, throughParent } };
    };
    using enum EndedHow;
    const Ending full { EndedBy::Proxy, Limit, Cause::Full };

    QTest::newRow("a FIN is orderly")
        << StreamEnd::Fin << client(Fin) << client(Fin) << upstream(Fin);
    QTest::newRow("a reset") << StreamEnd::Reset << client(Reset) << client(Reset)
                             << upstream(Reset, Cause::ParentLost);
    QTest::newRow("a dead peer") << StreamEnd::KeepaliveTimeout << client(Keepalive)
                                 << client(Keepalive) << upstream(Keepalive, Cause::ParentLost);
    QTest::newRow("another error")
        << StreamEnd::Error << client(Error) << client(Error) << upstream(Error, Cause::ParentLost);
    QTest::newRow("without close_notify only work under way can be cut")
        << StreamEnd::Truncated << client(Error, Cause::TlsTruncated) << client(Fin)
        << upstream(Error, Cause::ParentLost);
    QTest::newRow("a connection that the kernel does not watch ends by our limit, not by its peer")
        << StreamEnd::Unwatched << full << full << Upstream { full, full };
}

void TestEndings::followsFromTheStreamsEnd()
{
    using Upstream = std::pair<Ending, Ending>;
    QFETCH(const StreamEnd, end);
    QFETCH(const Ending, busy);
    QFETCH(const Ending, idle);
    QFETCH(const Upstream, upstream);
    QVERIFY(clientEnding(end) == busy);
    QVERIFY(idleClientEnding(end) == idle);
    QVERIFY(upstreamEnding(end, false) == upstream.first);
    QVERIFY(upstreamEnding(end, true) == upstream.second);
}

QTEST_GUILESS_MAIN(TestEndings)
#include "tst_endings.moc"
