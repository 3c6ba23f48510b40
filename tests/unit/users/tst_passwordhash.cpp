// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/passwordhash.h"

#include <QSet>
#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sami::users;

namespace {

constexpr int quick = 1000; ///< iterations: these tests are not about time

// Hashes of "right" from other programs: Python's hashlib, htpasswd -B, crypt(3).
constexpr auto ofPython =
    "$pbkdf2-sha512$1000$MDEyMzQ1Njc4OWFiY2RlZg$2fX/sMbcGYBXUwWR4i/FvTQL6K2ZRZAA85Gdm1P2INUyBSR9Ld"
    "KGHYpJrdLVpxpkQOFdjAFDWgI8hJYGcs4E6A";
constexpr auto ofHtpasswd = "$2y$04$i5kke4R0jorrPZMCBxms1u8.uF2446BsMdZQ1emYIHqzXm0Mouds2";
constexpr auto of2b = "$2b$04$abcdefghijklmnopqrstuuFmEfrkTQnczNzw475xE2VhDrK1uwJiC";
constexpr auto ofYescrypt = "$y$j75$abcdefgh$6pN.nhTFpsxYP2o9CigtXCpngd/Tp5zoKzyj/L0r3U1";
constexpr auto ofSha512 =
    "$6$rounds=1000$abcdefgh$I84hbD0J7Jmo4sU9lTz8m9rfHdqr2VWqu9ekV6OoZIYKOQE5DVzhYkbyGHOzzK51UO2h54"
    "cIPrULnl5mNQFZP0";
constexpr auto ofSha512Usual =
    "$6$abcdefgh$vR/yd6VXABFTBRyOupJyJyD09twBc54Fjx1W8tzKdqxOfohxeZRb508btnHrxVQLY86b/u4pA/7OgxagBH"
    "8130";

QString problemOf(const QByteArray &text)
{
    const auto hash = PasswordHash::parse(text);
    return hash ? u"taken"_s : hash.error();
}

bool hasCrypt()
{
    return PasswordHash::parse(of2b).has_value();
}

bool isOfCrypt(const QByteArray &text)
{
    return !text.startsWith("$pbkdf2");
}

} // namespace

class TstPasswordHash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hashesOfOtherPrograms_data();
    void hashesOfOtherPrograms();
    void whatIsMadeIsReadAgain_data();
    void whatIsMadeIsReadAgain();
    void eachIsSaltedByItself();
    void whatCannotBeAPasswordIsWrong_data();
    void whatCannotBeAPasswordIsWrong();
    void whatIsNoHashIsRefusedAndNotRepeated_data();
    void whatIsNoHashIsRefusedAndNotRepeated();
    void costs_data();
    void costs();
    void threadsCheckAtOnce();
    void drawnPasswordsAreTwentyFourDigits();
};

void TstPasswordHash::hashesOfOtherPrograms_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *sentence, const char *text) {
        QTest::newRow(sentence) << QByteArray(text);
    };
    row("B§16: PBKDF2 as passlib writes it", ofPython);
    row("B§16: bcrypt of htpasswd", ofHtpasswd);
    row("B§16: bcrypt of crypt(3)", of2b);
    row("B§16: yescrypt", ofYescrypt);
    row("B§16: SHA-512 crypt with its rounds", ofSha512);
    row("B§16: SHA-512 crypt of the usual rounds", ofSha512Usual);
}

void TstPasswordHash::hashesOfOtherPrograms()
{
    QFETCH(const QByteArray, text);
    if (isOfCrypt(text) && !hasCrypt())
        QSKIP("this system has no crypt(3) that knows it");
    const auto hash = PasswordHash::parse(text);
    QVERIFY2(hash, qPrintable(problemOf(text)));
    QCOMPARE(hash->text(), text);
    QVERIFY(hash->verify("right"));
    for (const char *wrong : { "", "wrong", "Right", "right ", "righ", "right\n" })
        QVERIFY2(!hash->verify(wrong), wrong);
}

void TstPasswordHash::whatIsMadeIsReadAgain_data()
{
    QTest::addColumn<QByteArray>("password");
    QTest::newRow("ASCII") << "correct horse"_ba;
    QTest::newRow("Cyrillic") << QByteArray("пароль");
    QTest::newRow("umlauts") << QByteArray("Schlüßel");
    QTest::newRow("the longest") << QByteArray(PasswordHash::longestPassword, 'a');
    QTest::newRow("nothing") << ""_ba;
}

void TstPasswordHash::whatIsMadeIsReadAgain()
{
    QFETCH(const QByteArray, password);
    const auto made = PasswordHash::make(password, quick);
    QVERIFY(made);
    QVERIFY(made->text().startsWith("$pbkdf2-sha512$1000$"));
    QVERIFY(made->verify(password));
    QVERIFY(!made->verify(password + ' '));
    const auto read = PasswordHash::parse(made->text());
    QVERIFY2(read, qPrintable(problemOf(made->text())));
    QVERIFY(*read == *made);
    QVERIFY(read->verify(password));
}

