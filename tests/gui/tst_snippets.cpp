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
    QVERIFY2(text.contains(Snippets::url(other, WithPassword::Yes)), qPrintable(text));
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

QTEST_GUILESS_MAIN(SnippetsTest)
#include "tst_snippets.moc"
