// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// Why a keychain does not do what it is asked.
struct KeychainFault
{
    enum class Kind {
        NoEntry,     ///< it has no such entry, or the user has not unlocked it
        Denied,      ///< the user or the system has refused
        Unavailable, ///< there is no keychain, or it is not running yet
    };

    Kind kind = Kind::Unavailable;
    QString detail; ///< the keychain's own words; may be empty
    friend bool operator==(const KeychainFault &, const KeychainFault &) = default;
};

/// Where the passwords of servers are.
struct PasswordsPlace
{
    enum class Kind {
        File,     ///< in the settings file: this build knows no keychain
        Portable, ///< in the settings file beside a portable program
        Keychain, ///< in the keychain
        Asking,   ///< the keychain is being asked, and has some time to answer
        Silent,   ///< it has not answered in time; an answer still counts
        NotGiven, ///< the keychain has not given the passwords that it should hold
        NotTaken, ///< it has not taken new passwords: they are in the settings file
    };

    Kind kind = Kind::File;
    KeychainFault fault; ///< of the last two
    friend bool operator==(const PasswordsPlace &, const PasswordsPlace &) = default;
};

/// Says where the passwords of servers are. Pure.
class KeychainText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::KeychainText)

public:
    [[nodiscard]] static QString sentence(const PasswordsPlace &place);
    /// Whether it is worth a warning.
    [[nodiscard]] static bool isTrouble(const PasswordsPlace &place);
    /// In English, for the log.
    [[nodiscard]] static QByteArray forLog(const KeychainFault &fault);

private:
    [[nodiscard]] static QString reason(const KeychainFault &fault);
};

} // namespace sami::gui
