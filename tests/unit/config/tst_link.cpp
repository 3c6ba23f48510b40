// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Links and the other entries of the list of parents: proxyurl, parenturl and link as one.
#include "config/link.h"
#include "config/parenturl.h"
#include "config/proxyurl.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::config;

namespace {

// 0, 1, 2 … 31, and the same backwards.
constexpr char pinText[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
constexpr char otherPinText[] = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA";

QByteArray octets(bool backwards = false)
{
    QByteArray pin;
    for (char i = 0; i < 32; ++i)
        pin.append(backwards ? char(31 - i) : i);
    return pin;
}

Parent made(ParentKind kind, const QByteArray &host, quint16 port)
{
    Parent parent;
    parent.kind = kind;
    parent.endpoint = { host, port };
    parent.name = parent.endpoint.toByteArray();
    return parent;
}

Parent madeLink(const QByteArray &host = "proxy.example.com", quint16 port = 8443)
{
    Parent link = made(ParentKind::Https, host, port);
    link.fromLink = true;
    return link;
}

Parent withUser(Parent parent, const QByteArray &user, const QByteArray &password)
{
    parent.user = user;
    parent.password = password;
    return parent;
}

} // namespace

Q_DECLARE_METATYPE(sami::config::Parent)

class TstLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void prints_data();
    void prints();
    void refuses_data();
    void refuses();
    void everyOctetOfAPasswordSurvives();
    void aSecretIsInNoSentence_data();
    void aSecretIsInNoSentence();
    void aLinkIsToldByItsScheme();
    void masks();
};

void TstLink::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Parent>("parent");
    const auto row = [](const char *sentence, const QByteArray &text, const Parent &parent) {
        QTest::newRow(sentence) << text << parent;
    };

    Parent link = withUser(madeLink(), "anna", "s3cret");
    link.pins = { octets() };
    row("B§15: a link with its pin",
        QByteArray("sami-proxy://anna:s3cret@proxy.example.com:8443?pin=") + pinText, link);
    link.pins.append(octets(true));
    link.name = "Büro Nord";
    row("B§15: two pins and a name",
        QByteArray("sami-proxy://anna:s3cret@proxy.example.com:8443?pin=") + pinText
            + "&pin=" + otherPinText + "&name=B%C3%BCro%20Nord",
        link);
    row("B§15: no user information, no pin", "sami-proxy://proxy.example.com:8443", madeLink());
    row("B§15: a slash at the end is no path", "sami-proxy://proxy.example.com:8443/", madeLink());
    Parent pinned = madeLink();
    pinned.pins = { octets() };
    row("B§15: a pin as --pin prints it",
        "sami-proxy://proxy.example.com:8443?pin=sha256//"
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        pinned);
    Parent clear = withUser(made(ParentKind::Http, "192.0.2.7", 8080), "u", "p");
    clear.fromLink = true;
    row("B§15: clear text where the link says so", "sami-proxy://u:p@192.0.2.7:8080?tls=0", clear);
    row("B§15: an IPv6 address in one spelling", "sami-proxy://[2001:DB8:0::7]:8443",
        madeLink("2001:db8::7"));
    row("B§15: a mapped address is the IPv4 one", "sami-proxy://[::ffff:192.0.2.7]:8443",
        madeLink("192.0.2.7"));
    row("B§15: case of scheme and host, a dot at the end", "Sami-Proxy://Proxy.EXAMPLE.com.:8443",
        madeLink());
    row("B§15: an empty password", "sami-proxy://anna:@proxy.example.com:8443",
        withUser(madeLink(), "anna", ""));
    row("B§15: the first colon ends the user name", "sami-proxy://anna:a:b@proxy.example.com:8443",
        withUser(madeLink(), "anna", "a:b"));
    row("B§15: a plus is a plus", "sami-proxy://a+b:c+d@proxy.example.com:8443",
        withUser(madeLink(), "a+b", "c+d"));
    row("B§15: everything but unreserved octets encoded",
        "sami-proxy://%C3%A4%2B:%40%3A%2F%3F%23%25%20%5E@proxy.example.com:8443",
        withUser(madeLink(), "ä+", "@:/?#% ^"));

    row("B§15: a proxy with TLS", "https://u:p@proxy.example.com:8443",
        withUser(made(ParentKind::Https, "proxy.example.com", 8443), "u", "p"));
    Parent https = made(ParentKind::Https, "proxy.example.com", 8443);
    https.pins = { octets() };
    row("B§15: its pin", QByteArray("https://proxy.example.com:8443?pin=") + pinText, https);
    row("B§15: a proxy in clear text", "http://192.0.2.7:3128",
        made(ParentKind::Http, "192.0.2.7", 3128));
    row("B§15: a SOCKS5 proxy", "socks5://127.0.0.1:1080",
        made(ParentKind::Socks5, "127.0.0.1", 1080));
    row("B§15: socks5h is the same", "socks5h://127.0.0.1:1080",
        made(ParentKind::Socks5, "127.0.0.1", 1080));
    Parent named = made(ParentKind::Socks5, "127.0.0.1", 1080);
    named.name = "tor";
    row("B§15: a name of its own", "socks5://127.0.0.1:1080?name=tor", named);
    row("B§15: no parent at all", "direct", Parent::direct());
    row("B§15: in any case", "DIRECT", Parent::direct());
}

