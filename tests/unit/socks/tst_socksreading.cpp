// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "socks/reading.h"

#include <QTest>

#include <functional>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::socks;

namespace {

/// The outcome of some bytes: "more", a fault's code, or the message in words and what it consumed.
using Reader = std::function<QByteArray(QByteArrayView)>;

template <typename Message>
QByteArray told(const Progress<Message> &progress, QByteArray (*words)(const Message &))
{
    if (!progress)
        return toString(progress.error());
    if (!*progress)
        return "more";
    return words((*progress)->message) + " took " + QByteArray::number((*progress)->consumed);
}

QByteArray greeting(QByteArrayView octets)
{
    return told<Greeting>(readGreeting(octets), [](const Greeting &one) {
        QByteArray text = "offers";
        for (std::size_t method = 0; method < one.methods.size(); ++method) {
            if (one.methods[method])
                text += ' ' + QByteArray::number(qulonglong(method));
        }
        return text;
    });
}

QByteArray userPassword(QByteArrayView octets)
{
    return told<UserPassword>(readUserPassword(octets), [](const UserPassword &one) {
        return '"' + one.user + "\" \"" + one.password + '"';
    });
}

QByteArray request(QByteArrayView octets)
{
    return told<Request>(readRequest(octets), [](const Request &one) {
        return QByteArray::number(int(one.command)) + ' '
            + QByteArray::number(int(one.destination.type)) + ' '
            + one.destination.endpoint.toByteArray();
    });
}

QByteArray methodChoice(QByteArrayView octets)
{
    return told<Method>(readMethodChoice(octets),
                        [](const Method &one) { return QByteArray::number(int(one)); });
}

QByteArray authStatus(QByteArrayView octets)
{
    return told<bool>(readAuthStatus(octets),
                      [](const bool &one) { return one ? "yes"_ba : "no"_ba; });
}

QByteArray reply(QByteArrayView octets)
{
    return told<ConnectReply>(readReply(octets), [](const ConnectReply &one) {
        return QByteArray::number(int(one.code)) + ' ' + one.bound.endpoint.toByteArray();
    });
}

/// The first `size` bytes in an allocation of that size, so that a sanitizer catches a read past
/// the end.
QByteArray readFirst(const Reader &read, const QByteArray &octets, qsizetype size)
{
    const std::vector<char> piece(octets.cbegin(), octets.cbegin() + size);
    return read(QByteArrayView(piece.data(), qsizetype(piece.size())));
}

QByteArray hex(const char *digits)
{
    return QByteArray::fromHex(digits);
}

} // namespace

Q_DECLARE_METATYPE(Reader)

class TestSocksReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messages_data();
    void messages();
    void neverAsksForMoreThanTheLongest_data();
    void neverAsksForMoreThanTheLongest();
};

