// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "gui/text/proxystate.h"

#include <QCoreApplication>
#include <QList>
#include <QString>
#include <QStringList>

namespace sami::gui {

/// Who can use the proxy, from the fewest to everyone.
enum class ExposureLevel {
    Nobody, ///< the list of clients has nobody who can reach the listener
    ThisComputer,
    ListedClients,
    WhoKnowsPassword, ///< anybody who can reach the port and knows the password
    Everyone,
};

/// The remedies for a proxy that is open to everyone.
enum class ExposureFix { SetPassword, OnlyPrivateNetworks, OnlyThisComputer };

/// How the window shows it. Icon and words always agree, because they are made together.
struct Exposure
{
    ExposureLevel level = ExposureLevel::ThisComputer; ///< under these settings, while it runs
    IconState icon = IconState::Stopped;
    QString sentence; ///< "Only programs on this computer can use it."
    QString warning;  ///< a few words, while it runs: "Open to ANYONE"; empty: none
};

/// Who can use the proxy with these settings in that state, in words. Pure.
///
/// Who can reach it depends on the address that it listens on; the list can only reduce that:
///
///   listens on                  clients come from               list entries that count
///   loopback, IPv4 or IPv6      127.0.0.1 or ::1, same family   loopback of the same family
///   another IPv4 address        other computers, and this one   IPv4 except loopback
///                               from that address
///   another IPv6 address        the same                        IPv6 except loopback
///   every IPv4 address          everywhere                      IPv4
///   every address               everywhere                      all
///
///   what the list leaves        password    level               icon while it runs
///   nobody, though it has       any         Nobody              Warning
///   entries
///   loopback only               any         ThisComputer        Running
///   every public client, or     no          Everyone            Warning
///   there is no list            yes         WhoKnowsPassword    Running
///   anything else               any         ListedClients       Running
///
///   state       sentence                                        icon
///   Running     who can use it                                  as above
///   Draining    nobody new; who can when it runs again          Warning for Everyone, or Draining
///   Stopped     nobody; who can when it runs                    Stopped
///   Failed      nobody; who can when it runs                    Failed
///
/// Then a sentence about encryption may follow:
///
///   TLS         password, and clients from elsewhere   the sentence says
///   required    any                                    that nothing else is accepted
///   possible    yes                                    what goes in clear text without it
///   none        yes                                    what goes in clear text
///   otherwise   no                                     nothing
///
/// SOCKS5 is only mentioned where it is open to everyone: the same rules apply to it.
class ExposureText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::ExposureText)

public:
    [[nodiscard]] static Exposure of(const config::Settings &settings, ProxyState state,
                                     quint16 port);
    [[nodiscard]] static ExposureLevel level(const config::Settings &settings);
    /// The fixes for that level. Any one of them is enough; empty if nothing is wrong.
    [[nodiscard]] static QList<ExposureFix> fixes(ExposureLevel level);
    /// For a button: "Set a password".
    [[nodiscard]] static QString action(ExposureFix fix);

private:
    [[nodiscard]] static QString who(const config::Settings &settings, ExposureLevel level,
                                     quint16 port);
    [[nodiscard]] static QStringList ways(const config::Settings &settings, ExposureLevel level);
    [[nodiscard]] static QString listed(const config::Settings &settings);
    [[nodiscard]] static QString thisComputer(const config::Settings &settings);
};

} // namespace sami::gui