void TstLink::reads()
{
    QFETCH(const QByteArray, text);
    QFETCH(const Parent, parent);
    const auto read = parseParent(text);
    QVERIFY2(read, read ? "" : qPrintable(read.error()));
    QVERIFY2(read->parent == parent, parentText(read->parent).constData());
    QVERIFY(!read->lacksPassword);
    // The invariant: what is printed parses to the same value.
    const auto again = parseParent(parentText(parent));
    QVERIFY2(again, again ? "" : qPrintable(again.error()));
    QVERIFY(again->parent == parent);
    if (parent.fromLink)
        QVERIFY(parseLink(linkText(parent)).value() == parent);
}

void TstLink::prints_data()
{
    QTest::addColumn<Parent>("parent");
    QTest::addColumn<QByteArray>("text");
    Parent link = withUser(madeLink("2001:db8::7"), "anna", "a@b");
    link.pins = { octets(), octets(true) };
    link.name = "Büro";
    QTest::newRow("B§15: all parts of a link")
        << link
        << QByteArray("sami-proxy://anna:a%40b@[2001:db8::7]:8443?pin=") + pinText
            + "&pin=" + otherPinText + "&name=B%C3%BCro";
    Parent clear = madeLink();
    clear.kind = ParentKind::Http;
    QTest::newRow("B§15: a link for clear text")
        << clear << QByteArray("sami-proxy://proxy.example.com:8443?tls=0");
    QTest::newRow("B§15: SOCKS5 has one spelling")
        << made(ParentKind::Socks5, "127.0.0.1", 1080) << QByteArray("socks5://127.0.0.1:1080");
    QTest::newRow("B§15: an empty password keeps its colon")
        << withUser(made(ParentKind::Http, "a.example", 1), "u", "")
        << QByteArray("http://u:@a.example:1");
    QTest::newRow("B§15: direct") << Parent::direct() << QByteArray("direct");
}

void TstLink::prints()
{
    QFETCH(const Parent, parent);
    QFETCH(const QByteArray, text);
    QCOMPARE(parentText(parent), text);
}

