// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/keychaintext.h"

namespace sami::gui {

using namespace Qt::StringLiterals;

QString KeychainText::reason(const KeychainFault &fault)
{
    switch (fault.kind) {
    case KeychainFault::Kind::NoEntry:
        return tr("it is locked, or they are not in it");
    case KeychainFault::Kind::Denied:
        return tr("access was denied");
    case KeychainFault::Kind::Unavailable:
        break;
    }
    return fault.detail.isEmpty() ? tr("no keychain answers") : fault.detail;
}

QString KeychainText::sentence(const PasswordsPlace &place)
{
    switch (place.kind) {
    case PasswordsPlace::Kind::File:
        break;
    case PasswordsPlace::Kind::Portable:
        return tr("Passwords are kept in the settings file beside this portable program.");
    case PasswordsPlace::Kind::Keychain:
        return tr("Passwords are kept in this computer's keychain.");
    case PasswordsPlace::Kind::Asking:
        return tr("The keychain is being asked for the passwords.");
    case PasswordsPlace::Kind::Silent:
        return tr("The keychain does not answer. It may be waiting for you to unlock it. Until "
                  "then, new passwords are kept in the settings file, which only you can read.");
    case PasswordsPlace::Kind::NotGiven:
        return tr("The keychain does not give the passwords of these servers: %1. Unlock it and "
                  "start the proxy again, or remove the servers and add them again.")
            .arg(reason(place.fault));
    case PasswordsPlace::Kind::NotTaken:
        return tr("The keychain does not take the passwords: %1. They are kept in the settings "
                  "file, which only you can read.")
            .arg(reason(place.fault));
    }
    return tr("Passwords are kept in the settings file, which only you can read: this build of "
              "the program knows no keychain.");
}

bool KeychainText::isTrouble(const PasswordsPlace &place)
{
    return place.kind == PasswordsPlace::Kind::Silent
        || place.kind == PasswordsPlace::Kind::NotGiven
        || place.kind == PasswordsPlace::Kind::NotTaken;
}

QByteArray KeychainText::forLog(const KeychainFault &fault)
{
    switch (fault.kind) {
    case KeychainFault::Kind::NoEntry:
        return "it is locked, or has no such entry";
    case KeychainFault::Kind::Denied:
        return "access was denied";
    case KeychainFault::Kind::Unavailable:
        break;
    }
    return fault.detail.isEmpty() ? QByteArray("no keychain answers") : fault.detail.toUtf8();
}

} // namespace sami::gui
