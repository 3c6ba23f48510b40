// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/certificate.h"
#include "door/privatekey.h"
#include "server/activation.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;
using namespace sami::server;

namespace {

/// A machine whose only address the test sets, or that cannot report it.
struct Machine
{
    Result<QList<InterfaceAddress>, QString> answer = at(u"11.22.33.4"_s);

    [[nodiscard]] static QList<InterfaceAddress> at(const QString &address)
    {
        return { { QHostAddress(address), 24, LinkKind::Shared, "eth0" } };
    }

    [[nodiscard]] MachineNetworks networks()
    {
        MachineNetworks networks([this] { return answer; }, [] { return Surroundings(); });
        if (!networks.read())
            qFatal("a machine that says its addresses is not read");
        return networks;
    }
};

bool knows(const ActiveSettingsPtr &active, const QString &address)
{
    return active->ownNetworks.hasAddress(AddressBits::of(QHostAddress(address)));
}

} // namespace

class TstActivation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSameAddressesMakeNothingNew();
    void anotherAddressIsOfAnotherGeneration();
    void renewedSettingsMeetTheAddressesOfNow();
    void aMachineThatCannotSayKeepsWhatWasKnown();
    void aChangedCertificateIsOfAnotherGeneration();
};

void TstActivation::theSameAddressesMakeNothingNew()
{
    Machine machine;
    Activation activation({}, machine.networks());
    const ActiveSettingsPtr first = activation.current();
    QCOMPARE(first->generation, 1U);
    QVERIFY(!activation.refreshNetworks());
    QCOMPARE(activation.current(), first);
}

void TstActivation::anotherAddressIsOfAnotherGeneration()
{
    Machine machine;
    config::Settings settings;
    settings.limits.maxConnections = 77;
    Activation activation(settings, machine.networks());
    const ActiveSettingsPtr first = activation.current();
    machine.answer = Machine::at(u"11.22.34.4"_s);
    QVERIFY(activation.refreshNetworks());
    QCOMPARE(activation.current()->generation, 2U);
    QCOMPARE(activation.current()->settings.limits.maxConnections, 77);
    QVERIFY(knows(activation.current(), u"11.22.34.4"_s));
    QVERIFY2(knows(first, u"11.22.33.4"_s), "what was published is immutable");
}

void TstActivation::renewedSettingsMeetTheAddressesOfNow()
{
    Machine machine;
    Activation activation({}, machine.networks());
    machine.answer = Machine::at(u"11.22.34.4"_s);
    config::Settings settings;
    settings.limits.maxConnections = 77;
    activation.renew(settings, activation.door());
    QCOMPARE(activation.current()->generation, 2U);
    QCOMPARE(activation.current()->settings.limits.maxConnections, 77);
    QVERIFY(knows(activation.current(), u"11.22.34.4"_s));
    QVERIFY2(!activation.refreshNetworks(), "they were read just now");
}

void TstActivation::aMachineThatCannotSayKeepsWhatWasKnown()
{
    Machine machine;
    Activation activation({}, machine.networks());
    machine.answer = Unexpected(u"Too many open files"_s);
    QVERIFY(!activation.refreshNetworks());
    activation.renew({}, activation.door());
    QVERIFY(knows(activation.current(), u"11.22.33.4"_s));
}

void TstActivation::aChangedCertificateIsOfAnotherGeneration()
{
    const QTemporaryDir folder;
    config::Settings settings;
    settings.tls.certificateFile = settings.tls.keyFile = folder.filePath(u"both.pem"_s);
    const auto renew = [&settings] {
        const auto key = door::PrivateKey::make();
        const auto certificate = door::Certificate::sign(*key, {}, WallClock::now());
        QFile file(settings.tls.keyFile);
        return file.open(QIODevice::WriteOnly)
            && file.write(certificate->toPem() + key->toPem().octets()) > 0;
    };
    QVERIFY(renew());
    Machine machine;
    Activation activation(settings, machine.networks(),
                          door::DoorCertificate().renewed(settings).value());
    const ActiveSettingsPtr first = activation.current();
    QVERIFY(first->identity);
    const TimePoint now = Clock::now();
    QVERIFY(!activation.refreshDoor(now));
    QCOMPARE(activation.current(), first);
    QVERIFY(renew());
    QVERIFY(activation.refreshDoor(now + std::chrono::minutes(1)));
    QCOMPARE(activation.current()->generation, 2U);
    QVERIFY(activation.current()->identity != first->identity);
    QVERIFY2(!activation.refreshNetworks(), "the rest is as it was");

    QVERIFY(renew());
    activation.renew(settings, activation.door().renewed(settings).value());
    QCOMPARE(activation.current()->generation, 3U);
    activation.renew({}, activation.door().renewed({}).value());
    QVERIFY(!activation.current()->identity);
}

QTEST_GUILESS_MAIN(TstActivation)
#include "tst_activation.moc"
