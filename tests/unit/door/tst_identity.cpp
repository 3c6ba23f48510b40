// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/certificate.h"
#include "door/identity.h"
#include "door/privatekey.h"
#include "door/statefolder.h"
#include "doorrig.h"
#include "keyrig.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QSslCertificate>
#include <QSslCertificateExtension>
#include <QSslKey>
#include <QTest>

#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::door;
using namespace sami::test;

namespace {

using std::chrono::days;
using std::chrono::hours;

/// Long after this program's release, whatever the real date is.
const WallTime start = WallClock::from_time_t(4'000'000'000);

QList<config::ServerName> names(const QByteArray &text)
{
    QList<config::ServerName> list;
    for (const QByteArray &name : text.split(' '))
        list.append(config::ServerName::parse(name).value());
    return list;
}

const QList<config::ServerName> usual = names("box localhost 127.0.0.1 ::1 192.0.2.7");

/// The result, or "error: …".
struct Shown
{
    QByteArray pin;
    QByteArray chain;
    QStringList warnings;
};

Shown use(const DoorFolder &place, const QList<config::ServerName> &wanted, WallTime now,
          const QByteArray &inForce = {})
{
    auto folder = StateFolder::open(place.state());
    if (!folder)
        return { "error: " + folder.error().toUtf8(), {}, {} };
    const auto material = useIdentity(*folder, wanted, now, inForce);
    if (!material)
        return { "error: " + material.error().toUtf8(), {}, {} };
    return { material->pin, material->chain, material->warnings };
}

QSslCertificate parsed(const QByteArray &pem)
{
    return QSslCertificate(pem);
}

} // namespace

class TstIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsMadeOnce();
    void theCertificateIsForAServerAlone();
    void theCertificateFollowsClockAndNames_data();
    void theCertificateFollowsClockAndNames();
    void aDamagedCertificateIsSignedAnew_data();
    void aDamagedCertificateIsSignedAnew();
    void aKeyThatIsNotOursIsLeftAlone_data();
    void aKeyThatIsNotOursIsLeftAlone();
    void aClockBeforeTheReleaseIsWrong();
    void whatCannotBeWrittenIsShownAllTheSame();
    void twoThatStartAtOnceAreOne();
    void aNewIdentityTellsTheOldPin();
    void aNewIdentityTellsThatItsCertificateIsNotKept();
    void readingChangesNothing();
    void anAddedNameStays();
    void addedNamesAreFew();
};

void TstIdentity::anAddedNameStays()
{
    const DoorFolder place;
    const Shown first = use(place, usual, start);
    const auto added = config::ServerName::parse("proxy.example.com").value();
    const auto isFor = [&added](const Shown &shown) {
        return Certificate::allOf(shown.chain).value().first()->isFor(added);
    };
    QVERIFY(!isFor(first));
    {
        auto folder = StateFolder::open(place.state()).value();
        QVERIFY(addIdentityName(folder, added));
        QVERIFY(addIdentityName(folder, added));
    }
    QCOMPARE(DoorFolder::read(place.inState(u"identity.names"_s)), "proxy.example.com\n"_ba);
    QCOMPARE(DoorFolder::modeOf(place.inState(u"identity.names"_s)), 0600U);
    const Shown second = use(place, usual, start);
    QVERIFY(isFor(second));
    QCOMPARE(second.pin, first.pin);
    QCOMPARE(use(place, usual, start + days(1)).chain, second.chain);
    // Signed again, with the same key or another.
    QVERIFY(isFor(use(place, usual, start + days(300))));
    {
        auto folder = StateFolder::open(place.state()).value();
        QVERIFY(newIdentity(folder, usual, start));
    }
    QVERIFY(isFor(use(place, usual, start)));
    DoorFolder::write(place.inState(u"identity.names"_s), "a b\n\xff\n\nother.example\n");
    const Shown last = use(place, usual, start);
    QVERIFY(Certificate::allOf(last.chain)
                .value()
                .first()
                ->isFor(config::ServerName::parse("other.example").value()));
}

