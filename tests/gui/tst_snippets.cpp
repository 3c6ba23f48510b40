// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/snippets.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QUrl>

using namespace sami::gui;
using namespace Qt::StringLiterals;
using sami::policy::Credentials;

namespace {

using Addresses = QList<QHostAddress>;

QHostAddress address(const char *text)
{
    return QHostAddress(QString::fromLatin1(text));
}

const Credentials hostile { "ann", "p@s:s/ %\"'$" };
const ProxyAddress plain { address("127.0.0.1"), 8080, std::nullopt };
const ProxyAddress secret { address("127.0.0.1"), 8080, hostile };
const ProxyAddress encrypted { address("127.0.0.1"), 8080, std::nullopt, true };
const ProxyAddress other { address("192.0.2.7"), 8080, hostile };
const QString secretUrl = u"http://ann:p%40s%3As%2F%20%25%22%27%24@127.0.0.1:8080"_s;

} // namespace

class SnippetsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void url_data();
    void url();
    void hostFor_data();
    void hostFor();
    void text_data();
    void text();
    void everyKindHoldsTheUrl_data();
    void everyKindHoldsTheUrl();
    void withoutPasswordNoneIsInIt_data() { everyKindHoldsTheUrl_data(); }
    void withoutPasswordNoneIsInIt();
    void jsonIsJson();
    void kindsAreThoseOfUse_data();
    void kindsAreThoseOfUse();
};

void SnippetsTest::url_data()
{
    QTest::addColumn<QHostAddress>("host");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<Credentials>("credentials");
    QTest::addColumn<WithPassword>("with");
    QTest::addColumn<QString>("url");
    const QHostAddress local = address("127.0.0.1");
    QTest::newRow("no credentials are wanted")
        << local << false << Credentials() << WithPassword::Yes << u"http://127.0.0.1:8080"_s;
    QTest::newRow("everything special is encoded")
        << local << true << hostile << WithPassword::Yes << secretUrl;
    QTest::newRow("unreserved characters stay")
        << local << true << Credentials { "a.b-c_d~e", "Z9" } << WithPassword::Yes
        << u"http://a.b-c_d~e:Z9@127.0.0.1:8080"_s;
    QTest::newRow("a letter that is not ASCII is UTF-8")
        << local << true << Credentials { "ä", "ж" } << WithPassword::Yes
        << u"http://%C3%A4:%D0%B6@127.0.0.1:8080"_s;
    QTest::newRow("a word stands for the password that is left out")
        << local << true << hostile << WithPassword::No << u"http://ann:PASSWORD@127.0.0.1:8080"_s;
    QTest::newRow("an IPv6 address stands in brackets")
        << address("2001:db8::7") << false << Credentials() << WithPassword::Yes
        << u"http://[2001:db8::7]:8080"_s;
    QTest::newRow("the sign of a zone is encoded")
        << address("fe80::1%eth0") << false << Credentials() << WithPassword::Yes
        << u"http://[fe80::1%25eth0]:8080"_s;
}

void SnippetsTest::url()
{
    QFETCH(const QHostAddress, host);
    QFETCH(const bool, asks);
    QFETCH(const Credentials, credentials);
    QFETCH(const WithPassword, with);
    QFETCH(const QString, url);
    ProxyAddress proxy { host, 8080, std::nullopt };
    if (asks)
        proxy.credentials = credentials;
    QCOMPARE(Snippets::url(proxy, with), url);
    if (asks && with == WithPassword::Yes)
        QCOMPARE(QUrl(url).password(QUrl::FullyDecoded).toUtf8(), credentials.password);
}

