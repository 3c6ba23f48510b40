// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/startfailure.h"

#include "gui/text/coretext.h"

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

/// On Unix, lower ports are reserved for administrators.
constexpr quint16 firstFreePort = 1024;

} // namespace

StartFailure::Kind StartFailureText::kindOf(const QString &reason)
{
    // The templates of core/server/listener.cpp; a test checks them against real failures.
    const QString sentence = CoreText::templateOf(reason);
    if (sentence.startsWith("%1 is in use by another program:"_L1))
        return StartFailure::Kind::PortTaken;
    if (sentence.startsWith("%1 is not an address of this machine:"_L1))
        return StartFailure::Kind::NoSuchAddress;
    if (sentence.startsWith("%1 may not be opened by this user:"_L1))
        return StartFailure::Kind::NotPermitted;
    return StartFailure::Kind::Other;
}

QString StartFailureText::sentence(const StartFailure &failure)
{
    const QString address = failure.where.address.toString();
    const QString port = QString::number(failure.where.port);
    QString text;
    switch (failure.kind) {
    case StartFailure::Kind::PortTaken:
        text = failure.holder.isEmpty()
            ? tr("Another program uses port %1 already.").arg(port)
            : tr("%1 uses port %2 already.", "a program").arg(failure.holder, port);
        break;
    case StartFailure::Kind::NoSuchAddress:
        text = tr("This computer does not have the address %1 now.").arg(address);
        break;
    case StartFailure::Kind::NotPermitted:
        text = failure.where.port < firstFreePort
            ? tr("Port %1 is reserved for administrators; ports from 1024 on are free for every "
                 "program.")
                  .arg(port)
            : tr("The system does not let this program use port %1.").arg(port);
        break;
    case StartFailure::Kind::Other:
        text = CoreText::localized(failure.reason);
        break;
    }
    return failure.lock.isEmpty() ? text : text + u' ' + failure.lock;
}

QString StartFailureText::action(const StartFailure &failure)
{
    if (!failure.wayOut)
        return {};
    if (failure.kind == StartFailure::Kind::NoSuchAddress)
        return tr("Listen on this computer only");
    return tr("Use port %1").arg(failure.wayOut->port);
}

} // namespace sami::gui