void TestSocksReading::messages_data()
{
    QTest::addColumn<Reader>("read");
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("outcome");
    QTest::addColumn<int>("decidedBy"); ///< after how many bytes that is known; before: "more"
    const auto row = [](const char *name, const Reader &read, const QByteArray &octets,
                        const QByteArray &outcome, int decidedBy) {
        QTest::newRow(name) << read << octets << outcome << decidedBy;
    };
    row("RFC 1928 §3: one method", greeting, hex("050100"), "offers 0 took 3", 3);
    row("RFC 1928 §3: three, and what follows is not theirs", greeting, hex("0503000102050100"),
        "offers 0 1 2 took 5", 5);
    row("RFC 1928 §3: the same twice", greeting, hex("05020202"), "offers 2 took 4", 4);
    row("RFC 1928 §3: all that fit", greeting, hex("05ff") + QByteArray(254, '\x80') + '\xff',
        "offers 128 255 took 257", 257);
    row("RFC 1928 §3: none is no greeting", greeting, hex("0500"), "socks_no_method", 2);
    row("RFC 1928 §3: another version", greeting, hex("040100"), "socks_version", 1);

    row("RFC 1929 §2: a pair", userPassword, hex("01") + "\x04sami\x06secret",
        "\"sami\" \"secret\" took 13", 13);
    row("RFC 1929 §2: any octets", userPassword, hex("0102003a02ff0a05"),
        "\"\0:\" \"\xff\n\" took 7"_ba, 7);
    row("RFC 1929 §2: both empty", userPassword, hex("010000"), "\"\" \"\" took 3", 3);
    row("RFC 1929 §2: as long as they get", userPassword,
        hex("01ff") + QByteArray(255, 'u') + hex("ff") + QByteArray(255, 'p'),
        '"' + QByteArray(255, 'u') + "\" \"" + QByteArray(255, 'p') + "\" took 513", 513);
    row("RFC 1929 §2: the version of the outer protocol", userPassword, hex("0501610162"),
        "socks_version", 1);

    row("RFC 1928 §4: CONNECT to IPv4", request, hex("05010001c000020701bb"),
        "1 1 192.0.2.7:443 took 10", 10);
    row("RFC 1928 §4: CONNECT to IPv6", request,
        hex("0501000420010db80000000000000000000000010050"), "1 4 [2001:db8::1]:80 took 22", 22);
    row("RFC 1928 §4: CONNECT to a name, and what follows", request,
        hex("05010003")
            + "\x06"
              "a.test"
            + hex("01bb16"),
        "1 3 a.test:443 took 13", 13);
    row("RFC 1928 §5: a name of any octets", request, hex("0501000302000a0001"),
        "1 3 \0\n:1 took 9"_ba, 9);
    row("RFC 1928 §5: a name as long as it gets", request,
        hex("05010003ff") + QByteArray(255, 'n') + hex("ffff"),
        "1 3 " + QByteArray(255, 'n') + ":65535 took 262", 262);
    row("RFC 1928 §5: no name, port 0", request, hex("05010003000000"), "1 3 :0 took 7", 7);
    row("RFC 1928 §4: BIND comes with its address", request, hex("05020001c000020701bb"),
        "2 1 192.0.2.7:443 took 10", 10);
    row("RFC 1928 §4: so does UDP ASSOCIATE", request, hex("05030001000000000000"),
        "3 1 0.0.0.0:0 took 10", 10);
    row("RFC 1928 §4: so does a command that there is not", request, hex("057f0001c000020701bb"),
        "127 1 192.0.2.7:443 took 10", 10);
    row("RFC 1928 §4: what is reserved is not looked at", request, hex("05017701c000020701bb"),
        "1 1 192.0.2.7:443 took 10", 10);
    row("RFC 1928 §5: no address type 2", request, hex("05010002c000020701bb"),
        "socks_address_type", 4);
    row("RFC 1928 §5: none 0", request, hex("05010000"), "socks_address_type", 4);
    row("RFC 1928 §4: another version", request, hex("01010001"), "socks_version", 1);

    row("RFC 1928 §3: a choice", methodChoice, hex("050205"), "2 took 2", 2);
    row("RFC 1928 §3: no choice", methodChoice, hex("05ff"), "255 took 2", 2);
    row("RFC 1928 §3: a choice of another version", methodChoice, hex("0402"), "socks_version", 1);
    row("RFC 1929 §2: success", authStatus, hex("0100"), "yes took 2", 2);
    row("RFC 1929 §2: any other status is failure", authStatus, hex("0180"), "no took 2", 2);
    row("RFC 1929 §2: a status of another version", authStatus, hex("0500"), "socks_version", 1);
    row("RFC 1928 §6: a reply", reply, hex("050500010000000000000a"), "5 0.0.0.0:0 took 10", 10);
    row("RFC 1928 §6: a reply with a name", reply,
        hex("05000003")
            + "\x01"
              "a"
            + hex("0050"),
        "0 a:80 took 8", 8);
    row("RFC 1928 §6: a reply with an address of no type", reply, hex("05000005"),
        "socks_address_type", 4);
    row("RFC 1928 §6: a reply of HTTP", reply, "HTTP/1.1 400", "socks_version", 1);
}

/// Whole, and every prefix: it asks for more until the outcome is known, and not after that.
void TestSocksReading::messages()
{
    QFETCH(Reader, read);
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, outcome);
    QFETCH(int, decidedBy);
    for (int size = 0; size <= octets.size(); ++size)
        QCOMPARE(readFirst(read, octets, size), size < decidedBy ? "more"_ba : outcome);
}

void TestSocksReading::neverAsksForMoreThanTheLongest_data()
{
    QTest::addColumn<Reader>("read");
    QTest::addColumn<QByteArray>("start");
    QTest::newRow("a greeting") << Reader(greeting) << hex("05");
    QTest::newRow("a pair") << Reader(userPassword) << hex("01");
    QTest::newRow("a request to a name") << Reader(request) << hex("05010003");
    QTest::newRow("a reply with a name") << Reader(reply) << hex("05000003");
}

void TestSocksReading::neverAsksForMoreThanTheLongest()
{
    QFETCH(Reader, read);
    QFETCH(QByteArray, start);
    const QByteArray flood = start + QByteArray(maxMessageBytes - start.size(), '\xff');
    QVERIFY(read(flood) != "more");
}

QTEST_APPLESS_MAIN(TestSocksReading)
#include "tst_socksreading.moc"
