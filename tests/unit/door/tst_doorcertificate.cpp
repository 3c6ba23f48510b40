// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/doorcertificate.h"
#include "door/identity.h"
#include "door/statefolder.h"
#include "doorrig.h"
#include "keyrig.h"
#include "logrig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::door;
using namespace sami::test;

namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

/// A machine whose clocks and names the test sets, with a door.
struct Door
{
    DoorFolder place;
    WallTime wall = WallClock::from_time_t(4'000'000'000);
    TimePoint now {};
    QByteArray host = "box";
    QString address = u"192.0.2.7"_s;
    config::Settings settings;

    [[nodiscard]] DoorCertificate made()
    {
        return DoorCertificate({ [this] { return wall; }, [this] { return host; },
                                 [this]() -> Result<QList<InterfaceAddress>, QString> {
                                     return QList<InterfaceAddress> {
                                         { QHostAddress(address), 24, LinkKind::Shared, "eth0" }
                                     };
                                 } });
    }
    void useFolder() { settings.state.folder = place.state(); }
    void useFiles()
    {
        settings.tls.certificateFile = place.path(u"c.pem"_s);
        settings.tls.keyFile = place.path(u"k.pem"_s);
    }
    void writePair(const KeyRig &key) const
    {
        DoorFolder::write(place.path(u"c.pem"_s), key.certificate(wall));
        writeKey(key);
    }
    void writeKey(const KeyRig &key) const
    {
        DoorFolder::write(place.path(u"k.pem"_s), key.key());
        DoorFolder::setMode(place.path(u"k.pem"_s), 0600);
    }
    /// Whether the door notices a change, a minute later.
    [[nodiscard]] bool changes(DoorCertificate &door) { return door.look(now += minutes(1)); }
};

qsizetype count(rig::Log &log, const QByteArray &message)
{
    qsizetype found = 0;
    for (const QByteArray &line : log.lines())
        found += line.contains(message) ? 1 : 0;
    return found;
}

constexpr char kept[] = "is not changed: the old one stays";
constexpr char changed[] = "has changed: running streams keep theirs";

} // namespace

class TstDoorCertificate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutSettingsNothingIsShownOrTouched();
    void filesWinOverTheFolder();
    void aRestartShowsTheSame();
    void aBadPairAtTheFirstLoadIsAnError();
    void aRenewedPairIsShownWithinAMinute();
    void aLinkThatIsTurnedIsSeen();
    void aHalfWrittenPairIsWaitedFor();
    void aBadPairIsSaidOnceAndOnceMoreWhenItChanges();
    void aReloadKeepsWhatWasGood();
    void aReloadOfOtherFilesIsRefusedWhenTheyAreBad();
    void anExpiryIsSaidOnce();
    void aNewNameIsSignedByTheSameKey();
    void aNewIdentityIsTaken();
    void aFolderThatGoesLeavesTheIdentity();
    void whatIsGoneIsNotMadeAgain_data();
    void whatIsGoneIsNotMadeAgain();
    void anotherFolderHasAnotherIdentity();
    void aNewIdentityIsTakenAfterALoss();
    void theShellsOwnFolderIsNoReasonToStop();
    void whoeverHoldsTheOldOneKeepsIt();
};

void TstDoorCertificate::withoutSettingsNothingIsShownOrTouched()
{
    Door rig;
    auto door = rig.made().renewed(rig.settings);
    QVERIFY(door);
    QVERIFY(!door->context());
    QCOMPARE(door->pin(), QByteArray());
    QVERIFY(!door->notAfter());
    QVERIFY(!door->look(rig.now + days(1)));
    QVERIFY(!QFile::exists(rig.place.state()));
}

void TstDoorCertificate::filesWinOverTheFolder()
{
    Door rig;
    rig.useFolder();
    rig.useFiles();
    const KeyRig key = KeyRig::p256();
    rig.writePair(key);
    const auto door = rig.made().renewed(rig.settings);
    QVERIFY(door && door->context());
    QCOMPARE(door->pin(), key.pin());
    QVERIFY2(!QFile::exists(rig.place.state()), "an identity was made that nobody is shown");
}

void TstDoorCertificate::aRestartShowsTheSame()
{
    Door rig;
    rig.useFolder();
    const auto first = rig.made().renewed(rig.settings);
    QVERIFY(first && first->context());
    const auto second = rig.made().renewed(rig.settings);
    QVERIFY(second && second->context());
    QCOMPARE(second->pin(), first->pin());
    const WallTime until = rig.wall - std::chrono::hours(24) + std::chrono::hours(397 * 24);
    QVERIFY2(second->notAfter() == until, "397 days, backdated by one");
}

