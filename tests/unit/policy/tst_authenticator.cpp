// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/authenticator.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::policy;

class TstAuthenticator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void check_data();
    void check();
    void configured_data();
    void configured();
    void nobodyIsAskedWithoutCredentials();
    void fingerprint();
};

namespace {

QByteArray basic(const QByteArray &userAndPassword)
{
    return "Basic " + userAndPassword.toBase64();
}

const Credentials admin { "admin", "secret:123" };

} // namespace

void TstAuthenticator::check_data()
{
    QTest::addColumn<QList<QByteArray>>("fields");
    QTest::addColumn<Refusal>("expected");
    using Fields = QList<QByteArray>;
    const QByteArray good = basic("admin:secret:123");

    QTest::newRow("B§2: the right credentials pass") << Fields { good } << Refusal::None;
    QTest::newRow("RFC 7617 §2: the first colon splits, the password has another")
        << Fields { basic("admin:secret:123") } << Refusal::None;
    QTest::newRow("B§2: a wrong password is wrong")
        << Fields { basic("admin:secret:124") } << Refusal::CredentialsWrong;
    QTest::newRow("B§2: a wrong user name is wrong")
        << Fields { basic("root:secret:123") } << Refusal::CredentialsWrong;
    QTest::newRow("B§2: the case of the user name counts")
        << Fields { basic("Admin:secret:123") } << Refusal::CredentialsWrong;
    QTest::newRow("B§2: a prefix of the password is wrong")
        << Fields { basic("admin:secret:12") } << Refusal::CredentialsWrong;
    QTest::newRow("B§2: a longer password is wrong")
        << Fields { basic("admin:secret:1234") } << Refusal::CredentialsWrong;
    QTest::newRow("B§2: an empty password is wrong")
        << Fields { basic("admin:") } << Refusal::CredentialsWrong;
    QTest::newRow("B§2: empty credentials are wrong")
        << Fields { basic(":") } << Refusal::CredentialsWrong;
    QTest::newRow("B§2: swapped credentials are wrong")
        << Fields { basic("secret:admin") } << Refusal::CredentialsWrong;
    QTest::newRow("B§2: a NUL behind the password is wrong")
        << Fields { basic(QByteArray("admin:secret:123\0", 17)) } << Refusal::CredentialsWrong;

    QTest::newRow("B§2: no field is missing, not wrong")
        << Fields {} << Refusal::CredentialsMissing;
    QTest::newRow("B§2: an empty field is missing") << Fields { "" } << Refusal::CredentialsMissing;
    QTest::newRow("B§2: another scheme is missing")
        << Fields { "Bearer abc" } << Refusal::CredentialsMissing;
    QTest::newRow("B§2: a scheme that begins alike is missing")
        << Fields { "BasicX " + good.mid(6) } << Refusal::CredentialsMissing;
    QTest::newRow("S§11.7.2: two fields are wrong, even of equal values")
        << Fields { good, good } << Refusal::CredentialsWrong;

    QTest::newRow("S§11.1: the scheme ignores case")
        << Fields { "bAsIc " + good.mid(6) } << Refusal::None;
    QTest::newRow("S§11.4: several blanks behind the scheme")
        << Fields { "Basic   " + good.mid(6) } << Refusal::None;
    QTest::newRow("S§5.5: blanks around the value")
        << Fields { "  " + good + "\t" } << Refusal::None;
    QTest::newRow("S§11.4: a tab behind the scheme is forgiven")
        << Fields { "Basic\t" + good.mid(6) } << Refusal::None;
    QTest::newRow("RFC 7617 §2: nothing behind the scheme is wrong")
        << Fields { "Basic" } << Refusal::CredentialsWrong;
    QTest::newRow("RFC 7617 §2: no colon is wrong")
        << Fields { basic("admin") } << Refusal::CredentialsWrong;
    QTest::newRow("RFC 4648 §3.3: a character outside the alphabet is wrong")
        << Fields { "Basic YWRtaW46c2Vj!mV0OjEyMw==" } << Refusal::CredentialsWrong;
    QTest::newRow("RFC 4648 §3.3: a blank within is wrong")
        << Fields { "Basic " + good.mid(6, 8) + ' ' + good.mid(14) } << Refusal::CredentialsWrong;
    QTest::newRow("RFC 4648 §5: the URL alphabet is wrong")
        << Fields { "Basic YWRtaW46c2VjcmV0OjEyMw-_" } << Refusal::CredentialsWrong;
    QTest::newRow("RFC 4648 §3.2: padding within is wrong")
        << Fields { "Basic YWRt==W46" } << Refusal::CredentialsWrong;
    QTest::newRow("S§11.7.2: parameters behind the value are wrong")
        << Fields { good + ", realm=x" } << Refusal::CredentialsWrong;
}

