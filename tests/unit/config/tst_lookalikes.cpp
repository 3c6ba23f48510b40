// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/lookalikes.h"
#include "config/optiontable.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstLookalikes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void truthTable_data();
    void truthTable();
    void theCureOfAServiceIsSaidOnce();
    void everySettingIsItself();
    void valuesAreNotRepeated();
    void serviceLinks_data();
    void serviceLinks();
    void keys_data();
    void keys();
};

namespace {

QString kindOf(const Lookalike &lookalike)
{
    switch (lookalike.kind) {
    case Lookalike::Kind::Alias:
        return lookalike.leavesOpen ? u"alias, open"_s : u"alias"_s;
    case Lookalike::Kind::Typo:
        return u"typo"_s;
    case Lookalike::Kind::Unknown:
        return u"unknown"_s;
    case Lookalike::Kind::ServiceLink:
        return u"service"_s;
    }
    return {};
}

QProcessEnvironment environmentOf(const QStringList &variables)
{
    QProcessEnvironment environment;
    for (const QString &variable : variables)
        environment.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
    return environment;
}

} // namespace

void TstLookalikes::truthTable_data()
{
    QTest::addColumn<QString>("variable"); // "NAME=value"
    QTest::addColumn<QString>("set");      // a setting that has a value
    QTest::addColumn<QString>("expected"); // "kind: what is meant"; empty: nothing is said

    const auto add = [](const char *name, const QString &variable, const QString &expected,
                        const QString &set = {}) {
        QTest::newRow(name) << variable << set << expected;
    };
    const QString user = u"alias, open: PROXY_AUTH_USERNAME"_s;
    const QString password = u"alias, open: PROXY_AUTH_PASSWORD"_s;
    const QString list = u"alias, open: ALLOWED_IPS"_s;

    add("B§1: a user name of another spelling", u"PROXY_AUTH_USER=a"_s, user);
    add("B§1: a user name of another program", u"PROXY_USER=a"_s, user);
    add("B§1: a login", u"PROXY_LOGIN=a"_s, user);
    add("B§1: a user name of everybody's", u"AUTH_USER=a"_s, user);
    add("B§1: user and password in one", u"PROXY_AUTH=a:b"_s, user);
    add("B§1: a password of another spelling", u"PROXY_AUTH_PASS=a"_s, password);
    add("B§1: a short password name", u"PROXY_PASS=a"_s, password);
    add("B§1: a password of another program", u"PROXY_PASSWORD=a"_s, password);
    add("B§1: squid's password", u"SQUID_PASSWORD=a"_s, password);
    add("B§1: a password's file of another spelling", u"PROXY_PASSWORD_FILE=/x"_s,
        u"alias, open: PROXY_AUTH_PASSWORD_FILE"_s);
    add("B§16: a file of users without its last word", u"PROXY_USERS=/x"_s,
        u"alias, open: PROXY_USERS_FILE"_s);
    add("B§1: a list in the singular", u"ALLOWED_IP=10.0.0.1"_s, list);
    add("B§1: a whitelist", u"WHITELIST=10.0.0.1"_s, list);
    add("B§1: a whitelist with the prefix", u"PROXY_WHITELIST=10.0.0.1"_s, list);
    add("B§1: tinyproxy's networks", u"ALLOWED_NETWORKS=10.0.0.1"_s, list);
    add("B§1: a list of hosts in the singular", u"ALLOWED_HOST=a.example"_s,
        u"alias, open: ALLOWED_HOSTS"_s);
    add("B§1: a list of domains", u"ALLOWED_DOMAINS=a.example"_s, u"alias, open: ALLOWED_HOSTS"_s);
    add("B§1: a list of ports in the singular", u"ALLOWED_PORT=443"_s,
        u"alias, open: ALLOWED_PORTS"_s);

    add("B§1: ours with a prefix too many", u"PROXY_ALLOWED_IPS=10.0.0.1"_s, list);
    add("B§1: ours with a prefix too few", u"AUTH_USERNAME=a"_s, user);
    add("B§1: ours in small letters", u"allowed_ips=10.0.0.1"_s,
#ifdef Q_OS_WIN
        {});
#else
        list);