void TstDoorCertificate::aBadPairAtTheFirstLoadIsAnError()
{
    Door rig;
    rig.useFiles();
    rig.writePair(KeyRig::p256());
    rig.writeKey(KeyRig::p256());
    const auto door = rig.made().renewed(rig.settings);
    QVERIFY(!door);
    QCOMPARE(door.error().name, u"PROXY_TLS_KEY_FILE"_s);
}

void TstDoorCertificate::aRenewedPairIsShownWithinAMinute()
{
    rig::Log log;
    Door rig;
    rig.useFiles();
    rig.writePair(KeyRig::p256());
    auto door = rig.made().renewed(rig.settings).value();
    QVERIFY2(!door.look(rig.now += seconds(1)), "nothing has changed");
    const auto before = door.context();
    const KeyRig next = KeyRig::p256();
    rig.writePair(next);
    QVERIFY2(!door.look(rig.now += seconds(50)), "no look yet");
    QVERIFY(door.look(rig.now += seconds(10)));
    QCOMPARE(door.pin(), next.pin());
    QVERIFY(door.context() && door.context() != before);
    QVERIFY(!rig.changes(door));
    QCOMPARE(count(log, changed), 1);
}

void TstDoorCertificate::aLinkThatIsTurnedIsSeen()
{
    // As Kubernetes mounts a secret: the files are links into a folder whose own name is a link.
    Door rig;
    const KeyRig first = KeyRig::p256();
    const KeyRig next = KeyRig::p256();
    for (const QString &version : { u"v1"_s, u"v2"_s }) {
        QVERIFY(QDir().mkdir(rig.place.path(version)));
        rig.writePair(version == u"v1"_s ? first : next);
        for (const QString &file : { u"c.pem"_s, u"k.pem"_s })
            QVERIFY(QFile::rename(rig.place.path(file), rig.place.path(version + u'/' + file)));
    }
    const auto turn = [&rig](const QString &version) {
        QFile::remove(rig.place.path(u"data"_s));
        return QFile::link(rig.place.path(version), rig.place.path(u"data"_s));
    };
    QVERIFY(turn(u"v1"_s));
    for (const QString &file : { u"c.pem"_s, u"k.pem"_s })
        QVERIFY(QFile::link(rig.place.path(u"data/"_s + file), rig.place.path(file)));
    rig.useFiles();
    auto door = rig.made().renewed(rig.settings).value();
    QVERIFY(!rig.changes(door));
    QVERIFY(turn(u"v2"_s));
    QVERIFY(rig.changes(door));
    QCOMPARE(door.pin(), next.pin());
}

void TstDoorCertificate::aHalfWrittenPairIsWaitedFor()
{
    rig::Log log;
    Door rig;
    rig.useFiles();
    const KeyRig first = KeyRig::p256();
    rig.writePair(first);
    auto door = rig.made().renewed(rig.settings).value();
    QVERIFY(!rig.changes(door));
    const KeyRig next = KeyRig::p256();
    rig.writePair(next);
    rig.writeKey(first);
    QVERIFY2(!rig.changes(door), "the certificate is there, its key is not yet");
    QCOMPARE(door.pin(), first.pin());
    rig.writeKey(next);
    QVERIFY2(door.look(rig.now += DoorCertificate::settling), "it need not wait for a minute then");
    QCOMPARE(door.pin(), next.pin());
    QCOMPARE(count(log, kept), 0);
}

void TstDoorCertificate::aBadPairIsSaidOnceAndOnceMoreWhenItChanges()
{
    rig::Log log;
    Door rig;
    rig.useFiles();
    const KeyRig good = KeyRig::p256();
    rig.writePair(good);
    auto door = rig.made().renewed(rig.settings).value();
    const auto context = door.context();
    for (const int expected : { 1, 2 }) {
        rig.writeKey(KeyRig::p256()); // a key that does not belong to the certificate
        for (int i = 0; i < 5; ++i)
            QVERIFY(!rig.changes(door));
        QCOMPARE(count(log, kept), expected);
    }
    QVERIFY(QFile::remove(rig.settings.tls.keyFile));
    for (int i = 0; i < 5; ++i)
        QVERIFY(!rig.changes(door));
    QCOMPARE(count(log, kept), 3);
    QCOMPARE(door.context(), context);
    rig.writeKey(good);
    QVERIFY2(!rig.changes(door), "it is what is shown anyway");
    QVERIFY(QFile::remove(rig.settings.tls.keyFile));
    for (int i = 0; i < 5; ++i)
        QVERIFY(!rig.changes(door));
    QCOMPARE(count(log, kept), 4);
}

