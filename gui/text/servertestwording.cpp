// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/servertestwording.h"

#include "gui/text/formatting.h"
#include "gui/text/testwording.h"
#include "gui/text/wording.h"

namespace sami::gui {

using server::ParentStep;
using server::ParentStepState;
using server::ParentTestOutcome;

namespace {

StageState stageOf(ParentStepState state)
{
    switch (state) {
    case ParentStepState::Open:
        return StageState::Open;
    case ParentStepState::Running:
        return StageState::Running;
    case ParentStepState::Passed:
        return StageState::Passed;
    case ParentStepState::Failed:
        return StageState::Failed;
    case ParentStepState::LeftOut:
        return StageState::LeftOut;
    }
    return StageState::Open;
}

} // namespace

QString ServerTestWording::step(ParentStep step, const config::Parent &server)
{
    switch (step) {
    case ParentStep::Name:
        return tr("The server's name (DNS)");
    case ParentStep::Tcp:
        return tr("Connection to the server (TCP)");
    case ParentStep::Tls:
        return tr("Encryption (TLS)");
    case ParentStep::Key:
        return server.pins.isEmpty() ? tr("The server's certificate")
                                     : tr("The server's key (pin)");
    case ParentStep::SignIn:
        return tr("Sign-in");
    case ParentStep::Provider:
        return tr("A provider through it");
    }
    return {};
}

QString ServerTestWording::line(ParentStep step, ParentStepState state,
                                const config::Parent &server)
{
    const StageState stage = stageOf(state);
    const QString word = TestWording::state(stage);
    return TestWording::sign(stage) + QStringLiteral("  ") + ServerTestWording::step(step, server)
        + (word.isEmpty() ? QString() : QStringLiteral(": ") + word);
}

QString ServerTestWording::forbiddenLine(const config::Parent &server)
{
    return TestWording::sign(StageState::LeftOut) + QStringLiteral("  ")
        + step(ParentStep::Provider, server) + QStringLiteral(": ")
        + tr("not allowed by the server's rules");
}

QString ServerTestWording::forbidden(const config::Parent &server, const QStringList &providers)
{
    return tr("%1 answers, but its own rules do not allow %2, so what lies beyond it was not "
              "tested. "
              "It may be meant for other hosts, or not for this computer.",
              "a server; a list of hosts")
        .arg(QString::fromUtf8(server.name), providers.join(QStringLiteral(", ")));
}

QString ServerTestWording::alsoForbidden(const QStringList &providers)
{
    return tr("The server's own rules do not allow %1.").arg(providers.join(QStringLiteral(", ")));
}

QString ServerTestWording::answer(int status, const QString &provider)
{
    constexpr int keyWanted = 401;
    if (status == 0)
        return tr("%1 can be reached through it.").arg(provider);
    if (status == keyWanted)
        return tr("%1 asks for an API key (401), which this test does not send: all is well.")
            .arg(provider);
    return tr("%1 answered with status %2.").arg(provider, QString::number(status));
}

QString ServerTestWording::sentence(const ParentTestOutcome &outcome, const config::Parent &server,
                                    const QString &provider)
{
    if (!outcome.isGood)
        return failure(outcome, server, provider);
    const QString name = QString::fromUtf8(server.name);
    const QString first = outcome.latency ? tr("%1 works; it is %2 away.", "a server; a time")
                                                .arg(name, Formatting::duration(*outcome.latency))
                                          : tr("%1 works.").arg(name);
    return first + QLatin1Char(' ') + answer(outcome.status, provider);
}

QString ServerTestWording::failure(const ParentTestOutcome &outcome, const config::Parent &server,
                                   const QString &provider)
{
    const QString name = QString::fromUtf8(server.name);
    const QString reason = Wording::reason(outcome.reason);
    if (outcome.isWrongPin())
        return tr("STOP: the server at the address of %1 has another key than the link says. "
                  "Either somebody on the way is reading along, or the server has a new key. "
                  "Nothing was sent to it, and it is not kept. Ask the person who gave you the "
                  "link for a new one.")
            .arg(name);
    switch (outcome.last) {
    case ParentStep::Name:
        return tr("The address of %1 was not found: %2. Check the link and this computer's "
                  "network.")
            .arg(name, reason);
    case ParentStep::Tcp:
        return tr("%1 could not be reached: %2. It may be off, or a firewall in between.")
            .arg(name, reason);
    case ParentStep::Tls:
        return tr("%1 was reached, but no encrypted connection could be set up: %2. Something "
                  "on the way may be blocking it.")
            .arg(name, reason);
    case ParentStep::Key:
        return tr("The certificate of %1 is not one that this computer trusts: %2. No password was "
                  "sent.")
            .arg(name, reason);
    case ParentStep::SignIn:
        return tr("%1 was reached, but cannot be used: %2.").arg(name, reason);
    case ParentStep::Provider:
        break;
    }
    if (outcome.status != 0)
        return tr("%1 works, but %2 answers with status %3. Providers refuse countries and "
                  "networks that they do not serve.")
            .arg(name, provider, QString::number(outcome.status));
    return tr("%1 takes the user name and the password, but %2 could not be reached through it: "
              "%3.")
        .arg(name, provider, reason);
}

} // namespace sami::gui