#endif
    add("B§1: ours with dashes", u"ALLOWED-IPS=10.0.0.1"_s, list);
    add("B§1: ours after the product's name", u"SAMI_ALLOWED_IPS=10.0.0.1"_s, list);
    add("B§1: ours after the product's whole name", u"SAMI_LLM_PROXY_AUTH_USERNAME=a"_s, user);
    add("B§1: an alias after the product's name", u"SAMI_PROXY_USER=a"_s, user);

    add("B§1: an alias that restricts nothing", u"LISTEN_PORT=1"_s, u"alias: PROXY_PORT"_s);
    add("B§1: a platform's port", u"PORT=1"_s, u"alias: PROXY_PORT"_s);
    add("B§1: the product's port", u"SAMI_PORT=1"_s, u"alias: PROXY_PORT"_s);
    add("B§1: an address of another spelling", u"PROXY_HOST=127.0.0.1"_s,
        u"alias: PROXY_ADDRESS"_s);
    add("B§1: a timeout without its unit", u"PROXY_TIMEOUT=9"_s, u"alias: PROXY_TIMEOUT_MS"_s);
    add("B§1: an alias of ours while the right one is set is only named", u"PROXY_USER=a"_s,
        u"alias: PROXY_AUTH_USERNAME"_s, u"PROXY_AUTH_USERNAME"_s);
    add("B§1: another's name while the right one is set is another's", u"WHITELIST=a"_s, {},
        u"ALLOWED_IPS"_s);
    add("B§1: a platform's port while ours is set is the platform's", u"PORT=1"_s, {},
        u"PROXY_PORT"_s);
    add("B§1: an alias set to nothing", u"PROXY_USER= "_s, {});

    add("B§1: two letters swapped", u"PROXY_PROT=1"_s, u"typo: PROXY_PORT"_s);
    add("B§1: a letter left out", u"ALOWED_IPS=10.0.0.1"_s, u"typo: ALLOWED_IPS"_s);
    add("B§1: a password's name with a letter left out", u"PROXY_AUTH_PASWORD=a"_s,
        u"typo: PROXY_AUTH_PASSWORD"_s);
    add("B§1: an underscore left out", u"LOGLEVEL=debug"_s, u"typo: LOG_LEVEL"_s);
    add("B§1: a typo is named whatever else is set", u"PROXY_PROT=1"_s, u"typo: PROXY_PORT"_s,
        u"PROXY_PORT"_s);
    add("B§1: our prefix and something near", u"PROXY_CONNECT_TIMEOUT=1"_s,
        u"unknown: PROXY_CONNECT_TIMEOUT_MS"_s);
    add("B§1: our prefix and nothing near", u"PROXY_CACHE_FOLDER=/x"_s, u"unknown: "_s);

    add("B§1: a setting is not a lookalike", u"PROXY_PORT=8080"_s, {});
    add("B§1: clients' proxy", u"HTTP_PROXY=http://x:1"_s, {});
    add("B§1: clients' proxy in small letters", u"https_proxy=http://x:1"_s, {});
    add("B§1: clients' exceptions", u"NO_PROXY=localhost"_s, {});
    add("B§1: clients' SOCKS proxy", u"ALL_PROXY=socks5://x:1"_s, {});
    add("B§1: npm's proxy", u"npm_config_https_proxy=http://x:1"_s, {});
    add("B§1: a desktop's user", u"USER=a"_s, {});
    add("B§1: Windows' user", u"USERNAME=a"_s, {});
    add("B§1: anybody's level", u"LOG_FILE=/x"_s, {});
    add("B§1: anybody's maximum", u"MAX_JOBS=4"_s, {});
    add("B§1: anybody's path", u"PATH=/bin"_s, {});

    add("B§1: Kubernetes' port of a Service called proxy", u"PROXY_PORT=tcp://10.0.0.1:8080"_s,
        u"service: "_s);
    add("B§1: its host", u"PROXY_SERVICE_HOST=10.0.0.1"_s, u"service: "_s);
    add("B§1: its named port", u"PROXY_SERVICE_PORT_HTTP=80"_s, u"service: "_s);
    add("B§1: its address", u"PROXY_PORT_8080_TCP_ADDR=10.0.0.1"_s, u"service: "_s);
    add("B§1: its port without a name", u"PROXY_SERVICE_PORT=80"_s, u"service: "_s);
    add("B§1: a port with the name of a port", u"PROXY_SERVICE_PORT__SERVICE_PORT_=80"_s,
        u"service: "_s);
    add("B§1: a named port without its name", u"PROXY_SERVICE_PORT_=80"_s, u"unknown: "_s);
    add("B§1: its port of UDP", u"PROXY_PORT_53_UDP=udp://10.0.0.1:53"_s, u"service: "_s);
    add("B§1: the protocol of its port of SCTP", u"PROXY_PORT_1_SCTP_PROTO=sctp"_s, u"service: "_s);
    add("B§1: the port of its port", u"PROXY_PORT_80_TCP_PORT=80"_s, u"service: "_s);
    add("B§1: a port without a number", u"PROXY_PORT__TCP=1"_s, u"unknown: PROXY_PORT"_s);
    add("B§1: a number with a letter", u"PROXY_PORT_8A_TCP=1"_s, u"unknown: "_s);
    add("B§1: a protocol that no Service has", u"PROXY_PORT_80_TLS=1"_s, u"unknown: "_s);
    add("B§1: two ends at once", u"PROXY_PORT_80_TCP_PROTO_ADDR=1"_s, u"unknown: "_s);
    add("B§1: a Service of another name with our prefix", u"PROXY_DB_SERVICE_HOST=10.0.0.1"_s, {});
    add("B§1: a Service of our product's name", u"SAMI_LLM_PROXY_PORT=tcp://10.0.0.1:8080"_s, {});
    add("B§1: somebody else's Service", u"REDIS_PORT=tcp://10.0.0.1:6379"_s, {});
}

