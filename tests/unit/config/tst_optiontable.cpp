// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

namespace {

struct Spelling
{
    QString environment;
    QString key;
    QString flag;
};

QList<Spelling> allSpellings()
{
    return {
        { u"PROXY_PORT"_s, u"port"_s, u"--port"_s },
        { u"PROXY_ADDRESS"_s, u"address"_s, u"--address"_s },
        { u"PROXY_SOCKS5"_s, u"socks5"_s, u"--socks5"_s },
        { u"PROXY_AUTH_USERNAME"_s, u"auth_username"_s, u"--auth-username"_s },
        { u"PROXY_AUTH_PASSWORD"_s, u"auth_password"_s, u"--auth-password"_s },
        { u"PROXY_AUTH_PASSWORD_FILE"_s, u"auth_password_file"_s, u"--auth-password-file"_s },
        { u"PROXY_USERS_FILE"_s, u"users_file"_s, u"--users-file"_s },
        { u"LOG_LEVEL"_s, u"log_level"_s, u"--log-level"_s },
        { u"LOG_FORMAT"_s, u"log_format"_s, u"--log-format"_s },
        { u"ALLOWED_IPS"_s, u"allowed_ips"_s, u"--allowed-ips"_s },
        { u"PROXY_PAGES"_s, u"pages"_s, u"--pages"_s },
        { u"PROXY_TLS"_s, u"tls"_s, u"--tls"_s },
        { u"PROXY_TLS_CERT_FILE"_s, u"tls_cert_file"_s, u"--tls-cert-file"_s },
        { u"PROXY_TLS_KEY_FILE"_s, u"tls_key_file"_s, u"--tls-key-file"_s },
        { u"PROXY_TLS_NAMES"_s, u"tls_names"_s, u"--tls-names"_s },
        { u"PROXY_STATE_DIR"_s, u"state_dir"_s, u"--state-dir"_s },
        { u"PROXY_ADMIN"_s, u"admin"_s, u"--admin"_s },
        { u"PROXY_ADMIN_TOKENS_FILE"_s, u"admin_tokens_file"_s, u"--admin-tokens-file"_s },
        { u"PROXY_ADMIN_HOSTS"_s, u"admin_hosts"_s, u"--admin-hosts"_s },
        { u"PROXY_METRICS"_s, u"metrics"_s, u"--metrics"_s },
        { u"PROXY_PROXY_PROTOCOL_FROM"_s, u"proxy_protocol_from"_s, u"--proxy-protocol-from"_s },
        { u"PROXY_TIMEOUT_MS"_s, u"timeout_ms"_s, u"--timeout-ms"_s },
        { u"PROXY_CONNECT_TIMEOUT_MS"_s, u"connect_timeout_ms"_s, u"--connect-timeout-ms"_s },
        { u"PROXY_HEADER_TIMEOUT_MS"_s, u"header_timeout_ms"_s, u"--header-timeout-ms"_s },
        { u"PROXY_TCP_KEEPALIVE_S"_s, u"tcp_keepalive_s"_s, u"--tcp-keepalive-s"_s },
        { u"PROXY_SHUTDOWN_GRACE_MS"_s, u"shutdown_grace_ms"_s, u"--shutdown-grace-ms"_s },
        { u"PROXY_UPSTREAM_CA_FILE"_s, u"upstream_ca_file"_s, u"--upstream-ca-file"_s },
        { u"PROXY_EXIT_FAMILY"_s, u"exit_family"_s, u"--exit-family"_s },
        { u"PROXY_SOURCE_ADDRESS"_s, u"source_address"_s, u"--source-address"_s },
        { u"PROXY_PARENTS"_s, u"parents"_s, u"--parents"_s },
        { u"PROXY_PARENTS_PASSWORD_FILE"_s, u"parents_password_file"_s,
          u"--parents-password-file"_s },
        { u"PROXY_PARENTS_BYPASS"_s, u"parents_bypass"_s, u"--parents-bypass"_s },
        { u"PROXY_VIA_HEADER"_s, u"via_header"_s, u"--via-header"_s },
        { u"AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS"_s, u"auth_fail_rate_limit_max_attempts"_s,
          u"--auth-fail-rate-limit-max-attempts"_s },
        { u"AUTH_FAIL_RATE_LIMIT_WINDOW_MS"_s, u"auth_fail_rate_limit_window_ms"_s,
          u"--auth-fail-rate-limit-window-ms"_s },
        { u"MAX_CONCURRENT_CONNECTIONS"_s, u"max_concurrent_connections"_s,
          u"--max-concurrent-connections"_s },
        { u"MAX_CONNECTIONS_PER_IP"_s, u"max_connections_per_ip"_s, u"--max-connections-per-ip"_s },
        { u"MAX_URL_LENGTH"_s, u"max_url_length"_s, u"--max-url-length"_s },
        { u"ALLOWED_HOSTS"_s, u"allowed_hosts"_s, u"--allowed-hosts"_s },
        { u"ALLOWED_HOSTS_MODE"_s, u"allowed_hosts_mode"_s, u"--allowed-hosts-mode"_s },
        { u"ALLOWED_PORTS"_s, u"allowed_ports"_s, u"--allowed-ports"_s },
        { u"ALLOW_PRIVATE_TARGETS"_s, u"allow_private_targets"_s, u"--allow-private-targets"_s },
        { u"PROXY_THREADS"_s, u"threads"_s, u"--threads"_s },
        { u"PROXY_SOCKETS"_s, u"sockets"_s, u"--sockets"_s },
        { u"PROXY_EVENT_DISPATCHER"_s, u"event_dispatcher"_s, u"--event-dispatcher"_s },
    };
}

/// For each option but those whose value is a secret or names one: its default in the behaviour
/// document, another valid value, and some that are out of range.
struct Values
{
    QString name;
    QString byDefault;
    QString other;
    QStringList bad;
};

QList<Values> allValues()
{
    return {
        { u"PROXY_PORT"_s, u"8080"_s, u"0"_s, { u"65536"_s, u"http"_s } },
        { u"PROXY_ADDRESS"_s, u"0.0.0.0"_s, u"127.0.0.1"_s, { u"everywhere"_s } },
        { u"PROXY_SOCKS5"_s, QString(), u"true"_s, { u"5"_s, u"auto"_s } },
        { u"PROXY_USERS_FILE"_s, QString(), u"/etc/proxy/users"_s, {} },
        { u"LOG_LEVEL"_s, u"info"_s, u"debug"_s, { u"loud"_s } },
        { u"LOG_FORMAT"_s, u"text"_s, u"json"_s, { u"xml"_s } },
        { u"ALLOWED_IPS"_s, QString(), u"192.0.2.0/24"_s, { u"10.0.0.0/33"_s } },
        { u"PROXY_PAGES"_s, u"all"_s, u"listed"_s, { u"none"_s } },
        { u"PROXY_TLS"_s, u"auto"_s, u"off"_s, { u"on"_s, u"true"_s } },
        { u"PROXY_TLS_CERT_FILE"_s, QString(), u"/etc/proxy/cert.pem"_s, {} },
        { u"PROXY_TLS_KEY_FILE"_s, QString(), u"/etc/proxy/key.pem"_s, {} },
        { u"PROXY_TLS_NAMES"_s,
          QString(),
          u"proxy.example.com,192.0.2.7,2001:db8::7"_s,
          { u"https://a.example"_s, u"0.0.0.0"_s, u"a_b.example"_s } },
        { u"PROXY_STATE_DIR"_s, QString(), u"/var/lib/proxy"_s, { u"state"_s, u"./state"_s } },
        { u"PROXY_ADMIN"_s,
          QString(),
          u"127.0.0.1:8081,[::1]:8082"_s,
          { u"0.0.0.0:8081"_s, u"192.0.2.7:8081"_s, u"8081"_s, u"localhost:8081"_s, u"::1:8081"_s,
            u"127.0.0.1:65536"_s, u"unix:admin.sock"_s, u"127.0.0.1:1,127.0.0.1:1"_s, u","_s } },
        { u"PROXY_ADMIN_TOKENS_FILE"_s, QString(), u"/etc/proxy/tokens"_s, {} },
        { u"PROXY_ADMIN_HOSTS"_s,
          QString(),
          u"proxy.example.com,192.0.2.7"_s,
          { u"https://a.example"_s, u"*.example.com"_s } },
        { u"PROXY_METRICS"_s,
          QString(),
          u"0.0.0.0:9464"_s,
          { u"9464"_s, u"localhost:9464"_s, u"tls:127.0.0.1:9464"_s } },
        { u"PROXY_PROXY_PROTOCOL_FROM"_s,
          QString(),
          u"192.0.2.7,10.1.0.0/16,2001:db8::/64"_s,
          { u"0.0.0.0/0"_s, u"127.0.0.1"_s, u"::/64"_s, u"private"_s, u","_s } },
        { u"PROXY_TIMEOUT_MS"_s, u"1200000"_s, u"1800000"_s, { u"999"_s, u"86400001"_s } },
        { u"PROXY_CONNECT_TIMEOUT_MS"_s, u"15000"_s, u"1000"_s, { u"99"_s, u"600001"_s } },
        { u"PROXY_HEADER_TIMEOUT_MS"_s, u"30000"_s, u"1000"_s, { u"99"_s, u"600001"_s } },
        { u"PROXY_TCP_KEEPALIVE_S"_s, u"30"_s, u"0"_s, { u"-1"_s, u"30000"_s } },
        { u"PROXY_SHUTDOWN_GRACE_MS"_s, u"9000"_s, u"0"_s, { u"-1"_s, u"3600001"_s } },
        { u"PROXY_UPSTREAM_CA_FILE"_s, QString(), QString(), { u"/no/such/file"_s } },
        { u"PROXY_EXIT_FAMILY"_s, u"any"_s, u"ipv6"_s, { u"ipv5"_s, u"4"_s } },
        { u"PROXY_SOURCE_ADDRESS"_s,
          QString(),
          u"192.0.2.7,2001:db8::7"_s,
          { u"proxy.example.com"_s, u"192.0.2.0/24"_s, u","_s } },
        { u"PROXY_PARENTS"_s,
          QString(),
          u"https://u:p@a.example:8443,direct"_s,
          { u"a.example:8443"_s, u"ftp://a.example:21"_s, u"direct,direct"_s, u","_s } },
        { u"PROXY_PARENTS_BYPASS"_s,
          QString(),
          u"*.corp.example,10.0.0.0/8"_s,
          { u"*"_s, u"10.0.0.1/8"_s, u","_s } },
        { u"PROXY_VIA_HEADER"_s, u"true"_s, u"false"_s, { u"never"_s } },
        { u"AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS"_s, u"10"_s, u"1"_s, { u"0"_s, u"1000001"_s } },
        { u"AUTH_FAIL_RATE_LIMIT_WINDOW_MS"_s,
          u"300000"_s,
          u"1000"_s,
          { u"999"_s, u"86400001"_s } },
        { u"MAX_CONCURRENT_CONNECTIONS"_s, u"50000"_s, u"1"_s, { u"0"_s, u"1000001"_s } },
        { u"MAX_CONNECTIONS_PER_IP"_s, u"0"_s, u"5"_s, { u"-1"_s, u"1000001"_s } },
        { u"MAX_URL_LENGTH"_s, u"16384"_s, u"64"_s, { u"63"_s, u"65537"_s } },
        { u"ALLOWED_HOSTS"_s, QString(), u"api.openai.com,*.anthropic.com:443"_s, { u"*"_s } },
        { u"ALLOWED_HOSTS_MODE"_s, u"enforce"_s, u"report"_s, { u"log"_s } },
        { u"ALLOWED_PORTS"_s, u"80,443,1024-65535"_s, u"443"_s, { u"0-80"_s, u","_s } },
        { u"ALLOW_PRIVATE_TARGETS"_s, u"false"_s, u"192.168.1.0/24"_s, { u"maybe"_s } },
        { u"PROXY_THREADS"_s, u"0"_s, u"4"_s, { u"65"_s } },
        { u"PROXY_SOCKETS"_s, u"native"_s, u"qt"_s, { u"raw"_s } },
        { u"PROXY_EVENT_DISPATCHER"_s, u"native"_s, u"qt"_s, { u"epoll"_s } },
    };
}

/// What the table has and `seen` has not, and the other way round; sorted.
QStringList differences(const QStringList &seen)
{
    QSet<QString> expected;
    for (const Option &option : optionTable())
        expected.insert(option.environmentName());
    const QSet<QString> actual(seen.begin(), seen.end());
    QStringList different = ((expected - actual) + (actual - expected)).values();
    different.sort();
    return different;
}

} // namespace

class TstOptionTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spellings_data();
    void spellings();
    void everyOptionHasItsRows();
    void noTwoOptionsShareASpelling();
    void defaultsRoundTrip();
    void values_data();
    void values();
    void onlyThePasswordIsSecret();
    void helpIsOneSentence();
};

void TstOptionTable::spellings_data()
{
    QTest::addColumn<QString>("environment");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("flag");
    for (const Spelling &row : allSpellings()) {
        QTest::newRow(qPrintable(u"B§1: %1 has its three spellings"_s.arg(row.environment)))
            << row.environment << row.key << row.flag;
    }
}

void TstOptionTable::spellings()
{
    QFETCH(QString, environment);
    QFETCH(QString, key);
    QFETCH(QString, flag);

    const Option *option = findOption(environment);
    QVERIFY(option);
    QCOMPARE(option->iniKey(), key);
    QCOMPARE(option->flag(), flag);
    QCOMPARE(findOption(key), option);
    QCOMPARE(findOption(flag), option);
    QVERIFY(!findOption(environment + u'X'));
}

void TstOptionTable::everyOptionHasItsRows()
{
    QStringList spelled;
    for (const Spelling &row : allSpellings())
        spelled.append(row.environment);
    QCOMPARE(differences(spelled), QStringList());
    QCOMPARE(spelled.size(), optionTable().size());
    QStringList valued { u"PROXY_AUTH_USERNAME"_s, u"PROXY_AUTH_PASSWORD"_s,
                         u"PROXY_AUTH_PASSWORD_FILE"_s, u"PROXY_PARENTS_PASSWORD_FILE"_s };
    for (const Values &row : allValues())
        valued.append(row.name);
    QCOMPARE(differences(valued), QStringList());
    QCOMPARE(valued.size(), optionTable().size());
}

