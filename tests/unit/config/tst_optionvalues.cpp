// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "config/optionvalues.h"
#include "config/parenturl.h"
#include "configfixture.h"

#include <QSet>
#include <QTest>

#include <functional>
#include <type_traits>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::config;

using Change = std::function<void(Settings &)>;
Q_DECLARE_METATYPE(Change)

namespace {

// A row without all four functions does not compile.
struct WithoutParse
{
    static QString format(const Settings &);
    static void copy(const Settings &, Settings &);
    static bool equals(const Settings &, const Settings &);
};
struct WithoutFormat
{
    static ValueProblems parse(Draft &, const QString &);
    static void copy(const Settings &, Settings &);
    static bool equals(const Settings &, const Settings &);
};
struct WithoutCopy
{
    static ValueProblems parse(Draft &, const QString &);
    static QString format(const Settings &);
    static bool equals(const Settings &, const Settings &);
};
struct WithoutEquals
{
    static ValueProblems parse(Draft &, const QString &);
    static QString format(const Settings &);
    static void copy(const Settings &, Settings &);
};
template <typename Value>
constexpr bool makesARow =
    std::is_constructible_v<Option, const char *, const char *, const char *, Secrecy, Value>;
static_assert(makesARow<Username>);
static_assert(!makesARow<WithoutParse>);
static_assert(!makesARow<WithoutFormat>);
static_assert(!makesARow<WithoutCopy>);
static_assert(!makesARow<WithoutEquals>);
static_assert(!std::is_aggregate_v<Option> && !std::is_default_constructible_v<Option>);

/// Calls visit(name, field, other value) for every field. A field added to one of these structs
/// does not compile here until it gets its line.
template <typename Visit> void visitFields(Settings &settings, const QString &caFile, Visit visit)
{
    using std::chrono::milliseconds;
    auto &[listen, door, access, users, timeouts, limits, log, upstream, state, tls, admin, pages,
           sockets, dispatcher] = settings;

    auto &[address, port] = listen;
    visit("listen.address", address, QHostAddress(u"192.0.2.7"_s));
    visit("listen.port", port, quint16(3128));

    auto &[socks5] = door;
    visit("door.socks5", socks5, std::optional(false));

    auto &[clients, balancers, credentials, guard, hosts, hostsMode, ports, privateTargets] =
        access;
    visit("access.allowedClients", clients,
          QList<policy::ClientEntry> { policy::ClientEntry::privateClients(),
                                       policy::Cidr::host(QHostAddress(u"192.0.2.9"_s)) });
    visit("access.balancers", balancers,
          QList<policy::BalancerEntry> { policy::BalancerEntry::parse("192.0.2.7").value() });
    visit("access.credentials", credentials,
          std::optional(policy::Credentials { "user", "p@s:s/ %'$" }));
    auto &[maxAttempts, window] = guard;
    visit("access.guard.maxAttempts", maxAttempts, 3);
    visit("access.guard.window", window, milliseconds(7000));
    visit("access.allowedHosts", hosts,
          QList<policy::HostEntry> { policy::HostPattern::parse("*.example.com").value(),
                                     policy::HostEntry::parse("@openai").value() });
    visit("access.hostsMode", hostsMode, policy::HostsMode::Report);
    visit("access.allowedPorts", ports, QList<policy::PortRange> { { 443, 443 } });
    auto &[all, allowed] = privateTargets;
    visit("access.privateTargets.all", all, true);
    visit("access.privateTargets.allowed", allowed,
          QList<policy::Cidr> { policy::Cidr::parse("10.0.0.0/8").value() });

    auto &[usersFile] = users;
    visit("users.file", usersFile, u"/etc/proxy/users"_s);

    auto &[silence, connect, header, keepAlive, grace, tcpKeepalive] = timeouts;
    visit("timeouts.silence", silence, milliseconds(1001));
    visit("timeouts.connect", connect, milliseconds(1002));
    visit("timeouts.header", header, milliseconds(1003));
    visit("timeouts.keepAlive", keepAlive, milliseconds(1004));
    visit("timeouts.shutdownGrace", grace, milliseconds(1005));
    visit("timeouts.tcpKeepalive", tcpKeepalive, std::chrono::seconds(9));

    auto &[maxConnections, perClient, threads, head] = limits;
    visit("limits.maxConnections", maxConnections, 11);
    visit("limits.maxConnectionsPerClient", perClient, 12);
    visit("limits.threads", threads, 3);
    auto &[headBytes, fields, targetBytes] = head;
    visit("limits.head.maxHeadBytes", headBytes, qsizetype(1000));
    visit("limits.head.maxFields", fields, qsizetype(100));
    visit("limits.head.maxTargetBytes", targetBytes, qsizetype(999));

    auto &[level, format] = log;
    visit("log.level", level, LogLevel::Debug);
    visit("log.format", format, LogFormat::Json);

    auto &[file, exit, addsVia, parents] = upstream;
    visit("upstream.caFile", file, caFile);
    auto &[family, sources] = exit;
    visit("upstream.exit.family", family, ExitFamily::IPv6);
    auto &[ipv4, ipv6] = sources;
    visit("upstream.exit.sources.ipv4", ipv4, std::optional(QHostAddress(u"192.0.2.8"_s)));
    visit("upstream.exit.sources.ipv6", ipv6, std::optional(QHostAddress(u"2001:db8::8"_s)));
    visit("upstream.addsVia", addsVia, false);
    auto &[parentList, bypass] = parents;
    visit("upstream.parents.list", parentList,
          QList<Parent> { parseParent("https://u:p@a.example:8443").value().parent });
    auto &[bypassHosts, bypassRanges] = bypass;
    visit("upstream.parents.bypass.hosts", bypassHosts,
          QList<policy::HostEntry> { policy::HostEntry::parse("a.example").value() });
    visit("upstream.parents.bypass.ranges", bypassRanges,
          QList<policy::Cidr> { policy::Cidr::parse("10.0.0.0/8").value() });

    auto &[folder, usualFolder] = state;
    visit("state.folder", folder, u"/var/lib/proxy"_s);
    visit("state.usual", usualFolder, u"/var/lib/usual"_s);

    auto &[tlsMode, certificateFile, keyFile, names] = tls;
    visit("tls.mode", tlsMode, TlsMode::Off);
    visit("tls.certificateFile", certificateFile, u"/etc/proxy/cert.pem"_s);
    visit("tls.keyFile", keyFile, u"/etc/proxy/key.pem"_s);
    visit("tls.names", names, QList<ServerName> { ServerName::parse("proxy.example.com").value() });

    auto &[adminDoors, tokensFile, adminHosts, metricsDoor] = admin;
    const AdminDoor loopback { AdminDoor::Kind::Clear, {}, QHostAddress(u"127.0.0.1"_s), 8081 };
    visit("admin.doors", adminDoors, QList<AdminDoor> { loopback });
    visit("admin.tokensFile", tokensFile, u"/etc/proxy/tokens"_s);
    visit("admin.hosts", adminHosts,
          QList<ServerName> { ServerName::parse("admin.example.com").value() });
    visit("admin.metrics", metricsDoor, std::optional(loopback));

    visit("pages", pages, PagesFor::Local);
    visit("sockets", sockets, Backend::Qt);
    visit("eventDispatcher", dispatcher, Backend::Qt);
}

/// One field, wherever it is.
struct SettingsField
{
    QString name;
    std::function<void(const Settings &from, Settings &to)> copy;
};

/// Fields that nothing sets from outside: the program's constants, and what a shell says about
/// itself. They travel with the settings.
const QSet<QString> constants { u"timeouts.keepAlive"_s, u"limits.head.maxHeadBytes"_s,
                                u"limits.head.maxFields"_s, u"state.usual"_s };

} // namespace

class TstOptionValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyFieldIsReachedByARow_data() { addFields(); }
    void everyFieldIsReachedByARow();
    void aDifferenceIsSeenAndCopiedAlone_data() { addFields(); }
    void aDifferenceIsSeenAndCopiedAlone();
    void everyRowCopiesItsOwnFieldsOnly_data() { addRows(); }
    void everyRowCopiesItsOwnFieldsOnly();
    void whatIsPrintedIsReadAgain_data() { addRows(); }
    void whatIsPrintedIsReadAgain();
    void nothingIsCopiedToo_data();
    void nothingIsCopiedToo();
    void userAndPasswordAreComparedEach();
    void aPasswordFileStandsForThePassword();
    void theZoneOfAnAddressCounts();

private:
    void addFields() const;
    static void addRows();
    /// The rows whose values differ between these settings.
    [[nodiscard]] static QList<const Option *> rowsThatDiffer(const Settings &left,
                                                              const Settings &right);

    ConfigFixture m_fixture;
    QList<SettingsField> m_fields;
    Settings m_other; ///< every field differs from its default
};

void TstOptionValues::initTestCase()
{
    m_fixture.writeFile(u"ca.pem"_s,
                        "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n");
    const auto *start = reinterpret_cast<const char *>(&m_other);
    visitFields(m_other, m_fixture.path(u"ca.pem"_s),
                [&](const char *name, auto &field, const auto &other) {
                    using T = std::remove_reference_t<decltype(field)>;
                    field = other;
                    const auto offset = reinterpret_cast<const char *>(&field) - start;
                    const auto copy = [offset](const Settings &from, Settings &to) {
                        *reinterpret_cast<T *>(reinterpret_cast<char *>(&to) + offset) =
                            *reinterpret_cast<const T *>(reinterpret_cast<const char *>(&from)
                                                         + offset);
                    };
                    m_fields.append({ QString::fromLatin1(name), copy });
                });
}