void TstLookalikes::truthTable()
{
    QFETCH(QString, variable);
    QFETCH(QString, set);
    QFETCH(QString, expected);

    const auto found = findLookalikes(environmentOf({ variable }), [&set](const Option &option) {
        return option.environmentName() == set;
    });
    QStringList shown;
    for (const Lookalike &each : found) {
        QCOMPARE(each.variable, variable.section(u'=', 0, 0));
        shown.append(kindOf(each) + u": "_s
                     + (each.meant ? each.meant->environmentName() : QString()));
    }
    QCOMPARE(shown.join(u"; "_s), expected);
}

void TstLookalikes::theCureOfAServiceIsSaidOnce()
{
    const auto found = findLookalikes(
        environmentOf({ u"PROXY_PORT=tcp://10.0.0.1:80"_s, u"PROXY_SERVICE_HOST=10.0.0.1"_s,
                        u"PROXY_SERVICE_PORT=80"_s, u"PROXY_PORT_80_TCP=tcp://10.0.0.1:80"_s }),
        [](const Option &) { return false; });
    QCOMPARE(found.size(), 1);
    QVERIFY(found.constFirst().warning().contains(u"enableServiceLinks: false"_s));
}

void TstLookalikes::everySettingIsItself()
{
    for (const Option &option : optionTable()) {
        QCOMPARE(aliasOf(option.environmentName()), &option);
        QCOMPARE(aliasOfKey(option.iniKey()), &option);
        QCOMPARE(aliasOfKey(option.flag().mid(2)), &option);
    }
}

void TstLookalikes::valuesAreNotRepeated()
{
    const auto found =
        findLookalikes(environmentOf({ u"PROXY_PASSWORD=hunter2"_s, u"PROXY_AUTH_PASWORD=hunter2"_s,
                                       u"PROXY_HUNTER=hunter2"_s, u"PROXY_PORT=tcp://hunter2"_s }),
                       [](const Option &) { return false; });
    QCOMPARE(found.size(), 4);
    for (const Lookalike &each : found)
        QVERIFY2(!each.warning().contains(u"hunter2"_s), qPrintable(each.warning()));
}

void TstLookalikes::serviceLinks_data()
{
    QTest::addColumn<bool>("isLink");
    for (const char *value : { "tcp://10.0.0.1:8080", "udp://10.0.0.1:53", "sctp://x", "tcp://" })
        QTest::addRow("B§1: of a Service: %s", value) << true;
    for (const char *value : { "8080", "tcp:/10.0.0.1", "TCP://10.0.0.1", " tcp://10.0.0.1",
                               "http://10.0.0.1", "xtcp://10.0.0.1", "" })
        QTest::addRow("B§1: of no Service: %s", value) << false;
}

void TstLookalikes::serviceLinks()
{
    QFETCH(bool, isLink);
    const QString value = QString::fromUtf8(QTest::currentDataTag()).section(u": "_s, 2);
    QCOMPARE(isServiceLink(value), isLink);
}

void TstLookalikes::keys_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("expected");

    QTest::newRow("B§1: a flag that is cut short") << u"auth-user"_s << u"--auth-username"_s;
    QTest::newRow("B§1: another program's flag") << u"user"_s << u"--auth-username"_s;
    QTest::newRow("B§1: another program's key") << u"password"_s << u"--auth-password"_s;
    QTest::newRow("B§1: a list of another name") << u"whitelist"_s << u"--allowed-ips"_s;
    QTest::newRow("B§1: a variable's name") << u"PROXY_PORT"_s << u"--port"_s;
    QTest::newRow("B§1: nobody's key") << u"colour"_s << QString();
}

void TstLookalikes::keys()
{
    QFETCH(QString, key);
    QFETCH(QString, expected);
    const Option *alias = aliasOfKey(key);
    QCOMPARE(alias ? alias->flag() : QString(), expected);
}

QTEST_APPLESS_MAIN(TstLookalikes)
#include "tst_lookalikes.moc"
