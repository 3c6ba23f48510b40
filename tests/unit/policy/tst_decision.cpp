// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/decision.h"

#include <QSet>
#include <QTest>

using namespace sami::policy;

class TstDecision : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyNoRefusalAllows();
    void codes_data();
    void codes();
};

namespace {

constexpr Refusal refusals[] {
    Refusal::ClientNotListed,
    Refusal::ClientUnknown,
    Refusal::GuesserBlocked,
    Refusal::CredentialsMissing,
    Refusal::CredentialsWrong,
    Refusal::HostNotListed,
    Refusal::PortNotListed,
    Refusal::PrivateTarget,
    Refusal::FakeAddress,
    Refusal::OwnAddress,
    Refusal::Loop,
    Refusal::TlsRequired,
    Refusal::UserDisabled,
    Refusal::UserExpired,
    Refusal::UserHostNotListed,
};

} // namespace

void TstDecision::onlyNoRefusalAllows()
{
    QVERIFY(Decision {}.isAllowed());
    for (const Refusal refusal : refusals)
        QVERIFY(!Decision { refusal }.isAllowed());
}

void TstDecision::codes_data()
{
    QTest::addColumn<Refusal>("refusal");
    QTest::addColumn<QByteArray>("code");

    // Logs and snapshots contain these codes: changing one breaks users' filters.
    QTest::newRow("B§8: no refusal has a code") << Refusal::None << QByteArray("none");
    QTest::newRow("B§8: client not listed has a code")
        << Refusal::ClientNotListed << QByteArray("client_not_listed");
    QTest::newRow("B§8: client not named has a code")
        << Refusal::ClientUnknown << QByteArray("client_not_named");
    QTest::newRow("B§8: guesser blocked has a code")
        << Refusal::GuesserBlocked << QByteArray("guesser_blocked");
    QTest::newRow("B§8: credentials missing has a code")
        << Refusal::CredentialsMissing << QByteArray("credentials_missing");
    QTest::newRow("B§8: credentials wrong has a code")
        << Refusal::CredentialsWrong << QByteArray("credentials_wrong");
    QTest::newRow("B§8: host not listed has a code")
        << Refusal::HostNotListed << QByteArray("host_not_listed");
    QTest::newRow("B§8: port not listed has a code")
        << Refusal::PortNotListed << QByteArray("port_not_listed");
    QTest::newRow("B§8: private target has a code")
        << Refusal::PrivateTarget << QByteArray("private_target");
    QTest::newRow("B§8: fake address has a code") << Refusal::FakeAddress << QByteArray("fake_ip");
    QTest::newRow("B§8: own address has a code")
        << Refusal::OwnAddress << QByteArray("own_address");
    QTest::newRow("B§8: loop has a code") << Refusal::Loop << QByteArray("loop");
    QTest::newRow("B§8: clear text has a code")
        << Refusal::TlsRequired << QByteArray("tls_required");
    QTest::newRow("B§8: a disabled user has a code")
        << Refusal::UserDisabled << QByteArray("user_disabled");
    QTest::newRow("B§8: an expired user has a code")
        << Refusal::UserExpired << QByteArray("user_expired");
    QTest::newRow("B§8: a user's own hosts have a code")
        << Refusal::UserHostNotListed << QByteArray("user_host_not_listed");
}

void TstDecision::codes()
{
    QFETCH(Refusal, refusal);
    QFETCH(QByteArray, code);
    QCOMPARE(QByteArray(toString(refusal)), code);
}

QTEST_APPLESS_MAIN(TstDecision)
#include "tst_decision.moc"