void TstOptionValues::addFields() const
{
    QTest::addColumn<qsizetype>("index");
    for (qsizetype i = 0; i < m_fields.size(); ++i)
        QTest::newRow(qPrintable(m_fields[i].name)) << i;
}

void TstOptionValues::addRows()
{
    QTest::addColumn<QString>("name");
    for (const Option &option : optionTable())
        QTest::newRow(option.environment) << option.environmentName();
}

QList<const Option *> TstOptionValues::rowsThatDiffer(const Settings &left, const Settings &right)
{
    QList<const Option *> rows;
    for (const Option &option : optionTable()) {
        if (!option.equals(left, right))
            rows.append(&option);
    }
    return rows;
}

void TstOptionValues::everyFieldIsReachedByARow()
{
    QFETCH(const qsizetype, index);
    const SettingsField &field = m_fields[index];
    Settings changed;
    field.copy(m_other, changed);
    QVERIFY2(changed != Settings(), "what no comparison sees is never published");
    const qsizetype expected = constants.contains(field.name) ? 0
        : field.name == u"access.credentials"_s               ? 3
        : field.name == u"upstream.parents.list"_s            ? 2
                                                              : 1;
    QCOMPARE(rowsThatDiffer(Settings(), changed).size(), expected);
}

void TstOptionValues::aDifferenceIsSeenAndCopiedAlone()
{
    QFETCH(const qsizetype, index);
    const Settings defaults;
    for (const bool amongDefaults : { true, false }) {
        const Settings &base = amongDefaults ? defaults : m_other;
        Settings changed = base;
        m_fields[index].copy(amongDefaults ? m_other : defaults, changed);
        QVERIFY(changed != base);
        for (const Option *option : rowsThatDiffer(base, changed)) {
            Settings copied = base;
            option->copy(changed, copied);
            QVERIFY2(option->equals(copied, changed), option->environment);
            QVERIFY2(copied == changed, option->environment);
            option->copy(base, copied);
            QVERIFY2(copied == base, option->environment);
        }
    }
}

void TstOptionValues::everyRowCopiesItsOwnFieldsOnly()
{
    QFETCH(const QString, name);
    const Option *option = findOption(name);
    const Settings defaults;
    QVERIFY2(!option->equals(defaults, m_other), "nothing would be shown");

    // From settings that differ everywhere, the row copies the fields that it reads, and no others.
    Settings expected;
    for (const SettingsField &field : m_fields) {
        Settings changed;
        field.copy(m_other, changed);
        if (!option->equals(defaults, changed))
            field.copy(m_other, expected);
    }
    Settings copied;
    option->copy(m_other, copied);
    QVERIFY(copied == expected);
    QVERIFY(option->equals(copied, m_other));
}

