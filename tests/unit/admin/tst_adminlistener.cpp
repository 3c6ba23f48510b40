// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminlistener.h"
#include "net/boundsocket.h"

#include <QFile>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace sami;
using namespace sami::admin;
using Kind = config::AdminDoor::Kind;

namespace {

struct Rig
{
    int accepted = 0;
    AdminListener listener;

    explicit Rig(const config::AdminDoor &door)
        : listener(door, Router::Door::Admin,
                   [this](net::Descriptor, const Visitor &) { ++accepted; })
    {}
};

config::AdminDoor tcp(const QHostAddress &address = QHostAddress(QHostAddress::LocalHost))
{
    return { Kind::Clear, {}, address, 0 };
}

/// By the kernel, whether or not anybody has accepted.
bool connects(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    return socket.waitForConnected(5000);
}

} // namespace

class TstAdminListener : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyConnectsBeforeItAccepts();
    void nobodyConnectsWhileItIsHeld();
    void theAddressForAllTakesIpv4();
    void aPortInUseIsAnError();
    void onlyItsOwnFileIsRemoved_data();
    void onlyItsOwnFileIsRemoved();
};

void TstAdminListener::nobodyConnectsBeforeItAccepts()
{
    if (!net::canBindAlone())
        QSKIP("clients wait in the kernel's backlog here");
    Rig rig(tcp());
    QVERIFY(rig.listener.bind());
    const quint16 port = rig.listener.where().port;
    QVERIFY(port != 0);
    QVERIFY2(!connects(port), "the rules do not know of it yet");
    QVERIFY(rig.listener.startAccepting());
    QVERIFY(rig.listener.isAccepting());
    QVERIFY(connects(port));
    QTRY_COMPARE(rig.accepted, 1);
}

void TstAdminListener::nobodyConnectsWhileItIsHeld()
{
    if (!net::canBindAlone())
        QSKIP("clients wait in the kernel's backlog here");
    Rig rig(tcp());
    QVERIFY(rig.listener.bind());
    QVERIFY(rig.listener.startAccepting());
    const quint16 port = rig.listener.where().port;
    rig.listener.hold();
    QVERIFY(!rig.listener.isAccepting());
    QVERIFY2(!connects(port), "the rules are about to forget it");
    QCOMPARE(rig.listener.where().port, port);
    QVERIFY(rig.listener.startAccepting());
    QCOMPARE(rig.listener.where().port, port);
    QVERIFY(connects(port));
    QTRY_COMPARE(rig.accepted, 1);
}

void TstAdminListener::theAddressForAllTakesIpv4()
{
    Rig rig(tcp(QHostAddress(QHostAddress::Any)));
    QVERIFY(rig.listener.bind());
    QVERIFY(rig.listener.startAccepting());
    QVERIFY(connects(rig.listener.where().port));
}

void TstAdminListener::aPortInUseIsAnError()
{
    Rig first(tcp());
    QVERIFY(first.listener.bind());
    QVERIFY(first.listener.startAccepting());
    config::AdminDoor same = tcp();
    same.port = first.listener.where().port;
    Rig second(same);
    const auto bound = second.listener.bind();
    QVERIFY(!bound);
    QVERIFY(bound.error().startsWith(QStringLiteral("cannot listen on 127.0.0.1:")));
}

void TstAdminListener::onlyItsOwnFileIsRemoved_data()
{
    QTest::addColumn<QString>("replaced");
    QTest::newRow("B§18: its own socket goes with it") << QString();
    QTest::newRow("B§18: a file that took its place stays") << QStringLiteral("file");
    QTest::newRow("B§18: so does a socket of another") << QStringLiteral("socket");
}

void TstAdminListener::onlyItsOwnFileIsRemoved()
{
#ifndef Q_OS_LINUX
    QSKIP("Unix sockets are for Linux only");
#endif
    QFETCH(QString, replaced);
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.sock"));
    const config::AdminDoor door { Kind::Unix, path, {}, 0 };
    std::optional<Rig> other;
    {
        Rig rig(door);
        QVERIFY(rig.listener.bind());
        QVERIFY(rig.listener.startAccepting());
        if (!replaced.isEmpty())
            QVERIFY(QFile::rename(path, path + QLatin1String(".old")));
        if (replaced == QLatin1String("file")) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
        } else if (replaced == QLatin1String("socket")) {
            other.emplace(door);
            QVERIFY(other->listener.bind());
        }
    }
    QCOMPARE(QFile::exists(path), !replaced.isEmpty());
}

QTEST_GUILESS_MAIN(TstAdminListener)
#include "tst_adminlistener.moc"
