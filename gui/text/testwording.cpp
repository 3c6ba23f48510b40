// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/testwording.h"

#include "gui/text/wording.h"

namespace sami::gui {

QString TestWording::stage(TestStage stage)
{
    switch (stage) {
    case TestStage::Listening:
        return tr("The proxy is listening");
    case TestStage::SignIn:
        return tr("Sign-in and the proxy's rules");
    case TestStage::Dns:
        return tr("The host's name (DNS)");
    case TestStage::Tcp:
        return tr("Connection to the host (TCP)");
    case TestStage::Tls:
        return tr("Encryption and certificate (TLS)");
    case TestStage::Http:
        return tr("Answer of the host (HTTP)");
    }
    return {};
}

QString TestWording::state(StageState state)
{
    switch (state) {
    case StageState::Open:
        return {};
    case StageState::Running:
        return tr("under way…");
    case StageState::Passed:
        return tr("good");
    case StageState::Failed:
        return tr("failed");
    case StageState::LeftOut:
        return tr("not needed");
    }
    return {};
}

QString TestWording::sign(StageState state)
{
    switch (state) {
    case StageState::Open:
        return QStringLiteral("○");
    case StageState::Running:
        return QStringLiteral("◌");
    case StageState::Passed:
        return QStringLiteral("✓");
    case StageState::Failed:
        return QStringLiteral("✗");
    case StageState::LeftOut:
        return QStringLiteral("–");
    }
    return {};
}

bool TestWording::isReached(TestVerdict verdict)
{
    switch (verdict) {
    case TestVerdict::Reachable:
    case TestVerdict::KeyWanted:
    case TestVerdict::RateLimited:
        return true;
    default:
        return false;
    }
}

QString TestWording::sentence(const TestOutcome &outcome, const QString &host)
{
    const QString reason = Wording::reason(outcome.detail.toUtf8());
    switch (outcome.verdict) {
    case TestVerdict::Reachable:
        return tr("%1 can be reached through this proxy. It answered with status %2.")
            .arg(host, QString::number(outcome.status));
    case TestVerdict::KeyWanted:
        return tr("%1 can be reached through this proxy. It asks for an API key (401), which this "
                  "test does not send: all is well.")
            .arg(host);
    case TestVerdict::SignInRefused:
        return tr("The proxy did not accept the user name and the password (407).");
    case TestVerdict::GuesserBlocked:
        return tr("The proxy has blocked this computer after too many wrong passwords (429). Under "
                  "“Denied” the block can be lifted.");
    case TestVerdict::RuleForbids:
        return tr("The proxy's own rules forbid it (403): look at the allowed IPs, hosts and ports "
                  "in the settings. “Denied” says which it was.");
    case TestVerdict::PrivateTarget:
        return tr("The proxy's own rules forbid it (403): %1 has a private or local address.")
            .arg(host);
    case TestVerdict::ProxyBusy:
        return tr("The proxy takes no new work now (503): it is stopping, or has too many "
                  "connections.");
    case TestVerdict::ProxyRefused:
        return tr("The proxy could not do it (%1): %2.")
            .arg(QString::number(outcome.status), reason);
    case TestVerdict::NotListening:
        return tr("Nothing accepts connections at the proxy's address. Start the proxy first.");
    case TestVerdict::DoorTlsFailed:
        return tr("The proxy requires TLS, but no TLS connection to it could be set up: %1.")
            .arg(outcome.detail);
    case TestVerdict::NoPlace:
        return tr("This computer has no port left for the test: %1. The proxy itself was reached.")
            .arg(outcome.detail);
    case TestVerdict::BalancerWanted:
        return tr("Connections from this computer are a balancer's here: each must begin with a "
                  "PROXY protocol header, which this test does not send. Test it through the "
                  "balancer.");
    case TestVerdict::DnsFailed:
        return tr("%1 was not found: %2. Check the name and this computer's network.")
            .arg(host, reason);
    case TestVerdict::TcpFailed:
        return tr("%1 could not be reached: %2. Check this computer's network and firewall.")
            .arg(host, reason);
    case TestVerdict::TlsFailed:
        return tr("No trusted encrypted connection to %1 could be set up: %2.")
            .arg(host, outcome.detail);
    case TestVerdict::ProviderForbids:
        return tr("%1 was reached, but refuses requests from here (%2). Providers answer like "
                  "this to countries and networks that they do not serve; the proxy cannot "
                  "change that.")
            .arg(host, QString::number(outcome.status));
    case TestVerdict::RateLimited:
        return tr("%1 can be reached through this proxy. It asks for fewer requests for now (429).")
            .arg(host);
    case TestVerdict::ServerError:
        return tr("%1 was reached, but has trouble of its own (status %2). Try again later.")
            .arg(host, QString::number(outcome.status));
    case TestVerdict::NotHttp:
        return outcome.stage == TestStage::Http
            ? tr("%1 was reached, but does not answer in HTTP.").arg(host)
            : tr("The program that listens at the proxy's address does not answer as a proxy.");
    case TestVerdict::ClosedEarly:
        return tr("The connection was closed before the answer came, at the step “%1”.")
            .arg(stage(outcome.stage));
    case TestVerdict::TimedOut:
        return tr("No answer came in time, at the step “%1”.").arg(stage(outcome.stage));
    case TestVerdict::Cancelled:
        return tr("Cancelled.");
    case TestVerdict::BadUrl:
        return tr("This is not an address that can be tested: it must begin with https:// or "
                  "http://.");
    }
    return {};
}

} // namespace sami::gui
