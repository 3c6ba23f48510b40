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
    void charsets_data();
    void charsets();
    void pairs_data();
    void pairs();
    void nobodyIsAskedWithoutCredentials();
    void successesAreTold();
    void guessesAreTold_data();
    void guessesAreTold();
    void theConfiguredPairAsAGuess();
};

namespace {

QByteArray basic(const QByteArray &userAndPassword)
{
    return "Basic " + userAndPassword.toBase64();
}

GivenCredentials inFields(const QList<QByteArrayView> &fields)
{
    return readCredentials(fields);
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
    const Authentication result = authenticator.check(inFields(views));
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
    QCOMPARE(authenticator.check(inFields({ right })).refusal, Refusal::None);
    QCOMPARE(authenticator.check(inFields({ right })).username, username);
    QCOMPARE(authenticator.check(inFields({ wrong })).refusal, Refusal::CredentialsWrong);
}

void TstAuthenticator::charsets_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("password"); // in UTF-8; the user name is "jürgen"
    QTest::addColumn<bool>("isAccepted");

    QTest::newRow("B§2: umlauts in UTF-8") << "jürgen:schlüssel"_ba
                                           << "schlüssel"_ba << true;
    QTest::newRow("B§2: umlauts in Latin-1") << "j\xfcrgen:schl\xfcssel"_ba
                                             << "schlüssel"_ba << true;
    QTest::newRow("B§2: an umlaut in the user name alone, in Latin-1") << "j\xfcrgen:key"_ba
                                                                       << "key"_ba << true;
    QTest::newRow("B§2: a charset for each half is wrong") << "j\xfcrgen:schl\xc3\xbcssel"_ba
                                                           << "schlüssel"_ba << false;
    QTest::newRow("B§2: Latin-1 is read once: what is UTF-8 is not read again")
        << "jürgen:\xc3\xbc"_ba
        << "Ã¼"_ba << false;
    QTest::newRow("B§2: a wrong umlaut in Latin-1 is wrong") << "j\xfcrgen:schl\xf6ssel"_ba
                                                             << "schlüssel"_ba << false;
    QTest::newRow("B§2: Cyrillic in UTF-8") << "jürgen:пароль"_ba
                                            << "пароль"_ba << true;
    QTest::newRow("B§2: Cyrillic in Windows-1251 is wrong")
        << "j\xfcrgen:\xef\xe0\xf0\xee\xeb\xfc"_ba
        << "пароль"_ba << false;
    QTest::newRow("B§2: a decomposed umlaut is another password") << "jürgen:u\xcc\x88"_ba
                                                                  << "ü"_ba << false;
    QTest::newRow("B§2: overlong UTF-8 is no UTF-8") << "j\xfcrgen:\xc1\xa1"_ba
                                                     << "a"_ba << false;
}

void TstAuthenticator::charsets()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, password);
    QFETCH(bool, isAccepted);

    const Authenticator authenticator(Credentials { "jürgen", password });
    const Authentication given = authenticator.check(inFields({ basic(sent) }));
    QCOMPARE(given.refusal, isAccepted ? Refusal::None : Refusal::CredentialsWrong);
    QCOMPARE(given.username, isAccepted ? "jürgen"_ba : QByteArray());
}

void TstAuthenticator::pairs_data()
{
    QTest::addColumn<QByteArray>("username");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<Refusal>("expected");
    const auto row = [](const char *name, const QByteArray &username, const QByteArray &password,
                        Refusal expected) {
        QTest::newRow(name) << username << password << expected;
    };
    constexpr Refusal wrong = Refusal::CredentialsWrong;
    row("B§10: the right pair", "jürgen", "schlüssel:1", Refusal::None);
    row("B§10: in Latin-1", "j\xfcrgen", "schl\xfcssel:1", Refusal::None);
    row("B§10: a charset for each half is wrong", "j\xfcrgen", "schlüssel:1", wrong);
    row("B§10: a colon in the user's name does not split it", "jürgen:schlüssel", "1", wrong);
    row("B§10: the halves change places", "schlüssel:1", "jürgen", wrong);
    row("B§10: nothing", "", "", wrong);
    row("B§10: NUL behind the password", "jürgen", "schlüssel:1\0"_ba, wrong);
}

/// A pair given in two parts is equivalent to the same pair in a field, and counts as the same
/// guess.
void TstAuthenticator::pairs()
{
    QFETCH(QByteArray, username);
    QFETCH(QByteArray, password);
    QFETCH(Refusal, expected);
    const Authenticator authenticator(Credentials { "jürgen", "schlüssel:1" });
    const Authentication given =
        authenticator.check(readCredentials(Credentials { username, password }));
    QCOMPARE(given.refusal, expected);
    QCOMPARE(given.username, expected == Refusal::None ? "jürgen"_ba : QByteArray());
    QCOMPARE(given.guess != 0, expected != Refusal::None);
    if (!username.contains(':'))
        QCOMPARE(given.guess,
                 authenticator.check(inFields({ basic(username + ':' + password) })).guess);
    QCOMPARE(authenticator.check(readCredentials(std::optional<Credentials>())).refusal,
             Refusal::CredentialsMissing);
    QVERIFY(
        Authenticator().check(readCredentials(Credentials { username, password })).isAccepted());
}