void TstAuthenticator::check()
{
    QFETCH(QList<QByteArray>, fields);
    QFETCH(Refusal, expected);

    const Authenticator authenticator(admin);
    QVERIFY(authenticator.isRequired());
    const QList<QByteArrayView> views(fields.cbegin(), fields.cend());
    const Authentication result = authenticator.check(views);
    QCOMPARE(result.refusal, expected);
    QCOMPARE(result.isAccepted(), expected == Refusal::None);
    QCOMPARE(result.username, result.isAccepted() ? "admin"_ba : QByteArray());
}

void TstAuthenticator::configured_data()
{
    QTest::addColumn<QByteArray>("username");
    QTest::addColumn<QByteArray>("password");

    QTest::newRow("RFC 7617 §2.1: Cyrillic in UTF-8") << "админ"_ba
                                                      << "пароль"_ba;
    QTest::newRow("RFC 7617 §2: colons in the password") << "admin"_ba
                                                         << ":a::b:"_ba;
    QTest::newRow("RFC 7617 §2: blanks in the password") << "admin"_ba
                                                         << "  two words "_ba;
    QTest::newRow("RFC 7617 §2: an empty password") << "admin"_ba
                                                    << ""_ba;
    QTest::newRow("RFC 7617 §2: an empty user name") << ""_ba
                                                     << "secret"_ba;
    QTest::newRow("RFC 7617 §2: a long password") << "admin"_ba << QByteArray(5000, 'x');
}

void TstAuthenticator::configured()
{
    QFETCH(QByteArray, username);
    QFETCH(QByteArray, password);

    const Authenticator authenticator(Credentials { username, password });
    const QByteArray right = basic(username + ':' + password);
    const QByteArray wrong = basic(username + ':' + password + 'x');
    QCOMPARE(authenticator.check({ right }).refusal, Refusal::None);
    QCOMPARE(authenticator.check({ right }).username, username);
    QCOMPARE(authenticator.check({ wrong }).refusal, Refusal::CredentialsWrong);
}

void TstAuthenticator::nobodyIsAskedWithoutCredentials()
{
    const Authenticator authenticator;
    QVERIFY(!authenticator.isRequired());
    QVERIFY(authenticator.check({}).isAccepted());
    QVERIFY(authenticator.check({ "Basic !" }).isAccepted());
    QVERIFY(authenticator.check({ basic("a:b") }).username.isEmpty());
    QVERIFY(authenticator.fingerprint().isEmpty());
}

void TstAuthenticator::fingerprint()
{
    const QByteArray one = Authenticator(admin).fingerprint();
    QVERIFY(!one.isEmpty());
    // Settings applied anew with the same credentials: successes are remembered on.
    QCOMPARE(Authenticator(admin).fingerprint(), one);
    QVERIFY(Authenticator(Credentials { "admin", "other" }).fingerprint() != one);
    QVERIFY(Authenticator(Credentials { "root", admin.password }).fingerprint() != one);
    // The place of the border counts.
    QVERIFY(Authenticator(Credentials { "ab", "c" }).fingerprint()
            != Authenticator(Credentials { "a", "bc" }).fingerprint());
    QVERIFY(!one.contains("admin") && !one.contains("secret"));
}

QTEST_APPLESS_MAIN(TstAuthenticator)
#include "tst_authenticator.moc"
