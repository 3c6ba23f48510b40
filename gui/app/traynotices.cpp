// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/traynotices.h"

#include "gui/app/trayicon.h"

namespace sami::gui {

namespace {

QString closeNotice(ProxyState state)
{
    switch (state) {
    case ProxyState::Running:
        return TrayNotices::tr(
            "The proxy keeps running. Open this window again, or quit, from the icon here.");
    case ProxyState::Draining:
        return TrayNotices::tr("The proxy stops when the running streams have finished. Open "
                               "this window again, or quit, from the icon here.");
    case ProxyState::Failed:
        return TrayNotices::tr("The proxy is not running, but goes on trying to start. Open "
                               "this window again, or quit, from the icon here.");
    case ProxyState::Stopped:
        return TrayNotices::tr("The proxy is stopped. Start it, open this window again, or "
                               "quit, from the icon here.");
    }
    return {};
}

} // namespace

TrayNotices::TrayNotices(const ProxyController &controller, TrayIcon &tray, QObject *parent)
    : QObject(parent), m_controller(controller), m_tray(tray)
{
    connect(&tray, &TrayIcon::messageClicked, this, [this] { Q_EMIT(this->*m_lead)(); });
}

void TrayNotices::say(const QString &title, const QString &text, Icon icon, Lead lead)
{
    m_lead = lead;
    m_tray.say(title, text, icon);
}

void TrayNotices::tellClosed()
{
    say(tr("Sami LLM Proxy is still running"), closeNotice(m_controller.state()), Icon::Information,
        &TrayNotices::windowWanted);
}

void TrayNotices::tellDamage(const SettingsDamage &damage)
{
    say(tr("Look at the settings"), DamageText::headline(damage), Icon::Warning,
        &TrayNotices::windowWanted);
}

void TrayNotices::tellCopied(const QString &what)
{
    say(what, {}, Icon::Information, &TrayNotices::windowWanted);
}

void TrayNotices::tell(const Notice &notice)
{
    switch (notice.kind) {
    case Notice::Kind::StartFailed:
        say(tr("The proxy cannot start"), StartFailureText::sentence(m_controller.failure()),
            Icon::Critical, &TrayNotices::windowWanted);
        break;
    case Notice::Kind::Started:
        say(tr("The proxy is running"), notice.detail, Icon::Information,
            &TrayNotices::windowWanted);
        break;
    case Notice::Kind::Recovered:
        say(tr("The proxy is running again"), notice.detail, Icon::Information,
            &TrayNotices::windowWanted);
        break;
    case Notice::Kind::GuesserBlocked:
        say(tr("A client was blocked"),
            tr("%1 gave too many wrong passwords. Under “Denied” the block can be lifted.")
                .arg(notice.detail),
            Icon::Warning, &TrayNotices::deniedWanted);
        break;
    case Notice::Kind::WaySwitched:
        say(tr("Requests take another way out"), notice.detail, Icon::Warning,
            &TrayNotices::serversWanted);
        break;
    }
}

} // namespace sami::gui