void TstOptionValues::whatIsPrintedIsReadAgain()
{
    QFETCH(const QString, name);
    const Option *option = findOption(name);
    Settings other = m_other;
    other.access.privateTargets.all = false; // with `all` set, the list of ranges is not part of
                                             // the value
    for (const Settings &settings : { Settings(), other }) {
        const QString text = option->format(settings);
        if (text.isEmpty())
            continue;
        Draft draft;
        QVERIFY(option->parse(draft, text).isEmpty());
        if (!draft.username.isEmpty() || !draft.password.isEmpty()) {
            QCOMPARE(draft.username + draft.password, text); // the loader joins the two
            continue;
        }
        QVERIFY(option->equals(draft.settings, settings));
        QCOMPARE(option->format(draft.settings), text);
    }
}

void TstOptionValues::nothingIsCopiedToo_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Change>("clear");
    const auto row = [](const char *sentence, const char *name, const Change &clear) {
        QTest::newRow(sentence) << QString::fromLatin1(name) << clear;
    };
    row("a client list without an entry", "ALLOWED_IPS",
        [](Settings &s) { s.access.allowedClients.clear(); });
    row("no balancer", "PROXY_PROXY_PROTOCOL_FROM",
        [](Settings &s) { s.access.balancers.clear(); });
    row("a host list without an entry", "ALLOWED_HOSTS",
        [](Settings &s) { s.access.allowedHosts.clear(); });
    row("no file of certificates", "PROXY_UPSTREAM_CA_FILE",
        [](Settings &s) { s.upstream.caFile.clear(); });
    row("no source address", "PROXY_SOURCE_ADDRESS",
        [](Settings &s) { s.upstream.exit.sources = {}; });
    for (const char *name : { usernameOption, passwordOption, passwordFileOption }) {
        QTest::addRow("no credentials by %s", name)
            << QString::fromLatin1(name)
            << Change([](Settings &s) { s.access.credentials.reset(); });
    }
}

void TstOptionValues::nothingIsCopiedToo()
{
    QFETCH(const QString, name);
    QFETCH(const Change, clear);
    const Option *option = findOption(name);
    Settings cleared = m_other;
    clear(cleared);
    QCOMPARE(option->format(cleared), QString());
    QVERIFY(!option->equals(m_other, cleared));
    Settings copied = m_other;
    option->copy(cleared, copied);
    QVERIFY(copied == cleared);
    QVERIFY(option->equals(copied, Settings()));
}

void TstOptionValues::userAndPasswordAreComparedEach()
{
    Settings renamed = m_other;
    renamed.access.credentials->username = "another";
    QCOMPARE(rowsThatDiffer(m_other, renamed),
             QList<const Option *> { findOption(QString::fromLatin1(usernameOption)) });
    Settings changed = m_other;
    changed.access.credentials->password = "another";
    const QList<const Option *> byPassword {
        findOption(QString::fromLatin1(passwordOption)),
        findOption(QString::fromLatin1(passwordFileOption)),
    };
    QCOMPARE(rowsThatDiffer(m_other, changed), byPassword);
    // Copying half of a pair would admit everyone who knows that half, so both are copied.
    Settings copied = renamed;
    findOption(QString::fromLatin1(usernameOption))->copy(changed, copied);
    QVERIFY(copied == changed);
}

void TstOptionValues::aPasswordFileStandsForThePassword()
{
    const Option *option = findOption(QString::fromLatin1(passwordFileOption));
    QCOMPARE(option->format(m_other), QString());
    Draft draft;
    QVERIFY(option->parse(draft, u"/run/secrets/proxy"_s).isEmpty());
    QCOMPARE(draft.passwordFile, u"/run/secrets/proxy"_s);
    QVERIFY(draft.settings == Settings());
}

void TstOptionValues::theZoneOfAnAddressCounts()
{
    Settings left;
    left.listen.address = QHostAddress(u"fe80::1%eth0"_s);
    Settings right;
    right.listen.address = QHostAddress(u"fe80::1%eth1"_s);
    const Option *option = findOption(u"PROXY_ADDRESS"_s);
    QVERIFY(!option->equals(left, right));
    option->copy(right, left);
    QCOMPARE(left.listen.address.scopeId(), u"eth1"_s);
    QVERIFY(option->equals(left, right));
}

QTEST_APPLESS_MAIN(TstOptionValues)
#include "tst_optionvalues.moc"
