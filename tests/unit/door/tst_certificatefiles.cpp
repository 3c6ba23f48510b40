// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/certificatefiles.h"
#include "doorrig.h"
#include "keyrig.h"

#include <QTest>

#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::door;
using namespace sami::test;

class TstCertificateFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pairs_data();
    void pairs();
    void filesThatCannotBeRead_data();
    void filesThatCannotBeRead();
    void aKeyThatEverybodyReadsIsNoted();
    void whatCountsIsTheContent();
};

namespace {

const WallTime start = WallClock::from_time_t(4'000'000'000);

/// The error or the warnings, as the user sees them.
QString outcomeOf(const Result<Material, config::ConfigError> &judged)
{
    return judged ? judged->warnings.join(u'\n') : judged.error().toString();
}

} // namespace

void TstCertificateFiles::pairs_data()
{
    QTest::addColumn<QByteArray>("chain");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("isGood");
    QTest::addColumn<QString>("said"); // how it begins; empty: nothing is

    const KeyRig ec = KeyRig::p256();
    const KeyRig other = KeyRig::p256();
    const KeyRig rsa2048 = KeyRig::rsa(2048);
    const KeyRig rsa3072 = KeyRig::rsa(3072);
    const KeyRig rsa1024 = KeyRig::rsa(1024);
    const QByteArray own = ec.certificate(start);
    const QByteArray authority = other.certificate(start);
    const QString file = u"PROXY_TLS_CERT_FILE: \"@/c.pem\": "_s;
    const QString keyFile = u"PROXY_TLS_KEY_FILE: \"@/k.pem\": "_s;
    const auto row = [](const char *name, const QByteArray &chain, const QByteArray &key,
                        bool isGood, const QString &said) {
        QTest::newRow(name) << chain << key << isGood << said;
    };

    row("B§12: a certificate and its key", own, ec.key(), true, {});
    row("B§12: with the authority's after it", own + authority, ec.key(), true, {});
    row("B§12: with words between them", "Subject: a\n" + own + "\nIssuer:\n" + authority, ec.key(),
        true, {});
    row("B§12: both in one file", own + ec.key(), own + ec.key(), true, {});
    row("B§12: RSA of 2,048 bits", rsa2048.certificate(start), rsa2048.key(), true, {});
    row("B§12: RSA of more is slow", rsa3072.certificate(start), rsa3072.key(), true,
        keyFile + u"RSA with 3072 bits: each handshake holds up"_s);
    row("B§12: RSA of fewer is refused by clients", rsa1024.certificate(start), rsa1024.key(),
        false, keyFile + u"RSA with 1024 bits is refused"_s);
    row("B§12: expired: a warning", ec.certificate(start - std::chrono::days(500)), ec.key(), true,
        file + u"the certificate has expired on 2096-06-20"_s);
    row("B§12: not begun: a warning", ec.certificate(start + std::chrono::days(5)), ec.key(), true,
        file + u"the certificate is good from 2096-10-06 only"_s);

    row("B§12: ten certificates", own + authority.repeated(9), ec.key(), true, {});
    row("B§12: a chain that clients refuse", own + authority.repeated(10), ec.key(), false,
        file + u"has 11 certificates; clients refuse long chains"_s);
    row("B§12: nothing in the certificate's file", "", ec.key(), false,
        file + u"has no PEM certificate"_s);
    row("B§12: a certificate that is not PEM", QByteArray("\x30\x82\x01\x00", 4), ec.key(), false,
        file + u"has no PEM certificate"_s);
    row("B§12: a certificate that is cut: it is being written", own.left(own.size() / 2), ec.key(),
        false, file + u"has a certificate that is cut or damaged, the one in place 1"_s);
    row("B§12: a chain whose end is cut", own + authority.left(100), ec.key(), false,
        file + u"has a certificate that is cut or damaged, the one in place 2"_s);
    row("B§12: no key", own, "", false, keyFile + u"has no private key in PEM"_s);
    row("B§12: the certificate in the key's place", own, own, false,
        keyFile + u"has no private key in PEM"_s);
    row("B§12: a key that is cut", own, ec.key().left(60), false,
        keyFile + u"has a private key that cannot be read"_s);
    row("B§12: a key with a passphrase", own,
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII=\n-----END ENCRYPTED PRIVATE KEY-----\n", false,
        keyFile + u"has a key with a passphrase"_s);
    row("B§12: another certificate's key", own, other.key(), false,
        keyFile + u"the key does not belong to the certificate in @/c.pem"_s);
    row("B§12: the own certificate behind the authority's", authority + own, ec.key(), false,
        file + u"the own certificate has to be the first"_s);
}

void TstCertificateFiles::pairs()
{
    QFETCH(const QByteArray, chain);
    QFETCH(const QByteArray, key);
    QFETCH(const bool, isGood);
    QFETCH(const QString, said);
    const DoorFolder place;
    const CertificateFiles files { place.path(u"c.pem"_s), place.path(u"k.pem"_s) };
    DoorFolder::write(files.certificate, chain);
    DoorFolder::write(files.key, key);
    DoorFolder::setMode(files.key, 0640);
    auto content = readPair(files);
    QVERIFY(content);
    const auto judged = judgePair(std::move(content).value(), files, start);
    QCOMPARE(judged.has_value(), isGood);
    QString outcome = outcomeOf(judged);
    outcome.replace(place.path(QString()), u"@"_s);
    QVERIFY2(outcome.startsWith(said) && outcome.isEmpty() == said.isEmpty(), qPrintable(outcome));
    if (judged) {
        QCOMPARE(judged->chain, chain);
        QCOMPARE(judged->key.octets(), key);
        QVERIFY(judged->pin.startsWith("sha256//"));
    }
    QVERIFY(!outcome.contains(u"PRIVATE KEY-----\n"_s));
}

void TstCertificateFiles::filesThatCannotBeRead_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("problem");
    QTest::newRow("B§12: a missing file") << u"none"_s << u"cannot be read: No such file"_s;
    QTest::newRow("B§12: a folder") << u"folder"_s << u"is a directory, not a file"_s;
    QTest::newRow("B§12: a pipe, which nobody waits for")
        << u"pipe"_s << u"is not a regular file"_s;
    QTest::newRow("B§12: a huge file") << u"huge"_s << u"is over 1 MiB"_s;
}

