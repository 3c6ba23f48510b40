// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "door/secretbytes.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <utility>

namespace sami::door {

/// The folder of PROXY_STATE_DIR, opened once, without following a link at its end. Everything in
/// it is reached relative to that descriptor, so nobody can swap the folder under us. A short-lived
/// value: open it when needed, and hold nothing in between. Blocks for as long as the disk does;
/// for the main thread, never a worker.
///
///     what exists                                      open()
///     a folder of this user, mode 0700 or less         opened
///     nothing, but its parent exists                   created with 0700, if allowed
///     nothing, and no parent                           error
///     a symbolic link, something that is no folder     error
///     of another user, or with rights for others       error
///     such a folder with other files, like /tmp        error that advises another folder
///
/// The user is the process's. A caller that already uses something from the folder opens it
/// As::Holder: if it has gone, that is an error and it is not created again. A command typed by
/// root is not the daemon: As::Visitor accepts the folder of any owner, creates none, and leaves
/// its files to that owner.
///
/// Unix. On Windows open() says that it is not supported yet.
class StateFolder
{
    Q_DISABLE_COPY(StateFolder)

public:
    enum class As { Owner, Holder, Visitor };

    /// Errors are for a person and do not repeat the path.
    [[nodiscard]] static Result<StateFolder, QString> open(const QString &path, As who = As::Owner);
    StateFolder(StateFolder &&other) noexcept
        : m_folder(std::exchange(other.m_folder, -1)), m_owner(other.m_owner),
          m_group(other.m_group)
    {}
    StateFolder &operator=(StateFolder &&) = delete;
    ~StateFolder();

    /// A file's whole content, at most `most` octets; empty if there is no such file. A link, a
    /// pipe or a folder in its place is an error.
    [[nodiscard]] Result<std::optional<SecretBytes>, QString> read(const char *name,
                                                                   qsizetype most) const;
    /// All or nothing, even if the power fails: a new file, 0600, takes the old one's name once it
    /// is on the disk.
    [[nodiscard]] Result<void, QString> write(const char *name, const QByteArray &content) const;
    /// Waits until no other process works in the folder, and keeps others out until this object is
    /// destroyed. An error after five seconds. On a file system without locks it does nothing.
    [[nodiscard]] Result<void, QString> lock();

private:
    explicit StateFolder(int folder, unsigned owner, unsigned group)
        : m_folder(folder), m_owner(owner), m_group(group)
    {}

    int m_folder;
    unsigned m_owner; ///< the owner and group of files written here
    unsigned m_group;
};

} // namespace sami::door