void TstPasswordHash::eachIsSaltedByItself()
{
    QSet<QByteArray> texts;
    for (int i = 0; i < 20; ++i)
        texts.insert(PasswordHash::make("right", quick)->text());
    QCOMPARE(texts.size(), 20);
    QVERIFY(PasswordHash::make("right")->text().startsWith("$pbkdf2-sha512$210000$"));
}

/// crypt(3) stops at a NUL and bcrypt after 72 bytes: what follows would be ignored.
void TstPasswordHash::whatCannotBeAPasswordIsWrong_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<bool>("isRight");
    const auto row = [](const char *sentence, const char *text, const QByteArray &password,
                        bool isRight = false) {
        QTest::newRow(sentence) << QByteArray(text) << password << isRight;
    };
    const QByteArray withNul("right\0", 6);
    row("B§16: a NUL after the password of bcrypt", of2b, withNul);
    row("B§16: a NUL after the password of yescrypt", ofYescrypt, withNul);
    row("B§16: a NUL after the password of SHA-512 crypt", ofSha512, withNul);
    row("B§16: a NUL after the password of PBKDF2", ofPython, withNul);
    row("B§16: a NUL in front", of2b, QByteArray("\0right", 6));
    // A hash of 72 times "a".
    constexpr auto ofLongest = "$2y$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe";
    row("B§16: 72 octets for bcrypt", ofLongest, QByteArray(72, 'a'), true);
    row("B§16: one octet more than bcrypt looks at", ofLongest, QByteArray(73, 'a'));
    // A hash of 256 times "a".
    constexpr auto ofTooLong =
        "$6$rounds=1000$abcdefgh$WcplBsUcfE.l1Fic.qPxwNQGZ34.5MOPjHG3ignYBWbG"
        "eIL5SN5JbFU9L67WlDu2sHVf6LOA9l3iRyQOyfP67/";
    row("B§16: more than SOCKS5 can send", ofTooLong, QByteArray(256, 'a'));
    row("B§16: what is hashed in their place is no password", ofPython, QByteArray(300, 'a'));
}

void TstPasswordHash::whatCannotBeAPasswordIsWrong()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, password);
    QFETCH(const bool, isRight);
    if (isOfCrypt(text) && !hasCrypt())
        QSKIP("this system has no crypt(3) that knows it");
    QCOMPARE(PasswordHash::parse(text)->verify(password), isRight);
}

void TstPasswordHash::whatIsNoHashIsRefusedAndNotRepeated_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *sentence, const QByteArray &text, const QString &words) {
        QTest::newRow(sentence) << text << words;
    };
    const QString damaged = u"is damaged"_s;
    row("nothing", {}, u"is missing"_s);
    row("B§16: the password itself", "hunter2-hunter2", u"If it is the password itself"_s);
    row("B§16: DES", "rl0uE0c2hC6Vk", u"not one that this program knows"_s);
    row("B§16: SHA-1 of htpasswd",
        "{SHA}fDYHuOYbzxlE6ehQOmYPIfS28/E=", u"not one that this program"_s);
    row("B§16: MD5 of htpasswd", "$apr1$abcdefgh$vQrPYvM1fCBUQwWWvTyAE/",
        u"kind that is not accepted"_s);
    row("B§16: bcrypt's first, broken one",
        "$2a$04$abcdefghijklmnopqrstuuFmEfrkTQnczNzw475xE2VhDrK1uwJiC",
        u"kind that is not accepted"_s);
    row("B§16: Argon2", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA", u"not accepted"_s);
    row("a dollar alone", "$", u"not accepted"_s);
    row("bcrypt cut off", QByteArray(of2b).chopped(1), damaged);
    row("bcrypt with an octet more", QByteArray(of2b) + 'x', damaged);
    row("bcrypt with a foreign octet", QByteArray(of2b).replace("iC", "i!"), damaged);
    row("bcrypt without a cost", QByteArray(of2b).replace("$04$", "$xx$"), damaged);
    row("bcrypt of a cost that it does not have", QByteArray(of2b).replace("$04$", "$03$"),
        damaged);
    row("PBKDF2 cut off", QByteArray(ofPython).chopped(1), damaged);
    row("PBKDF2 with a plus sign", QByteArray(ofPython).chopped(1) + '+', damaged);
    row("PBKDF2 without a salt", "$pbkdf2-sha512$1000$$" + QByteArray(86, 'A'), damaged);
    row("PBKDF2 with a short salt", "$pbkdf2-sha512$1000$AAAAAAAAAA$" + QByteArray(86, 'A'),
        damaged);
    row("PBKDF2 with a number that is none", QByteArray(ofPython).replace("$1000$", "$+1000$"),
        damaged);
    row("PBKDF2 with a zero in front", QByteArray(ofPython).replace("$1000$", "$01000$"), damaged);
    row("PBKDF2 with a number of forty digits",
        QByteArray(ofPython).replace("$1000$", '$' + QByteArray(40, '9') + '$'), damaged);
    row("yescrypt without a hash", "$y$j75$abcdefgh$", damaged);
    row("yescrypt of other parameters", QByteArray(ofYescrypt).replace("$j75$", "$j751.$"),
        damaged);
    row("SHA-512 crypt without a hash", "$6$rounds=1000$abcdefgh", damaged);
    row("SHA-512 crypt of a salt too long",
        QByteArray(ofSha512).replace("abcdefgh", "abcdefghabcdefgha"), damaged);
    row("SHA-512 crypt with a word for its rounds",
        QByteArray(ofSha512).replace("rounds=1000", "rounds=many"), damaged);
}