void SnippetsTest::hostFor_data()
{
    QTest::addColumn<ClientPlace>("place");
    QTest::addColumn<QHostAddress>("listener");
    QTest::addColumn<Addresses>("machine");
    QTest::addColumn<QHostAddress>("host"); // null: none

    const Addresses both { address("127.0.0.1"),   address("::1"),         address("fe80::1%eth0"),
                           address("169.254.3.4"), address("2001:db8::7"), address("192.0.2.7") };
    const auto here = ClientPlace::ThisComputer;
    const auto there = ClientPlace::AnotherComputer;
    const QHostAddress any(QHostAddress::Any);
    const QHostAddress any4(QHostAddress::AnyIPv4);
    const QHostAddress any6(QHostAddress::AnyIPv6);
    QTest::newRow("here: 0.0.0.0 is loopback") << here << any4 << both << address("127.0.0.1");
    QTest::newRow("here: :: of both families is IPv4's loopback")
        << here << any << both << address("127.0.0.1");
    QTest::newRow("here: IPv6 alone is its loopback") << here << any6 << both << address("::1");
    QTest::newRow("here: one address is that address")
        << here << address("192.0.2.7") << both << address("192.0.2.7");
    QTest::newRow("there: loopback is out of reach")
        << there << address("127.0.0.1") << both << QHostAddress();
    QTest::newRow("there: IPv6's loopback is out of reach")
        << there << address("::1") << both << QHostAddress();
    QTest::newRow("there: one address is that address")
        << there << address("192.0.2.9") << both << address("192.0.2.9");
    QTest::newRow("there: IPv4 before IPv6, nothing link-local")
        << there << any << both << address("192.0.2.7");
    QTest::newRow("there: 0.0.0.0 has no IPv6 address")
        << there << any4 << Addresses { address("2001:db8::7") } << QHostAddress();
    QTest::newRow("there: IPv6 alone has no IPv4 address")
        << there << any6 << both << address("2001:db8::7");
    QTest::newRow("there: without a network nobody reaches it")
        << there << any << Addresses { address("127.0.0.1") } << QHostAddress();
}

void SnippetsTest::hostFor()
{
    QFETCH(const ClientPlace, place);
    QFETCH(const QHostAddress, listener);
    QFETCH(const Addresses, machine);
    QFETCH(const QHostAddress, host);
    QCOMPARE(Snippets::hostFor(place, listener, machine).value_or(QHostAddress()), host);
}

void SnippetsTest::text_data()
{
    QTest::addColumn<SnippetKind>("kind");
    QTest::addColumn<ProxyAddress>("proxy");
    QTest::addColumn<QString>("part");
    using enum SnippetKind;
    QTest::newRow("bash") << Posix << plain << u"\nexport https_proxy='http://127.0.0.1:8080'\n"_s;
    QTest::newRow("bash has the upper case names") << Posix << plain << u"export HTTP_PROXY="_s;
    QTest::newRow("bash keeps loopback out")
        << Posix << plain << u"export no_proxy='localhost,127.0.0.1,::1'\n"_s;
    QTest::newRow("fish") << Fish << plain << u"set -gx NO_PROXY 'localhost,127.0.0.1,::1'\n"_s;
    QTest::newRow("PowerShell") << PowerShell << plain
                                << u"$env:HTTPS_PROXY = 'http://127.0.0.1:8080'\n"_s;
    QTest::newRow("cmd") << Cmd << secret << u"set \"HTTPS_PROXY="_s + secretUrl + u"\"\n"_s;
    QTest::newRow(".env quotes nothing")
        << DotEnv << secret << u"\nhttps_proxy="_s + secretUrl + u'\n';
    QTest::newRow("a container has a loopback of its own")
        << DockerRun << plain << u" -e \"HTTPS_PROXY=http://host.docker.internal:8080\" "_s;
    QTest::newRow("Docker on Linux is told of the host's name")
        << DockerRun << plain << u"--add-host host.docker.internal:host-gateway "_s;
    QTest::newRow("a container reaches another computer by its address")
        << DockerRun << other << u"%24@192.0.2.7:8080\" "_s;
    QTest::newRow("git") << Git << plain
                         << u"git config --global http.proxy \"http://127.0.0.1:8080\"\n"_s;
    QTest::newRow("Node.js is told to look") << Node << plain << u"NODE_USE_ENV_PROXY"_s;
    QTest::newRow("over TLS the scheme is https")
        << Tls << plain << u"HTTPS_PROXY='https://127.0.0.1:8080'\n"_s;
    QTest::newRow("who comes over TLS is told of the certificate")
        << Tls << plain << u"# The program must trust the proxy's certificate"_s;
    QTest::newRow("SOCKS5 leaves names to the proxy")
        << Socks5 << plain << u"export ALL_PROXY='socks5h://127.0.0.1:8080'\n"_s;
    QTest::newRow("SOCKS5 keeps loopback out too")
        << Socks5 << plain << u"export no_proxy='localhost,127.0.0.1,::1'\n"_s;
    QTest::newRow("where TLS is required everybody is told so")
        << Posix << encrypted << u"export https_proxy='https://127.0.0.1:8080'\n"_s;
    QTest::newRow("containers too")
        << DockerRun << encrypted << u"=https://host.docker.internal:8080\""_s;
}