void TstIdentity::addedNamesAreFew()
{
    const DoorFolder place;
    const Shown first = use(place, usual, start);
    auto folder = StateFolder::open(place.state()).value();
    for (int i = 0; i < maxAddedNames; ++i)
        QVERIFY(addIdentityName(
            folder, config::ServerName::parse(QByteArray("n") + QByteArray::number(i)).value()));
    const auto refused = addIdentityName(folder, config::ServerName::parse("one.more").value());
    QVERIFY(!refused);
    QVERIFY2(refused.error().contains(u"has 32 names already"_s), qPrintable(refused.error()));
}

void TstIdentity::itIsMadeOnce()
{
    const DoorFolder place;
    const Shown first = use(place, usual, start);
    QVERIFY2(first.pin.startsWith("sha256//"), first.pin.constData());
    QCOMPARE(DoorFolder::modeOf(place.inState(u"identity.key"_s)), 0600U);
    QCOMPARE(DoorFolder::modeOf(place.inState(u"identity.crt"_s)), 0600U);
    const Shown second = use(place, usual, start + hours(1));
    QCOMPARE(second.pin, first.pin);
    QCOMPARE(second.chain, first.chain);
    // Computed as curl does, by another implementation.
    const QByteArray info = parsed(first.chain).publicKey().toDer();
    QCOMPARE(first.pin,
             "sha256//" + QCryptographicHash::hash(info, QCryptographicHash::Sha256).toBase64());
    const DoorFolder another;
    QVERIFY(use(another, usual, start).pin != first.pin);
}

void TstIdentity::theCertificateIsForAServerAlone()
{
    const DoorFolder place;
    const QSslCertificate certificate = parsed(use(place, usual, start).chain);
    QVERIFY(!certificate.isNull());
    QCOMPARE(certificate.publicKey().algorithm(), QSsl::Ec);
    QCOMPARE(certificate.publicKey().length(), 256);
    QCOMPARE(certificate.version(), "3"_ba);
    QCOMPARE(certificate.effectiveDate().secsTo(certificate.expiryDate()), 397 * 86400);
    QCOMPARE(certificate.effectiveDate().toSecsSinceEpoch(),
             WallClock::to_time_t(start - hours(24)));
    QCOMPARE(certificate.subjectAlternativeNames().values(QSsl::DnsEntry).size(), 2);
    QCOMPARE(certificate.subjectAlternativeNames().values(QSsl::IpAddressEntry).size(), 3);
    QCOMPARE(certificate.serialNumber().count(':'), 15);
    QMap<QString, QSslCertificateExtension> found;
    for (const QSslCertificateExtension &extension : certificate.extensions())
        found.insert(extension.oid(), extension);
    QVERIFY(found.value(u"2.5.29.19"_s).isCritical()); // basicConstraints
    QCOMPARE(found.value(u"2.5.29.19"_s).value().toMap().value(u"ca"_s).toBool(), false);
    QVERIFY(found.value(u"2.5.29.15"_s).isCritical()); // keyUsage
    QVERIFY(found.contains(u"2.5.29.37"_s));           // extKeyUsage
    const DoorFolder another;
    QVERIFY(parsed(use(another, usual, start).chain).serialNumber() != certificate.serialNumber());
}

void TstIdentity::theCertificateFollowsClockAndNames_data()
{
    QTest::addColumn<int>("daysLater");
    QTest::addColumn<QByteArray>("wanted");
    QTest::addColumn<bool>("isAnother");
    const QByteArray same = "box localhost 127.0.0.1 ::1 192.0.2.7";

    QTest::newRow("B§12: the next day") << 1 << same << false;
    QTest::newRow("B§12: just before two thirds of its life") << 263 << same << false;
    QTest::newRow("B§12: after two thirds of its life") << 264 << same << true;
    QTest::newRow("B§12: when it has expired") << 500 << same << true;
    QTest::newRow("B§12: by a clock that is before its begin") << -3 << same << true;
    QTest::newRow("B§12: within what it is dated back") << 0 << same << false;
    QTest::newRow("B§12: a name that it lacks") << 1 << same + " proxy.example" << true;
    QTest::newRow("B§12: an address that it lacks") << 1 << same + " 192.0.2.8" << true;
    QTest::newRow("B§12: an address that has gone")
        << 1 << "box localhost 127.0.0.1 ::1"_ba << false;
    QTest::newRow("B§12: names in another order") << 1 << "::1 192.0.2.7 localhost box"_ba << false;
}

