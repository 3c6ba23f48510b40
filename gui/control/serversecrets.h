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
/// Until a password is known, an unguessable stand-in takes its place in memory, so that other code
/// needs no case for a missing one. A value; does no I/O.
///
/// More than twelve public methods: both directions of this conversion, for a list, a file and the
/// lines of a damaged file.
class ServerSecrets
{
public:
    /// By server: keyOf().
    using Passwords = QMap<QByteArray, QByteArray>;

    ServerSecrets();

    /// "https://ann@fra.example.com:8443". The key includes kind, user and address: even if
    /// somebody edits the file, a password is never sent to another server.
    [[nodiscard]] static QByteArray keyOf(const config::Parent &server);
    /// Whether there is anything to keep secret.
    [[nodiscard]] static bool hasPassword(const config::Parent &server);
    /// The text for the keychain's entry: one line per server.
    [[nodiscard]] static QString entryText(const Passwords &passwords);
    /// Skips lines that cannot be parsed.
    [[nodiscard]] static Passwords parseEntry(const QString &text);

    /// Takes the name of the keychain's entry from the file. If the file has none, the random name
    /// from the construction stays.
    void adopt(const config::IniFile &file);
    [[nodiscard]] const QString &entryName() const { return m_name; }
    /// Whether the adopted file names an entry, which means that passwords are in the keychain.
    [[nodiscard]] bool isNamed() const { return m_isNamed; }

    /// The passwords that are known to be in the keychain.
    [[nodiscard]] const Passwords &held() const { return m_held; }
    void hold(const Passwords &passwords) { m_held = passwords; }
    /// Whether a stand-in is in the password's place.
    [[nodiscard]] bool isMissing(const config::Parent &server) const;

    /// The file with the left-out passwords, or with stand-ins for unknown ones. A file that names
    /// no entry is returned unchanged.
    [[nodiscard]] config::IniFile filled(const config::IniFile &file) const;
    /// The same for the text of a file that may have errors in other lines.
    [[nodiscard]] QByteArray filledLines(const QByteArray &text) const;
    /// The same for one list: the value of PROXY_PARENTS, or the servers that are off
    /// (parkedservers.h). Always fills.
    [[nodiscard]] QString filledList(const QString &list) const;
    /// The servers that are on, then those that are off.
    [[nodiscard]] QList<config::Parent> serversIn(const config::IniFile &file) const;
    /// The file without the passwords that the keychain holds, and without stand-ins.
    [[nodiscard]] config::IniFile stripped(const config::IniFile &file) const;

private:
    [[nodiscard]] QString strippedList(const QString &list) const;

    QByteArray m_standIn;
    QString m_name;
    bool m_isNamed = false;
    Passwords m_held;
};

} // namespace sami::gui
