// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminplaces.h"

#include <QTest>

using namespace sami;
using namespace sami::admin;
using Peer = AdminPlaces::Peer;

namespace {

QHostAddress client(int number)
{
    return QHostAddress(QStringLiteral("192.0.2.%1").arg(number));
}

} // namespace

class TstAdminPlaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strangersHaveTheirs();
    void aCrowdKeepsItselfOut();
    void theKnownHaveTheRest();
    void aTokenKeepsItselfOut();
    void peersHaveTheirOwn();
    void placesComeBack();
};

void TstAdminPlaces::strangersHaveTheirs()
{
    AdminPlaces places({ 4, 12, 4, 4 });
    for (int i = 1; i <= 4; ++i)
        QCOMPARE(places.enterStranger(quint64(i), client(i)), 0U);
    QCOMPARE(places.enterStranger(5, client(5)), 1U);
    QCOMPARE(places.enterStranger(6, client(6)), 2U);
}

void TstAdminPlaces::aCrowdKeepsItselfOut()
{
    AdminPlaces places({ 4, 12, 4, 4 });
    QCOMPARE(places.enterStranger(1, client(1)), 0U);
    for (quint64 id = 2; id <= 4; ++id)
        QCOMPARE(places.enterStranger(id, client(2)), 0U);
    // The crowd's connections make way for one another, and for everybody else.
    QCOMPARE(places.enterStranger(5, client(2)), 2U);
    QCOMPARE(places.enterStranger(6, client(3)), 3U);
}

void TstAdminPlaces::theKnownHaveTheRest()
{
    AdminPlaces places({ 4, 12, 4, 4 });
    for (quint64 id = 1; id <= 12; ++id) {
        const QByteArray token = "token" + QByteArray::number(id % 3);
        QCOMPARE(places.enterStranger(id, client(1)), 0U);
        QVERIFY(places.makeKnown(id, token));
        QVERIFY2(places.makeKnown(id, token), "it is known already");
    }
    QCOMPARE(places.enterStranger(13, client(1)), 0U);
    QVERIFY2(!places.makeKnown(13, "another"), "all places of the known are taken");
    QCOMPARE(places.enterPeer(14), Peer::Served);
    places.leave(1);
    QVERIFY(places.makeKnown(13, "another"));
}

void TstAdminPlaces::aTokenKeepsItselfOut()
{
    AdminPlaces places({ 16, 12, 4, 4 });
    for (quint64 id = 1; id <= 6; ++id)
        QCOMPARE(places.enterStranger(id, client(1)), 0U);
    for (quint64 id = 1; id <= 4; ++id)
        QVERIFY(places.makeKnown(id, "reader"));
    QVERIFY2(!places.makeKnown(5, "reader"), "it has four");
    QVERIFY(places.makeKnown(5, "keeper"));
    QVERIFY2(!places.makeKnown(5, "reader"), "nor by showing another first");
    QVERIFY2(places.makeKnown(4, "keeper"), "a connection counts as its last token's");
    QVERIFY(places.makeKnown(6, "reader"));
}

void TstAdminPlaces::peersHaveTheirOwn()
{
    AdminPlaces places({ 4, 12, 4, 2 });
    QCOMPARE(places.enterPeer(1), Peer::Served);
    QCOMPARE(places.enterPeer(2), Peer::Served);
    QCOMPARE(places.enterPeer(3), Peer::ToldSo);
    QCOMPARE(places.enterPeer(4), Peer::ToldSo);
    QCOMPARE(places.enterPeer(5), Peer::TurnedAway);
    places.leave(3);
    QCOMPARE(places.enterPeer(6), Peer::ToldSo);
    places.leave(1);
    QCOMPARE(places.enterPeer(7), Peer::Served);
}

void TstAdminPlaces::placesComeBack()
{
    AdminPlaces places({ 1, 1, 1, 0 });
    QCOMPARE(places.enterStranger(1, client(1)), 0U);
    QVERIFY(places.makeKnown(1, "reader"));
    QCOMPARE(places.enterStranger(2, client(1)), 0U);
    QVERIFY(!places.makeKnown(2, "keeper"));
    places.leave(1);
    QVERIFY(places.makeKnown(2, "keeper"));
    QCOMPARE(places.enterStranger(3, client(1)), 0U);
    places.leave(3);
    QCOMPARE(places.enterStranger(4, client(1)), 0U);
}

QTEST_GUILESS_MAIN(TstAdminPlaces)
#include "tst_adminplaces.moc"
