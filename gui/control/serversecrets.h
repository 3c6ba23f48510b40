// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/inifile.h"
#include "config/parents.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

namespace sami::gui {

/// How the settings file is written without the passwords that a keychain holds, and read with
/// them:
///
///     on disk     parents = https://ann@fra.example.com:8443?name=fra
///                 gui_passwords_in_keychain = 3f9a1c2b
///     in memory   parents = https://ann:s3cret@fra.example.com:8443?name=fra
///
/// Until a password is known, an unguessable stand-in takes its place in memory, so that everything
/// else works as usual. A value; does no I/O.
///
/// More than twelve public methods: both directions of the table, for a list, a file and the lines
/// of a damaged one.
class ServerSecrets
{
public:
    /// By server: keyOf().
    using Passwords = QMap<QByteArray, QByteArray>;

    ServerSecrets();

    /// "https://ann@fra.example.com:8443": a password goes to no other place, whatever somebody
    /// writes into the file.
    [[nodiscard]] static QByteArray keyOf(const config::Parent &server);
    /// Whether there is anything to keep secret.
    [[nodiscard]] static bool hasPassword(const config::Parent &server);
    /// What the keychain's entry holds: a line for each server.
    [[nodiscard]] static QString entryText(const Passwords &passwords);
    /// Skips lines that cannot be read.
    [[nodiscard]] static Passwords parseEntry(const QString &text);

    /// Takes the entry's name from the file. Without one there, a new one is used.
    void adopt(const config::IniFile &file);
    [[nodiscard]] const QString &entryName() const { return m_name; }
    /// Whether the file said that passwords are in the keychain.
    [[nodiscard]] bool isNamed() const { return m_isNamed; }

    /// What the keychain holds, as far as it has said so.
    [[nodiscard]] const Passwords &held() const { return m_held; }
    void hold(const Passwords &passwords) { m_held = passwords; }
    /// Whether a stand-in is in the password's place.
    [[nodiscard]] bool isMissing(const config::Parent &server) const;

    /// With passwords, or stand-ins; only of a file that names an entry.
    [[nodiscard]] config::IniFile filled(const config::IniFile &file) const;
    /// The same for a file that has errors in other lines.
    [[nodiscard]] QByteArray filledLines(const QByteArray &text) const;
    /// The value of PROXY_PARENTS, or the servers that are off (parkedservers.h).
    [[nodiscard]] QString filledList(const QString &list) const;
    /// The servers that are on, then those that are off.
    [[nodiscard]] QList<config::Parent> serversIn(const config::IniFile &file) const;
    /// Without the passwords that the keychain holds.
    [[nodiscard]] config::IniFile stripped(const config::IniFile &file) const;

private:
    [[nodiscard]] QString strippedList(const QString &list) const;

    QByteArray m_standIn;
    QString m_name;
    bool m_isNamed = false;
    Passwords m_held;
};

} // namespace sami::gui