void TstDoorCertificate::aReloadKeepsWhatWasGood()
{
    rig::Log log;
    Door rig;
    rig.useFiles();
    const KeyRig good = KeyRig::p256();
    rig.writePair(good);
    auto door = rig.made().renewed(rig.settings).value();
    QCOMPARE(door.renewed(rig.settings).value().context(), door.context());
    rig.writeKey(KeyRig::p256());
    config::Settings other = rig.settings;
    other.limits.maxConnections = 7;
    auto kept = door.renewed(other);
    QVERIFY2(kept, "the other settings count all the same");
    QCOMPARE(kept->context(), door.context());
    QCOMPARE(count(log, ::kept), 1);
    rig.now += minutes(1);
    for (int i = 0; i < 3; ++i)
        QVERIFY(!kept->look(rig.now += minutes(1)));
    QCOMPARE(count(log, ::kept), 1);
}

void TstDoorCertificate::aReloadOfOtherFilesIsRefusedWhenTheyAreBad()
{
    Door rig;
    rig.useFiles();
    rig.writePair(KeyRig::p256());
    const auto door = rig.made().renewed(rig.settings).value();
    config::Settings other = rig.settings;
    other.tls.keyFile = rig.place.path(u"nothing.pem"_s);
    const auto refused = door.renewed(other);
    QVERIFY(!refused);
    QCOMPARE(refused.error().value, other.tls.keyFile);
    const auto off = door.renewed({});
    QVERIFY(off);
    QVERIFY2(!off->context() && off->pin().isEmpty(), "without the settings there is no TLS");
}

void TstDoorCertificate::anExpiryIsSaidOnce()
{
    rig::Log log;
    Door rig;
    rig.useFiles();
    rig.writePair(KeyRig::p256());
    auto door = rig.made().renewed(rig.settings).value();
    rig.wall += days(397);
    for (int i = 0; i < 3; ++i)
        QVERIFY2(!rig.changes(door), "it goes on being shown");
    QCOMPARE(count(log, "has expired"), 1);
}

void TstDoorCertificate::aNewNameIsSignedByTheSameKey()
{
    Door rig;
    rig.useFolder();
    auto door = rig.made().renewed(rig.settings).value();
    const QByteArray pin = door.pin();
    QVERIFY(!rig.changes(door));
    rig.address = u"192.0.2.8"_s;
    QVERIFY(rig.changes(door));
    QCOMPARE(door.pin(), pin);
    rig.wall += days(300);
    QVERIFY2(rig.changes(door), "it has lived two thirds");
    QCOMPARE(door.pin(), pin);
    rig.address = u"192.0.2.7"_s;
    rig.host = "another";
    QVERIFY(rig.changes(door));
    QVERIFY(!rig.changes(door));
    QCOMPARE(door.pin(), pin);
}

void TstDoorCertificate::aNewIdentityIsTaken()
{
    Door rig;
    rig.useFolder();
    auto door = rig.made().renewed(rig.settings).value();
    const QByteArray pin = door.pin();
    {
        auto folder = StateFolder::open(rig.place.state());
        QVERIFY(newIdentity(*folder, {}, rig.wall));
    }
    QVERIFY(rig.changes(door));
    QVERIFY(door.pin() != pin);
    {
        auto folder = StateFolder::open(rig.place.state());
        QVERIFY(newIdentity(*folder, {}, rig.wall));
    }
    const auto reloaded = door.renewed(rig.settings);
    QVERIFY(reloaded && reloaded->pin() != door.pin());
}

void TstDoorCertificate::aFolderThatGoesLeavesTheIdentity()
{
    rig::Log log;
    Door rig;
    rig.useFolder();
    auto door = rig.made().renewed(rig.settings).value();
    const auto context = door.context();
    DoorFolder::setMode(rig.place.state(), 0755);
    for (int i = 0; i < 3; ++i)
        QVERIFY(!rig.changes(door));
    QCOMPARE(door.context(), context);
    QCOMPARE(count(log, kept), 1);
    QVERIFY(door.renewed(rig.settings));
    QVERIFY2(!rig.made().renewed(rig.settings), "a start is refused");
}

