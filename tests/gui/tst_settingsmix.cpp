// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "config/parenturl.h"
#include "gui/control/settingsmix.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstSettingsMix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOptionIsTakenAlone_data();
    void everyOptionIsTakenAlone();
    void userAndPasswordGoTogether();
    void bothSidesOfAMergeCount();
    void anEmptiedListIsAChange();
};

namespace {

/// Settings that differ from the defaults in every option.
config::Settings otherSettings()
{
    config::Settings other;
    other.listen = { QHostAddress(u"192.0.2.7"_s), 3128 };
    other.access.allowedClients = { policy::ClientEntry::privateClients(),
                                    policy::Cidr::host(QHostAddress(u"192.0.2.9"_s)) };
    other.access.balancers = { policy::BalancerEntry::parse("192.0.2.1").value() };
    other.door.socks5 = true;
    other.tls = { config::TlsMode::Off,
                  u"/not/there.crt"_s,
                  u"/not/there.key"_s,
                  { config::ServerName::parse("proxy.example.com").value() } };
    other.state.folder = u"/not/there"_s;
    other.access.credentials = policy::Credentials { "user", R"(p@s:s/ %"'$)" };
    other.users.file = u"/not/there/users"_s;
    other.access.guard = { 3, std::chrono::seconds(7) };
    other.access.allowedHosts = { policy::HostPattern::parse("*.example.com").value() };
    other.access.hostsMode = policy::HostsMode::Report;
    other.access.allowedPorts = { { 443, 443 } };
    other.access.privateTargets = { true, {} };
    using std::chrono::milliseconds;
    other.timeouts = { milliseconds(1001),   milliseconds(1002), milliseconds(1003),
                       milliseconds(75'000), milliseconds(1004), std::chrono::seconds(9) };
    other.limits.maxConnections = 11;
    other.limits.maxConnectionsPerClient = 12;
    other.limits.threads = 3;
    other.limits.head.maxTargetBytes = 999;
    other.log = { LogLevel::Debug, LogFormat::Json };
    other.upstream.caFile = u"/not/there.pem"_s;
    other.upstream.exit = { ExitFamily::IPv6, { QHostAddress(u"192.0.2.8"_s), std::nullopt } };
    other.upstream.addsVia = false;
    other.upstream.parents.list = {
        config::parseParent("https://u:p@a.example:8443").value().parent
    };
    other.upstream.parents.bypass.hosts = { policy::HostEntry::parse("b.example").value() };
    other.admin = { { { config::AdminDoor::Kind::Unix, u"/not/there.sock"_s, {}, 0 } },
                    u"/not/there/tokens"_s,
                    { config::ServerName::parse("admin.example.com").value() },
                    config::AdminDoor { config::AdminDoor::Kind::Clear,
                                        {},
                                        QHostAddress(QHostAddress::LocalHost),
                                        9464 } };
    other.pages = config::PagesFor::Local;
    other.sockets = config::Backend::Qt;
    other.eventDispatcher = config::Backend::Qt;
    return other;
}

} // namespace

void TstSettingsMix::everyOptionIsTakenAlone_data()
{
    QTest::addColumn<QString>("name");
    for (const config::Option &option : config::optionTable())
        QTest::newRow(option.environment) << option.environmentName();
}

void TstSettingsMix::everyOptionIsTakenAlone()
{
    QFETCH(QString, name);
    const config::Settings base;
    const config::Settings other = otherSettings();
    const config::Settings mixed =
        mixedSettings(base, other, [&name](const config::Option &option) {
            return option.environmentName() == name;
        });
    for (const config::Option &option : config::optionTable()) {
        const auto arePair = [&](const char *first, const char *second) {
            return (name == QLatin1StringView(first) || name == QLatin1StringView(second))
                && (option.environmentName() == QLatin1StringView(first)
                    || option.environmentName() == QLatin1StringView(second));
        };
        const bool isPair = (name.startsWith(u"PROXY_AUTH_"_s)
                             && option.environmentName().startsWith(u"PROXY_AUTH_"_s))
            || arePair(config::parentsOption, config::parentsPasswordFileOption);
        const bool isTaken = isPair || option.environmentName() == name;
        QCOMPARE(option.format(mixed), option.format(isTaken ? other : base));
        // If both were equal, this would show nothing.
        if (!option.environmentName().endsWith(u"_PASSWORD_FILE"_s))
            QVERIFY2(option.format(base) != option.format(other), option.environment);
    }
}

void TstSettingsMix::userAndPasswordGoTogether()
{
    const config::Settings mixed =
        mixedSettings({}, otherSettings(), [](const config::Option &option) {
            return QLatin1StringView(option.environment)
                == QLatin1StringView(config::usernameOption);
        });
    QCOMPARE(mixed.access.credentials, otherSettings().access.credentials);
}

void TstSettingsMix::bothSidesOfAMergeCount()
{
    const config::Settings base;
    config::Settings mine = base;
    mine.listen.port = 3128;
    config::Settings theirs = base;
    theirs.access.allowedHosts = { policy::HostPattern::parse("example.com").value() };
    config::Settings expected = theirs;
    expected.listen.port = 3128;
    QCOMPARE(mergedSettings(base, mine, theirs), expected);
}

void TstSettingsMix::anEmptiedListIsAChange()
{
    const config::Settings base = otherSettings();
    config::Settings mine = base;
    mine.access.allowedClients.clear();
    mine.access.allowedHosts.clear();
    mine.access.credentials.reset();
    mine.upstream.caFile.clear();
    QCOMPARE(mergedSettings(base, mine, base), mine);
}

QTEST_GUILESS_MAIN(TstSettingsMix)
#include "tst_settingsmix.moc"