void TstLink::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("problem"); // a part of the sentence
    const auto row = [](const char *sentence, const QByteArray &text, const QString &problem) {
        QTest::newRow(sentence) << text << problem;
    };
    row("B§15: no scheme", "proxy.example.com:8443", u"write the whole address"_s);
    row("B§15: nothing", "", u"write the whole address"_s);
    row("B§15: another scheme", "ftp://proxy.example.com:21", u"no such kind of parent"_s);
    row("B§15: no port", "https://proxy.example.com", u"write a port after the host"_s);
    row("B§15: port 0", "https://proxy.example.com:0", u"write a port"_s);
    row("B§15: a port too high", "https://proxy.example.com:65536", u"write a port"_s);
    row("B§15: a port with a zero before it", "https://proxy.example.com:0443", u"write a port"_s);
    row("B§15: no host", "https://:8443", u"this is not a host"_s);
    row("B§15: an address in disguise", "https://2130706433:8443", u"this is not a host"_s);
    row("B§15: half an address", "https://127.1:8443", u"this is not a host"_s);
    row("B§15: every address", "https://0.0.0.0:8443", u"no server can be reached"_s);
    row("B§15: IPv6 without brackets", "https://2001:db8::7:8443", u"in brackets"_s);
    row("B§15: a zone", "https://[fe80::1%25eth0]:8443", u"this is not a host"_s);
    row("B§15: a path", "https://proxy.example.com:8443/proxy", u"leave the path out"_s);
    row("B§15: a fragment", "https://proxy.example.com:8443#x", u"%23"_s);
    row("B§15: a blank", "https://proxy.example.com:8443 ", u"percent-encode"_s);
    row("B§15: an octet beyond ASCII", "https://пример.example:8443", u"percent-encode"_s);
    row("B§15: a control octet", QByteArray("https://a\0b.example:8443", 24), u"percent-encode"_s);
    row("B§15: half a percent-encoding", "https://u:p%4@a.example:1", u"two hexadecimal"_s);
    row("B§15: an encoded control octet", "https://u:p%0A@a.example:1", u"line break"_s);
    row("B§15: an encoded NUL", "https://u:p%00@a.example:1", u"control character"_s);
    row("B§15: octets that are no UTF-8", "https://u:p%ff@a.example:1", u"not UTF-8"_s);
    row("B§15: a colon in a user name", "https://u%3Av:p@a.example:1", u"colon"_s);
    row("B§15: no user name", "https://:p@a.example:1", u"the user name before the @"_s);
    row("B§15: an @ as it stands", "https://u:p@q@a.example:1", u"%40"_s);
    row("B§15: a slash as it stands", "https://u:p/q@a.example:1", u"%2F"_s);
    row("B§15: a question mark as it stands", "https://u:p?q@a.example:1", u"%3F"_s);
    row("B§15: a placeholder", "https://u:CHANGE-ME@a.example:1", u"placeholder"_s);
    row("B§15: a variable that nobody filled in", "https://u:%24%7BPASSWORD%7D@a.example:1",
        u"names a variable"_s);
    row("B§15: a user name that is too long", "https://" + QByteArray(256, 'u') + ":p@a.example:1",
        u"over 255 octets"_s);
    row("B§15: a password that is too long", "https://u:" + QByteArray(1025, 'p') + "@a.example:1",
        u"over 1024 octets"_s);
    row("B§15: far too long", "https://a.example:1?name=" + QByteArray(4096, 'n'),
        u"over 4096 octets"_s);

    row("B§15: an unknown key is named", "sami-proxy://a.example:1?token=x",
        u"the key token is not known; there are pin, name and tls"_s);
    row("B§15: tls is for links", "https://a.example:1?tls=0", u"the key tls is not known"_s);
    row("B§15: tls with another value", "sami-proxy://a.example:1?tls=1", u"tls may only be 0"_s);
    row("B§15: tls twice", "sami-proxy://a.example:1?tls=0&tls=0", u"tls is given twice"_s);
    row("B§15: a name twice", "https://a.example:1?name=a&name=b", u"name is given twice"_s);
    row("B§15: a key without a value", "https://a.example:1?name", u"key=value"_s);
    row("B§15: nothing after the question mark", "https://a.example:1?", u"key=value"_s);
    row("B§15: an empty name", "https://a.example:1?name=", u"1 to 64 octets"_s);
    row("B§15: a name that is too long", "https://a.example:1?name=" + QByteArray(65, 'n'),
        u"1 to 64 octets"_s);
    row("B§15: a name with a line break", "https://a.example:1?name=a%0Ab", u"control"_s);
    row("B§15: a name that turns what is around it", "https://a.example:1?name=a%E2%80%AEb",
        u"control"_s);
    row("B§15: a name of blanks", "https://a.example:1?name=%20", u"blank"_s);
    row("B§15: direct as a name", "https://a.example:1?name=Direct", u"no parent at all"_s);
    const QByteArray pin(pinText);
    row("B§15: a pin that is too short", "sami-proxy://a.example:1?pin=" + pin.chopped(1),
        u"43 characters"_s);
    row("B§15: a pin that is too long", "sami-proxy://a.example:1?pin=" + pin + "AA",
        u"43 characters"_s);
    row("B§15: a pin with bits to spare", "sami-proxy://a.example:1?pin=" + pin.chopped(1) + '9',
        u"43 characters"_s);
    row("B§15: a pin that is no base64", "sami-proxy://a.example:1?pin=" + pin.chopped(1) + '*',
        u"43 characters"_s);
    row("B§15: the same pin twice", "sami-proxy://a.example:1?pin=" + pin + "&pin=" + pin,
        u"the same pin"_s);
    row("B§15: three pins",
        "sami-proxy://a.example:1?pin=" + pin + "&pin=" + otherPinText
            + "&pin=" + QByteArray(43, 'A'),
        u"more than 2 pins"_s);
    row("B§15: a pin of a proxy in clear text", "http://a.example:1?pin=" + pin,
        u"a pin is for a parent with TLS"_s);
    row("B§15: a pin of a SOCKS5 proxy", "socks5://a.example:1?pin=" + pin, u"with TLS"_s);
    row("B§15: a pin of a link for clear text", "sami-proxy://a.example:1?tls=0&pin=" + pin,
        u"with TLS"_s);
    row("B§15: a link with half its credentials", "sami-proxy://u@a.example:1", u"password too"_s);
    row("B§15: an empty password over SOCKS5", "socks5://u:@a.example:1", u"1 to 255 octets"_s);
    row("B§15: a long password over SOCKS5", "socks5://u:" + QByteArray(256, 'p') + "@a.example:1",
        u"1 to 255 octets"_s);
}

