// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/exposuretext.h"
#include "gui/text/shutouttext.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstExposureText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sentences_data();
    void sentences();
    void aListThatIsOnlyReportedIsSaid();
    void onlyAnOpenProxyNeedsMending();
    void questionNamesWhoIsShutOut_data();
    void questionNamesWhoIsShutOut();
};

namespace {

QList<policy::ClientEntry> ranges(const QByteArrayList &texts)
{
    QList<policy::ClientEntry> list;
    for (const QByteArray &text : texts)
        list.append(policy::ClientEntry::parse(text).value());
    return list;
}

} // namespace

void TstExposureText::sentences_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<QByteArrayList>("allowed");
    QTest::addColumn<int>("level");
    QTest::addColumn<QString>("begins");
    const auto row = [](const char *name, const char *address, bool asks,
                        const QByteArrayList &allowed, ExposureLevel level, const char *begins) {
        QTest::newRow(name) << QString::fromLatin1(address) << asks << allowed << int(level)
                            << QString::fromLatin1(begins);
    };
    row("loopback is this computer alone", "127.0.0.1", false, {}, ExposureLevel::ThisComputer,
        "Only programs on this computer can use it.");
    row("so is loopback of IPv6, with a password", "::1", true, {}, ExposureLevel::ThisComputer,
        "Only programs on this computer can use it, with the password.");
    row("an open listener is everyone's", "0.0.0.0", false, {}, ExposureLevel::Everyone,
        "ANYONE who can reach port 8080 can use it, without a password. A firewall may still");
    row("one address of this machine is as open", "192.0.2.7", false, {}, ExposureLevel::Everyone,
        "ANYONE who can reach port 8080");
    row("a list of a whole family is no list", "0.0.0.0", false, { "0.0.0.0/0" },
        ExposureLevel::Everyone, "ANYONE");
    row("a password lets in who knows it", "0.0.0.0", true, {}, ExposureLevel::WhoKnowsPassword,
        "Anyone who can reach port 8080 and knows the password can use it. A firewall may still");
    row("a list lets in who is in it", "0.0.0.0", false, { "192.0.2.0/24" },
        ExposureLevel::ListedClients,
        "The clients in the list of allowed IPs can use it, without a password. A firewall");
    row("private networks are a list", "0.0.0.0", false, { "private" },
        ExposureLevel::ListedClients,
        "The clients in the list of allowed IPs can use it, without a password. A firewall");
    row("a list and a password", "0.0.0.0", true, { "192.0.2.0/24" }, ExposureLevel::ListedClients,
        "The clients in the list of allowed IPs can use it, with the password. A firewall");
}

void TstExposureText::sentences()
{
    QFETCH(QString, address);
    QFETCH(bool, asks);
    QFETCH(QByteArrayList, allowed);
    QFETCH(int, level);
    QFETCH(QString, begins);
    config::Settings settings;
    settings.listen.address = QHostAddress(address);
    if (asks)
        settings.access.credentials = policy::Credentials { "user", "secret" };
    settings.access.allowedClients = ranges(allowed);

    QCOMPARE(int(ExposureText::level(settings)), level);
    const QString sentence = ExposureText::sentence(settings, 8080);
    QVERIFY2(sentence.startsWith(begins), qPrintable(sentence));
    QVERIFY(!sentence.contains(u"secret"_s));
}

void TstExposureText::aListThatIsOnlyReportedIsSaid()
{
    config::Settings settings;
    const QString words = u"only reported"_s;
    settings.access.hostsMode = policy::HostsMode::Report;
    QVERIFY2(!ExposureText::sentence(settings, 8080).contains(words), "there is no list");
    settings.access.allowedHosts = { policy::HostEntry::parse("@xai").value() };
    QVERIFY(ExposureText::sentence(settings, 8080).contains(words));
    settings.listen.address = QHostAddress(QHostAddress::LocalHost);
    QVERIFY(ExposureText::sentence(settings, 8080).contains(words));
    settings.access.hostsMode = policy::HostsMode::Enforce;
    QVERIFY(!ExposureText::sentence(settings, 8080).contains(words));
}

void TstExposureText::onlyAnOpenProxyNeedsMending()
{
    for (const ExposureLevel level : { ExposureLevel::ThisComputer, ExposureLevel::ListedClients,
                                       ExposureLevel::WhoKnowsPassword })
        QVERIFY(ExposureText::fixes(level).isEmpty());
    const QList<ExposureFix> fixes = ExposureText::fixes(ExposureLevel::Everyone);
    QStringList actions;
    for (const ExposureFix fix : fixes)
        actions.append(ExposureText::action(fix));
    QCOMPARE(actions.size(), 3);
    QCOMPARE(actions.removeDuplicates(), 0);
}

void TstExposureText::questionNamesWhoIsShutOut_data()
{
    QTest::addColumn<QByteArrayList>("entries");
    QTest::addColumn<QStringList>("connected");
    QTest::addColumn<QStringList>("has");
    QTest::addColumn<QStringList>("hasNot");
    using Texts = QStringList;

    QTest::newRow("a connected client that no entry holds is named")
        << QByteArrayList { "192.0.2.0/24", "127.0.0.0/8" }
        << Texts { u"192.0.2.9"_s, u"198.51.100.4"_s, u"198.51.100.4"_s }
        << Texts { u"192.0.2.0/24"_s, u"1 connected"_s, u"198.51.100.4"_s }
        << Texts { u"192.0.2.9"_s, u"on this computer"_s };
    QTest::newRow("private networks have this computer and its neighbours in them")
        << QByteArrayList { "private" } << Texts { u"192.168.1.9"_s, u"198.51.100.4"_s }
        << Texts { u"only private may"_s, u"1 connected"_s, u"198.51.100.4"_s }
        << Texts { u"192.168.1.9"_s, u"on this computer"_s };
    QTest::newRow("programs on this computer are named when they are shut out")
        << QByteArrayList { "192.0.2.0/24" } << Texts() << Texts { u"on this computer"_s }
        << Texts { u"connected"_s };
    QTest::newRow("of many clients the first are named")
        << QByteArrayList { "192.0.2.0/24" }
        << Texts { u"198.51.100.1"_s, u"198.51.100.2"_s, u"198.51.100.3"_s,
                   u"198.51.100.4"_s, u"198.51.100.5"_s, u"198.51.100.6"_s }
        << Texts { u"6 connected"_s, u"198.51.100.5, …"_s } << Texts { u"198.51.100.6"_s };
}

void TstExposureText::questionNamesWhoIsShutOut()
{
    QFETCH(QByteArrayList, entries);
    QFETCH(QStringList, connected);
    QFETCH(QStringList, has);
    QFETCH(QStringList, hasNot);
    QList<QHostAddress> clients;
    for (const QString &client : connected)
        clients.append(QHostAddress(client));
    const QString question = ShutOutText::clients(ranges(entries), clients);
    for (const QString &text : has)
        QVERIFY2(question.contains(text), qPrintable(question));
    for (const QString &text : hasNot)
        QVERIFY2(!question.contains(text), qPrintable(question));
}

QTEST_GUILESS_MAIN(TstExposureText)
#include "tst_exposuretext.moc"