void TstOptionTable::noTwoOptionsShareASpelling()
{
    QSet<QString> seen;
    for (const Option &option : optionTable()) {
        seen.insert(option.environmentName());
        seen.insert(option.iniKey());
        seen.insert(option.flag());
    }
    QCOMPARE(seen.size(), optionTable().size() * 3);
}

void TstOptionTable::defaultsRoundTrip()
{
    for (const Option &option : optionTable()) {
        const QString text = option.format(Settings());
        if (text.isEmpty()) {
            QVERIFY2(*option.whenUnset != '\0', option.environment);
            continue;
        }
        Draft draft;
        QVERIFY2(option.parse(draft, text).isEmpty(), option.environment);
        QVERIFY2(draft.settings == Settings(), option.environment);
    }
}

void TstOptionTable::values_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("byDefault");
    QTest::addColumn<QString>("other");
    QTest::addColumn<QStringList>("bad");
    for (const Values &row : allValues()) {
        QTest::newRow(qPrintable(u"B§1: %1: default, range"_s.arg(row.name)))
            << row.name << row.byDefault << row.other << row.bad;
    }
}

void TstOptionTable::values()
{
    QFETCH(QString, name);
    QFETCH(QString, byDefault);
    QFETCH(QString, other);
    QFETCH(QStringList, bad);

    const Option *option = findOption(name);
    QVERIFY(option);
    QCOMPARE(option->format(Settings()), byDefault);
    if (!other.isEmpty()) {
        Draft draft;
        QVERIFY(option->parse(draft, other).isEmpty());
        QCOMPARE(option->format(draft.settings), other);
        QVERIFY2(draft.settings != Settings(), "what no comparison sees is never published");
        // Only this option's own field changes: the others keep their defaults.
        for (const Option &neighbour : optionTable()) {
            if (&neighbour != option)
                QCOMPARE(neighbour.format(draft.settings), neighbour.format(Settings()));
        }
    }
    for (const QString &text : bad) {
        Draft draft;
        QVERIFY2(!option->parse(draft, text).isEmpty(), qPrintable(text));
        QVERIFY(draft.settings == Settings());
    }
}

void TstOptionTable::onlyThePasswordIsSecret()
{
    for (const Option &option : optionTable())
        QCOMPARE(option.isSecret(), option.environmentName() == u"PROXY_AUTH_PASSWORD"_s);
    // In the list of parents the credentials are secret.
    const Option *parents = findOption(u"PROXY_PARENTS"_s);
    QCOMPARE(parents->shown(u"https://u:p@a.example:1"_s), u"https://***@a.example:1"_s);
    QCOMPARE(findOption(u"PROXY_AUTH_PASSWORD"_s)->shown(u"p"_s), u"***"_s);
    QCOMPARE(findOption(u"PROXY_AUTH_USERNAME"_s)->shown(u"u"_s), u"u"_s);
}

void TstOptionTable::helpIsOneSentence()
{
    for (const Option &option : optionTable()) {
        const QString help = QString::fromUtf8(option.help);
        QVERIFY2(help.size() > 10 && help.size() < 200, option.environment);
        QVERIFY2(!help.endsWith(u'.') && !help.contains(u'\n') && !help.contains(u'|'),
                 option.environment);
        QCOMPARE(help.count(u'`') % 2, 0);
    }
}

QTEST_APPLESS_MAIN(TstOptionTable)
#include "tst_optiontable.moc"
