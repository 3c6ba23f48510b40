// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What an HTTP client's connection keeps from one request to the next. On simulated wires.
#include "doorrig.h"

#include <QTest>

#include <memory>

using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;

namespace {

constexpr char connectHead[] = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n";
constexpr char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";

config::Settings withKeepalive(std::chrono::seconds idle)
{
    config::Settings settings;
    settings.timeouts.tcpKeepalive = idle;
    return settings;
}

/// One user, whose password nobody knows.
users::RosterPtr someUser()
{
    const auto hash = users::PasswordHash::parse("$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0c2FsdA$"
                                                 + QByteArray(86, 'A'));
    if (!hash)
        qFatal("%s", qPrintable(hash.error()));
    return std::make_shared<const users::Roster>(users::UsersList(
        { std::make_shared<const users::User>(users::User { "a", *hash, 0, {}, {}, false, {} }) }));
}

} // namespace

class TestHttpFront : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newSettingsAmidARequestSetTheKeepalive_data();
    void newSettingsAmidARequestSetTheKeepalive();
};

void TestHttpFront::newSettingsAmidARequestSetTheKeepalive_data()
{
    QTest::addColumn<bool>("waitsForAVerdict");
    QTest::newRow("in the middle of its head") << false;
    QTest::newRow("while its password is checked") << true;
}

void TestHttpFront::newSettingsAmidARequestSetTheKeepalive()
{
    QFETCH(bool, waitsForAVerdict);
    rig::Door door(withKeepalive(30s));
    if (waitsForAVerdict) {
        door.prepare([&](ActiveSettings &active) {
            active.users = someUser();
            door.shared().gatekeeper.renew(active.settings.access.guard,
                                           active.policy.authenticator(), Clock::now(),
                                           active.users);
        });
    }
    door.accept();
    door.client->sent = connectHead;
    if (waitsForAVerdict)
        door.client->sent += "Proxy-Authorization: Basic YTpi\r\n\r\n";
    while (door.client->stream->turn()) {} // the verdict waits for the event loop
    QCOMPARE(door.client->accepted, "");
    door.apply(withKeepalive(7s)); // there are no users in these settings
    if (!waitsForAVerdict)
        door.say("\r\n");
    QTRY_COMPARE((door.turn(), door.client->accepted), established);
    QCOMPARE(door.client->tcpKeepalive, 7);
}

QTEST_GUILESS_MAIN(TestHttpFront)
#include "tst_httpfront.moc"
