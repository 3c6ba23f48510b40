// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminplaces.h"

#include <QTest>

using namespace sami;
using namespace sami::admin;

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
    void strangersHaveFour();
    void aCrowdKeepsItselfOut();
    void theKnownHaveTheRest();
    void placesComeBack();
};

void TstAdminPlaces::strangersHaveFour()
{
    AdminPlaces places(16, 4);
    for (int i = 1; i <= 4; ++i)
        QCOMPARE(places.enterStranger(quint64(i), client(i)), 0U);
    QCOMPARE(places.enterStranger(5, client(5)), 1U);
    QCOMPARE(places.enterStranger(6, client(6)), 2U);
}

void TstAdminPlaces::aCrowdKeepsItselfOut()
{
    AdminPlaces places(16, 4);
    QCOMPARE(places.enterStranger(1, client(1)), 0U);
    for (quint64 id = 2; id <= 4; ++id)
        QCOMPARE(places.enterStranger(id, client(2)), 0U);
    // The crowd's connections make way for one another, and for everybody else.
    QCOMPARE(places.enterStranger(5, client(2)), 2U);
    QCOMPARE(places.enterStranger(6, client(3)), 3U);
}

void TstAdminPlaces::theKnownHaveTheRest()
{
    AdminPlaces places(16, 4);
    for (quint64 id = 1; id <= 12; ++id) {
        QCOMPARE(places.enterStranger(id, client(1)), 0U);
        QVERIFY(places.makeKnown(id));
        QVERIFY2(places.makeKnown(id), "it is known already");
    }
    QCOMPARE(places.enterStranger(13, client(1)), 0U);
    QVERIFY2(!places.makeKnown(13), "all places of the known are taken");
    QVERIFY(!places.enterKnown(14));
}

void TstAdminPlaces::placesComeBack()
{
    AdminPlaces places(2, 1);
    QVERIFY(places.enterKnown(1));
    QVERIFY(!places.enterKnown(2));
    places.leave(1);
    QVERIFY(places.enterKnown(2));
    QCOMPARE(places.enterStranger(3, client(1)), 0U);
    places.leave(3);
    QCOMPARE(places.enterStranger(4, client(1)), 0U);
}

QTEST_GUILESS_MAIN(TstAdminPlaces)
#include "tst_adminplaces.moc"