void TstDoorCertificate::whatIsGoneIsNotMadeAgain_data()
{
    QTest::addColumn<QString>("gone");
    QTest::addColumn<QString>("told");
    QTest::newRow("B§12: the folder goes: the pin stays") << u"folder"_s << u"is gone"_s;
    QTest::newRow("B§12: the folder is emptied: the pin stays")
        << u"content"_s << u"identity.key in it is gone"_s;
    QTest::newRow("B§12: the key goes: the pin stays")
        << u"key"_s << u"identity.key in it is gone"_s;
}

void TstDoorCertificate::whatIsGoneIsNotMadeAgain()
{
    QFETCH(QString, gone);
    QFETCH(QString, told);
    rig::Log log;
    Door rig;
    rig.useFolder();
    auto door = rig.made().renewed(rig.settings).value();
    const QByteArray key = DoorFolder::read(rig.place.inState(u"identity.key"_s));
    const auto context = door.context();
    if (gone == u"key"_s)
        QVERIFY(QFile::remove(rig.place.inState(u"identity.key"_s)));
    else
        QVERIFY(QDir(rig.place.state()).removeRecursively());
    if (gone == u"content"_s)
        rig.place.makeState();

    for (int i = 0; i < 5; ++i)
        QVERIFY(!rig.changes(door));
    QCOMPARE(count(log, kept), 1);
    QCOMPARE(count(log, told.toUtf8()), 1);
    const auto reloaded = door.renewed(rig.settings);
    QVERIFY(reloaded);
    QCOMPARE(reloaded->context(), context);
    QCOMPARE(count(log, kept), 2);
    QCOMPARE(QFile::exists(rig.place.state()), gone != u"folder"_s);
    QVERIFY2(!QFile::exists(rig.place.inState(u"identity.key"_s)), "another key was made");

    if (gone == u"folder"_s)
        rig.place.makeState();
    DoorFolder::write(rig.place.inState(u"identity.key"_s), key);
    QVERIFY2(!rig.changes(door), "it is what is shown anyway");
    QCOMPARE(door.pin(), reloaded->pin());
    QVERIFY(QFile::remove(rig.place.inState(u"identity.key"_s)));
    for (int i = 0; i < 3; ++i)
        QVERIFY(!rig.changes(door));
    QCOMPARE(count(log, kept), 3);
}

void TstDoorCertificate::anotherFolderHasAnotherIdentity()
{
    Door rig;
    rig.useFolder();
    const auto door = rig.made().renewed(rig.settings).value();
    config::Settings other = rig.settings;
    other.state.folder = rig.place.path(u"other"_s);
    const auto moved = door.renewed(other);
    QVERIFY(moved && moved->context());
    QVERIFY(moved->pin() != door.pin());
}

void TstDoorCertificate::aNewIdentityIsTakenAfterALoss()
{
    Door rig;
    rig.useFolder();
    auto door = rig.made().renewed(rig.settings).value();
    QVERIFY(QFile::remove(rig.place.inState(u"identity.key"_s)));
    QVERIFY(!rig.changes(door));
    QByteArray pin;
    {
        auto folder = StateFolder::open(rig.place.state());
        pin = newIdentity(*folder, {}, rig.wall).value().pin;
    }
    QVERIFY(rig.changes(door));
    QCOMPARE(door.pin(), pin);
}

void TstDoorCertificate::theShellsOwnFolderIsNoReasonToStop()
{
    rig::Log log;
    Door rig;
    rig.useFolder();
    rig.settings.state.usual = rig.settings.state.folder;
    DoorFolder::write(rig.place.state(), "no folder");
    auto door = rig.made().renewed(rig.settings);
    QVERIFY(door);
    QVERIFY(!door->context());
    QCOMPARE(count(log, "no TLS at the door"), 1);
    QVERIFY(QFile::remove(rig.place.state()));
    QVERIFY2(rig.changes(*door), "it is there as soon as the folder is");
    QVERIFY(door->context());
}

void TstDoorCertificate::whoeverHoldsTheOldOneKeepsIt()
{
    Door rig;
    rig.useFiles();
    rig.writePair(KeyRig::p256());
    auto door = rig.made().renewed(rig.settings).value();
    const std::weak_ptr<const net::TlsContext> old = door.context();
    const auto stream = door.context();
    rig.writePair(KeyRig::p256());
    QVERIFY(rig.changes(door));
    QVERIFY2(!old.expired(), "a running stream has it");
}

QTEST_APPLESS_MAIN(TstDoorCertificate)
#include "tst_doorcertificate.moc"