void TstAuthenticator::nobodyIsAskedWithoutCredentials()
{
    const Authenticator authenticator;
    QVERIFY(!authenticator.isRequired());
    QVERIFY(authenticator.check(inFields({})).isAccepted());
    QVERIFY(authenticator.check(inFields({ "Basic !" })).isAccepted());
    QVERIFY(authenticator.check(inFields({ basic("a:b") })).username.isEmpty());
    QVERIFY(!authenticator.guessOfConfigured());
    // If it is asked nevertheless, because there are other users, the pair is nobody's.
    const Authentication nobody = authenticator.judge(readCredentials({ basic("a:b") }));
    QCOMPARE(int(nobody.refusal), int(Refusal::CredentialsWrong));
    QCOMPARE(nobody.guess, Authenticator(admin).check(inFields({ basic("a:b") })).guess);
}

void TstAuthenticator::successesAreTold()
{
    const auto one = Authenticator(admin).guessOfConfigured();
    QVERIFY(one);
    // Settings reapplied with the same credentials keep the remembered successes.
    QCOMPARE(Authenticator(admin).guessOfConfigured(), one);
    QVERIFY(Authenticator(Credentials { "admin", "other" }).guessOfConfigured() != one);
    QVERIFY(Authenticator(Credentials { "root", admin.password }).guessOfConfigured() != one);
    // The border between the two parts matters.
    QVERIFY(Authenticator(Credentials { "ab", "c" }).guessOfConfigured()
            != Authenticator(Credentials { "a", "bc" }).guessOfConfigured());
}

void TstAuthenticator::guessesAreTold_data()
{
    QTest::addColumn<QList<QByteArray>>("one");
    QTest::addColumn<QList<QByteArray>>("other");
    QTest::addColumn<bool>("same");
    using Fields = QList<QByteArray>;
    const Fields wrong { basic("admin:wrong") };

    QTest::newRow("B§2: the same pair is the same guess") << wrong << wrong << true;
    QTest::newRow("B§2: so it is in another spelling")
        << wrong << Fields { "bAsIc  " + QByteArray("admin:wrong").toBase64() + ' ' } << true;
    QTest::newRow("B§2: another password is another guess")
        << wrong << Fields { basic("admin:wrong2") } << false;
    QTest::newRow("B§2: another user name is another guess")
        << wrong << Fields { basic("root:wrong") } << false;
    QTest::newRow("B§2: the place of the border counts")
        << Fields { basic("ab:c") } << Fields { basic("a:bc") } << false;
    QTest::newRow("B§2: name and password are not interchangeable")
        << Fields { basic("a:b") } << Fields { basic("b:a") } << false;
    QTest::newRow("B§2: a password like the name tells pairs apart")
        << Fields { basic("a:a") } << Fields { basic("b:b") } << false;
    QTest::newRow("B§2: what cannot be read is the same guess again")
        << Fields { "Basic !" } << Fields { "Basic !" } << true;
    QTest::newRow("B§2: what else cannot be read is another")
        << Fields { "Basic !" } << Fields { "Basic ?" } << false;
    QTest::newRow("B§2: a pair without a colon is a guess of its own")
        << Fields { basic("a") } << Fields { basic("b") } << false;
    QTest::newRow("B§2: the same two fields are the same guess")
        << Fields { basic("a:b"), "Basic" } << Fields { basic("a:b"), "Basic" } << true;
    QTest::newRow("B§2: two other fields are another")
        << Fields { basic("a:b"), "Basic" } << Fields { basic("a:c"), "Basic" } << false;
}

void TstAuthenticator::guessesAreTold()
{
    QFETCH(QList<QByteArray>, one);
    QFETCH(QList<QByteArray>, other);
    QFETCH(bool, same);
    const Authenticator authenticator(admin);
    const auto guess = [&authenticator](const QList<QByteArray> &given) {
        QList<QByteArrayView> fields;
        for (const QByteArray &field : given)
            fields.append(field);
        const Authentication result = authenticator.check(inFields(fields));
        return result.refusal == Refusal::CredentialsWrong ? result.guess : 0;
    };
    QVERIFY(guess(one) != 0);
    QVERIFY(guess(other) != 0);
    QCOMPARE(guess(one) == guess(other), same);
}

void TstAuthenticator::theConfiguredPairAsAGuess()
{
    const Authenticator before(admin);
    const Authenticator after(Credentials { "admin", "other" });
    const QByteArray field = basic(admin.username + ':' + admin.password);
    QCOMPARE(after.check(inFields({ field })).guess, before.guessOfConfigured());
    QCOMPARE(before.check(inFields({ field })).guess, quint64(0));
    QVERIFY(before.guessOfConfigured() != after.guessOfConfigured());
    QVERIFY(!Authenticator().guessOfConfigured());
}

QTEST_APPLESS_MAIN(TstAuthenticator)
#include "tst_authenticator.moc"