void TstCertificateFiles::filesThatCannotBeRead()
{
    QFETCH(const QString, what);
    QFETCH(const QString, problem);
    const DoorFolder place;
    const QString good = place.path(u"good"_s);
    const QString bad = place.path(u"bad"_s);
    DoorFolder::write(good, "x");
    if (what == u"folder"_s)
        QVERIFY(QDir().mkdir(bad));
    else if (what == u"pipe"_s)
        QCOMPARE(::mkfifo(QFile::encodeName(bad).constData(), 0600), 0);
    else if (what == u"huge"_s)
        DoorFolder::write(bad, QByteArray((1 << 20) + 1, 'x'));
    for (const bool isKey : { false, true }) {
        const CertificateFiles files { isKey ? good : bad, isKey ? bad : good };
        const auto read = readPair(files);
        QVERIFY(!read);
        QCOMPARE(read.error().name, isKey ? u"PROXY_TLS_KEY_FILE"_s : u"PROXY_TLS_CERT_FILE"_s);
        QCOMPARE(read.error().value, bad);
        QVERIFY2(read.error().problem.contains(problem), qPrintable(read.error().problem));
    }
}

void TstCertificateFiles::aKeyThatEverybodyReadsIsNoted()
{
    const DoorFolder place;
    const KeyRig ec = KeyRig::p256();
    const CertificateFiles files { place.path(u"c.pem"_s), place.path(u"k.pem"_s) };
    DoorFolder::write(files.certificate, ec.certificate(start));
    DoorFolder::write(files.key, ec.key());
    for (const unsigned mode : { 0600U, 0640U, 0644U }) {
        DoorFolder::setMode(files.key, mode);
        const auto judged = judgePair(readPair(files).value(), files, start);
        QCOMPARE(outcomeOf(judged).contains(u"everybody on this machine can read the key"_s),
                 mode == 0644);
    }
}

void TstCertificateFiles::whatCountsIsTheContent()
{
    const DoorFolder place;
    const CertificateFiles files { place.path(u"c.pem"_s), place.path(u"k.pem"_s) };
    DoorFolder::write(files.certificate, "ab");
    DoorFolder::write(files.key, "c");
    const QByteArray first = readPair(files).value().digest;
    // The same content in another file.
    QVERIFY(QFile::remove(files.key));
    DoorFolder::write(place.path(u"there"_s), "c");
    QVERIFY(QFile::link(place.path(u"there"_s), files.key));
    QCOMPARE(readPair(files).value().digest, first);
    DoorFolder::write(files.certificate, "a");
    DoorFolder::write(files.key, "bc");
    QVERIFY2(readPair(files).value().digest != first, "where one ends counts");
}

QTEST_APPLESS_MAIN(TstCertificateFiles)
#include "tst_certificatefiles.moc"