void TstPasswordHash::whatIsNoHashIsRefusedAndNotRepeated()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, words);
    const QString problem = problemOf(text);
    QVERIFY2(problem.contains(words), qPrintable(problem));
    if (text.size() > 8)
        QVERIFY(!problem.contains(QString::fromUtf8(text.right(8))));
}

void TstPasswordHash::costs_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("words"); // "taken"
    const auto row = [](const char *sentence, const QByteArray &text, const QString &words) {
        QTest::newRow(sentence) << text << words;
    };
    const auto bcrypt = [](const char *cost) { return QByteArray(of2b).replace("$04$", cost); };
    const auto pbkdf2 = [](const char *count) {
        return QByteArray(ofPython).replace("$1000$", count);
    };
    const auto sha512 = [](const char *rounds) {
        return QByteArray(ofSha512).replace("rounds=1000", rounds);
    };
    const auto yescrypt = [](const char *parameters) {
        return QByteArray(ofYescrypt).replace("j75", parameters);
    };
    const QString taken = u"taken"_s;
    const QString slow = u"costs too much"_s;
    row("B§16: bcrypt of 13", bcrypt("$13$"), taken);
    row("B§16: bcrypt of 14", bcrypt("$14$"), slow);
    row("B§16: bcrypt of 31", bcrypt("$31$"), slow);
    row("B§16: 600,000 iterations", pbkdf2("$600000$"), taken);
    row("B§16: one more", pbkdf2("$600001$"), slow);
    row("B§16: 999 iterations", pbkdf2("$999$"), u"fewer than 1000"_s);
    row("B§16: 500,000 rounds", sha512("rounds=500000"), taken);
    row("B§16: one round more", sha512("rounds=500001"), slow);
    row("B§16: rounds that crypt(3) would raise", sha512("rounds=999"), u"is damaged"_s);
    row("B§16: yescrypt of Debian's cost", yescrypt("j9T"), taken);
    row("B§16: yescrypt of 64 MiB", yescrypt("jBT"), taken);
    row("B§16: yescrypt of 128 MiB", yescrypt("jCT"), slow);
    row("B§16: yescrypt of four gigabytes", yescrypt("jIT"), slow);
    row("B§16: yescrypt of a cost beyond all bounds", yescrypt("jzz"), slow);
}

void TstPasswordHash::costs()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, words);
    if (isOfCrypt(text) && words == u"taken"_s && !hasCrypt())
        QSKIP("this system has no crypt(3) that knows it");
    const QString problem = problemOf(text);
    QVERIFY2(problem.contains(words), qPrintable(problem));
}

void TstPasswordHash::threadsCheckAtOnce()
{
    std::vector<PasswordHash> hashes { PasswordHash::parse(ofPython).value() };
    if (hasCrypt()) {
        for (const char *text : { of2b, ofYescrypt, ofSha512 })
            hashes.push_back(PasswordHash::parse(text).value());
    }
    std::atomic<int> faults { 0 };
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 10; ++round) {
                const auto place = static_cast<std::size_t>(i + round) % hashes.size();
                const PasswordHash &hash = hashes[place];
                faults += hash.verify("right") ? 0 : 1;
                faults += hash.verify("wrong") ? 1 : 0;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(faults.load(), 0);
}

void TstPasswordHash::drawnPasswordsAreTwentyFourDigits()
{
    QSet<QByteArray> drawn;
    for (int i = 0; i < 50; ++i) {
        const QByteArray password = generatePassword();
        QCOMPARE(password.size(), 24);
        QCOMPARE(QByteArray::fromHex(password).toHex(), password);
        drawn.insert(password);
    }
    QCOMPARE(drawn.size(), 50);
}

QTEST_APPLESS_MAIN(TstPasswordHash)
#include "tst_passwordhash.moc"