void TstLink::refuses()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, problem);
    const auto read = parseParent(text);
    QVERIFY(!read);
    QVERIFY2(read.error().contains(problem), qPrintable(read.error()));
}

void TstLink::everyOctetOfAPasswordSurvives()
{
    QByteArray password;
    for (char c = ' '; c < 0x7f; ++c)
        password.append(c);
    password += "äß€😀";
    const Parent link = withUser(madeLink(), "user", password);
    const QByteArray text = linkText(link);
    QVERIFY(parseLink(text).value() == link);
    for (const char c : QByteArray(" \"<>\\^`{|},;@"))
        QVERIFY(text.count(c) == (c == '@' ? 1 : 0));
}

void TstLink::aSecretIsInNoSentence_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         { "https://u:hunter2", "https://u:hunter2@", "https://u:hunter2@a.example",
           "https://u:hunter2@a.example:x", "hunter2@a.example:1",
           "https://u:hunter2@b@a.example:1", "https://u:a/hunter2@a.example:1",
           "https://u:a?hunter2=1@a.example:1", "https://u:hunter2%@a.example:1",
           "https://u:hunter2%0a@a.example:1", "https://u:hunter2#@a.example:1",
           "https://u:hunter2 x@a.example:1", "sami-proxy://u:hunter2@a.example:1?tls=2",
           "sami-proxy://u:hunter2@a.example:1/x" })
        QTest::newRow(text) << QByteArray(text);
}

void TstLink::aSecretIsInNoSentence()
{
    QFETCH(const QByteArray, text);
    const auto read = parseParent(text);
    QVERIFY(!read);
    QVERIFY2(!read.error().contains(u"hunter2"_s), qPrintable(read.error()));
}

void TstLink::aLinkIsToldByItsScheme()
{
    QVERIFY(parseLink("sami-proxy://a.example:1"));
    for (const char *text : { "https://a.example:1", "direct", "sami-proxy", "" }) {
        const auto read = parseLink(text);
        QVERIFY(!read);
        QCOMPARE(read.error(), u"this is not a link; one begins with sami-proxy://"_s);
    }
    // A user name alone is allowed in the list, where a file may have the password.
    const auto entry = parseParent("https://u@a.example:1");
    QVERIFY(entry && entry->lacksPassword);
}

void TstLink::masks()
{
    Parent link = withUser(madeLink(), "anna", "hunter2");
    link.pins = { octets() };
    QCOMPARE(maskedLink(link),
             QByteArray("sami-proxy://***@proxy.example.com:8443?pin=") + pinText);
    QCOMPARE(maskedLink(madeLink()), QByteArray("sami-proxy://proxy.example.com:8443"));
    QCOMPARE(maskedParentText(Parent::direct()), QByteArray("direct"));
}

QTEST_APPLESS_MAIN(TstLink)
#include "tst_link.moc"