void TstIdentity::theCertificateFollowsClockAndNames()
{
    QFETCH(const int, daysLater);
    QFETCH(const QByteArray, wanted);
    QFETCH(const bool, isAnother);
    const DoorFolder place;
    const Shown first = use(place, usual, start);
    const WallTime later = start + days(daysLater);
    const Shown second = use(place, names(wanted), later);
    QCOMPARE(second.pin, first.pin);
    QCOMPARE(second.chain != first.chain, isAnother);
    QCOMPARE(second.warnings, QStringList());
    const QSslCertificate certificate = parsed(second.chain);
    const QDateTime now = QDateTime::fromSecsSinceEpoch(WallClock::to_time_t(later));
    QVERIFY(certificate.effectiveDate() <= now && now < certificate.expiryDate());
    QCOMPARE(use(place, names(wanted), later).chain, second.chain);
}

void TstIdentity::aDamagedCertificateIsSignedAnew_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("B§12: nothing in it") << ""_ba;
    QTest::newRow("B§12: nonsense") << "nonsense"_ba;
    QTest::newRow("B§12: half of one") << "-----BEGIN CERTIFICATE-----\nMIIB"_ba;
    const auto key = PrivateKey::make();
    QTest::newRow("B§12: another key's") << Certificate::sign(*key, usual, start).value().toPem();
}

void TstIdentity::aDamagedCertificateIsSignedAnew()
{
    QFETCH(const QByteArray, content);
    const DoorFolder place;
    const Shown first = use(place, usual, start);
    DoorFolder::write(place.inState(u"identity.crt"_s), content);
    const Shown second = use(place, usual, start);
    QCOMPARE(second.pin, first.pin);
    QVERIFY(second.chain != first.chain && second.chain != content);
    QCOMPARE(DoorFolder::read(place.inState(u"identity.crt"_s)), second.chain);
}

void TstIdentity::aKeyThatIsNotOursIsLeftAlone_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("problem");
    QTest::newRow("B§12: an empty file") << ""_ba
                                         << "identity.key in it is empty; it is left"_ba;
    QTest::newRow("B§12: garbage") << QByteArray(300, '\xff') << "has no private key in PEM"_ba;
    QTest::newRow("B§12: a key that is cut") << "-----BEGIN PRIVATE KEY-----\nMIGH"_ba
                                             << "cannot be read"_ba;
    QTest::newRow("B§12: a key of the wrong kind")
        << KeyRig::rsa(2048).key() << "is not a key on the curve P-256"_ba;
    QTest::newRow("B§12: a key with a passphrase") << "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"_ba
                                                   << "with a passphrase"_ba;
}

void TstIdentity::aKeyThatIsNotOursIsLeftAlone()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QByteArray, problem);
    const DoorFolder place;
    place.makeState();
    DoorFolder::write(place.inState(u"identity.key"_s), content);
    const Shown shown = use(place, usual, start);
    QVERIFY2(shown.pin.startsWith("error: ") && shown.pin.contains(problem), shown.pin.constData());
    QCOMPARE(DoorFolder::read(place.inState(u"identity.key"_s)), content);
    QVERIFY(!QFile::exists(place.inState(u"identity.crt"_s)));
}

void TstIdentity::aClockBeforeTheReleaseIsWrong()
{
    const DoorFolder place;
    const Shown first = use(place, usual, WallTime());
    // No client would accept a certificate dated by a clock of 1970.
    QVERIFY(parsed(first.chain).expiryDate() > QDateTime(QDate(2026, 12, 1), QTime(0, 0)));
    QCOMPARE(use(place, usual, WallTime() + days(300)).chain, first.chain);
}

