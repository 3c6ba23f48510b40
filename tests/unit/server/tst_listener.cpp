// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The way of platforms on which QTcpServer accepts, on any platform.
#include "logrig.h"
#include "server/listener.h"

#include <QCoreApplication>
#include <QNetworkProxy>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <functional>
#include <list>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;

namespace {

struct Rig
{
    Rig()
    {
        if (!listener.bind({ QHostAddress(QHostAddress::LocalHost), 0 }))
            qFatal("cannot listen");
        listener.resumeAccepting();
    }

    /// QTcpServer's accept() has failed: there are no descriptors.
    void fail()
    {
        listener.pauseAccepting();
        Q_EMIT listener.acceptError(QAbstractSocket::SocketResourceError);
    }
    void connectClient()
    {
        clients.emplace_back().setProxy(QNetworkProxy::NoProxy);
        clients.back().connectToHost(listener.where().address, listener.where().port);
    }
    [[nodiscard]] qsizetype complaints()
    {
        const QList<QJsonObject> lines = log.objects();
        return std::count_if(lines.begin(), lines.end(), [](const QJsonObject &line) {
            return line[u"message"].toString().startsWith("cannot accept"_L1);
        });
    }

    rig::Log log;
    std::list<QTcpSocket> clients;
    int accepted = 0;
    std::function<void()> onAccept = [] {};
    Listener listener { { proxyDoor(), {}, 0 }, [this](const Arrival &) {
                           ++accepted;
                           onAccept();
                       } };
};

} // namespace

class TestListener : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aShortageIsLoggedOnce();
    void aSecondShortageIsLoggedToo();
};

void TestListener::aShortageIsLoggedOnce()
{
    Rig rig;
    rig.fail();
    rig.fail();
    QCOMPARE(rig.complaints(), 1);
    rig.onAccept = [&rig] { rig.fail(); }; // there was one descriptor, and others still wait
    rig.connectClient();
    QTRY_COMPARE(rig.accepted, 1);
    QCoreApplication::sendPostedEvents();
    rig.connectClient();
    QTRY_COMPARE(rig.accepted, 2);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(rig.complaints(), 1);
}

void TestListener::aSecondShortageIsLoggedToo()
{
    Rig rig;
    rig.fail();
    rig.connectClient();
    QTRY_COMPARE(rig.accepted, 1);
    QCoreApplication::sendPostedEvents();
    rig.fail();
    QCOMPARE(rig.complaints(), 2);
}

QTEST_GUILESS_MAIN(TestListener)
#include "tst_listener.moc"