void SnippetsTest::text()
{
    QFETCH(const SnippetKind, kind);
    QFETCH(const ProxyAddress, proxy);
    QFETCH(const QString, part);
    const QString text = Snippets::text(kind, proxy, WithPassword::Yes);
    QVERIFY2(text.contains(part), qPrintable(text));
}

void SnippetsTest::everyKindHoldsTheUrl_data()
{
    QTest::addColumn<SnippetKind>("kind");
    for (const SnippetKind kind : Snippets::kinds)
        QTest::addRow("%s", qPrintable(Snippets::name(kind))) << kind;
}

void SnippetsTest::everyKindHoldsTheUrl()
{
    QFETCH(const SnippetKind, kind);
    const QString text = Snippets::text(kind, other, WithPassword::Yes);
    QString url = Snippets::url(other, WithPassword::Yes);
    if (kind == SnippetKind::Tls)
        url.replace(u"http://"_s, u"https://"_s);
    else if (kind == SnippetKind::Socks5)
        url.replace(u"http://"_s, u"socks5h://"_s);
    QVERIFY2(text.contains(url), qPrintable(text));
    QVERIFY(text.endsWith(u'\n'));
}

void SnippetsTest::withoutPasswordNoneIsInIt()
{
    QFETCH(const SnippetKind, kind);
    const QString text = Snippets::text(kind, other, WithPassword::No);
    QVERIFY2(text.contains("ann:PASSWORD@"_L1) && !text.contains("p%40s"_L1), qPrintable(text));
}

void SnippetsTest::jsonIsJson()
{
    const auto parsed = [](SnippetKind kind) {
        return QJsonDocument::fromJson(Snippets::text(kind, secret, WithPassword::Yes).toUtf8())
            .object();
    };
    QCOMPARE(parsed(SnippetKind::ClaudeCode)["env"_L1]["HTTPS_PROXY"_L1].toString(), secretUrl);
    QVERIFY(parsed(SnippetKind::DockerConfig)["proxies"_L1]["default"_L1]["httpsProxy"_L1]
                .toString()
                .endsWith("@host.docker.internal:8080"_L1));
}

void SnippetsTest::kindsAreThoseOfUse_data()
{
    using sami::config::TlsMode;
    QTest::addColumn<TlsMode>("mode");
    QTest::addColumn<bool>("hasIdentity");
    QTest::addColumn<bool>("socks5");
    QTest::addColumn<bool>("offersTls");
    QTest::addColumn<bool>("offersSocks5");
    QTest::newRow("clear text alone") << TlsMode::Auto << false << false << false << false;
    QTest::newRow("SOCKS5 is spoken") << TlsMode::Auto << false << true << false << true;
    QTest::newRow("TLS may be spoken") << TlsMode::Auto << true << false << true << false;
    QTest::newRow("TLS is off") << TlsMode::Off << true << true << false << true;
    QTest::newRow("TLS is required: all speak it, and SOCKS5 cannot")
        << TlsMode::Require << true << true << false << false;
}

void SnippetsTest::kindsAreThoseOfUse()
{
    QFETCH(const sami::config::TlsMode, mode);
    QFETCH(const bool, hasIdentity);
    QFETCH(const bool, socks5);
    QFETCH(const bool, offersTls);
    QFETCH(const bool, offersSocks5);
    sami::config::Settings settings;
    settings.tls.mode = mode;
    settings.door.socks5 = socks5;
    if (hasIdentity)
        settings.state.folder = u"/not/there"_s;
#ifndef Q_OS_LINUX
    if (hasIdentity)
        QSKIP("clients speak TLS with the proxy on Linux only");
#endif
    const QList<SnippetKind> kinds = Snippets::kindsFor(settings);
    QCOMPARE(kinds.contains(SnippetKind::Tls), offersTls);
    QCOMPARE(kinds.contains(SnippetKind::Socks5), offersSocks5);
    QCOMPARE(kinds.size(), qsizetype(std::size(Snippets::kinds)) - !offersTls - !offersSocks5);
}

QTEST_GUILESS_MAIN(SnippetsTest)
#include "tst_snippets.moc"