void TstIdentity::whatCannotBeWrittenIsShownAllTheSame()
{
    const DoorFolder place;
    const Shown first = use(place, usual, start);
    // A folder in its place: not even root can write there.
    QVERIFY(QFile::remove(place.inState(u"identity.crt"_s)));
    QVERIFY(QDir().mkpath(place.inState(u"identity.crt/x"_s)));
    const Shown second = use(place, usual, start);
    QCOMPARE(second.pin, first.pin);
    QVERIFY(!parsed(second.chain).isNull());
    QCOMPARE(second.warnings.size(), 1);
    QVERIFY2(second.warnings.first().contains(u"kept only in memory: identity.crt in it cannot"_s),
             qPrintable(second.warnings.first()));
    const Shown third = use(place, usual, start, second.chain);
    QCOMPARE(third.chain, second.chain);
    QCOMPARE(third.warnings, QStringList());
    QVERIFY2(use(place, usual, start + days(300), second.chain).chain != second.chain,
             "what is in memory grows old too");
}

void TstIdentity::twoThatStartAtOnceAreOne()
{
    const DoorFolder place;
    place.makeState();
    std::vector<Shown> shown(8);
    std::vector<std::thread> threads;
    for (Shown &each : shown)
        threads.emplace_back([&each, &place] { each = use(place, usual, start); });
    for (std::thread &thread : threads)
        thread.join();
    for (const Shown &each : shown) {
        QCOMPARE(each.pin, shown.front().pin);
        QCOMPARE(each.chain, shown.front().chain);
    }
    QVERIFY(shown.front().pin.startsWith("sha256//"));
}

void TstIdentity::aNewIdentityTellsTheOldPin()
{
    const DoorFolder place;
    const Shown first = use(place, usual, start);
    const auto renew = [&place] {
        auto folder = StateFolder::open(place.state());
        return folder ? newIdentity(*folder, usual, start) : Unexpected(folder.error());
    };
    const auto change = renew();
    QVERIFY(change);
    QCOMPARE(change->formerPin, first.pin);
    QVERIFY(change->pin != first.pin);
    const Shown second = use(place, usual, start, first.chain);
    QCOMPARE(second.pin, change->pin);
    QVERIFY(second.chain != first.chain);

    DoorFolder::write(place.inState(u"identity.key"_s), "damaged");
    const auto mended = renew();
    QVERIFY2(mended && mended->formerPin.isEmpty(), "it is the way out of a damaged key");
    QVERIFY(mended->unwritten.isEmpty());
}

void TstIdentity::aNewIdentityTellsThatItsCertificateIsNotKept()
{
    const DoorFolder place;
    place.makeState();
    QVERIFY(QDir().mkdir(place.inState(u"identity.crt"_s)));
    const auto renew = [&place] {
        auto folder = StateFolder::open(place.state()).value();
        return newIdentity(folder, usual, start);
    };
    const auto change = renew();
    QVERIFY2(change, "the new key counts all the same");
    QVERIFY2(change->unwritten.contains(u"identity.crt in it cannot be written"_s),
             qPrintable(change->unwritten));
    QVERIFY(QDir().rmdir(place.inState(u"identity.crt"_s)));
    QCOMPARE(use(place, usual, start).pin, change->pin);
}

void TstIdentity::readingChangesNothing()
{
    const DoorFolder place;
    place.makeState();
    const auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    auto none = readIdentity(*folder);
    QVERIFY(none && !*none);
    QVERIFY(QDir(place.state()).isEmpty());
    const Shown first = use(place, usual, start);
    auto there = readIdentity(*folder);
    QVERIFY(there && *there);
    QCOMPARE((*there)->pin, first.pin);
    QCOMPARE((*there)->chain, first.chain);
}

QTEST_APPLESS_MAIN(TstIdentity)
#include "tst_identity.moc"
