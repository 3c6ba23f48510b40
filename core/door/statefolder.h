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

/// The folder of PROXY_STATE_DIR, opened once, without following a link at its end; all that is in
/// it is reached relative to that descriptor, so that nobody can exchange the folder under our
/// hands. A short-lived value: whoever needs the folder opens it, and nothing is held in between.
/// Blocks, for as long as the disk does; the main thread's, never a worker's.
///
///     what is there                                    open()
///     a folder of this user, mode 0700 or less         opened
///     nothing, its parent is there                     made, 0700, where it may be made
///     nothing, nor its parent                          error
///     a symbolic link, something that is no folder     error
///     of another user, or with rights for others       error
///
/// The user is the process's. Whoever has something of the folder in force already opens it
/// As::Holder: what goes then is missed, and not made again. A command that root types is no
/// daemon: As::Visitor takes the folder of whoever owns it, makes none, and leaves files of that
/// owner.
///
/// Unix. On Windows open() says that it is not supported there yet.
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

    /// A file's whole content, `most` octets at most, or nothing where there is no such file. A
    /// link, a pipe or a folder in its place is an error.
    [[nodiscard]] Result<std::optional<SecretBytes>, QString> read(const char *name,
                                                                   qsizetype most) const;
    /// All or nothing, also when the power fails: a new file, 0600, takes the old one's name when
    /// it is on the disk.
    [[nodiscard]] Result<void, QString> write(const char *name, const QByteArray &content) const;
    /// Waits until no other process works in the folder; from then on none does until this object
    /// is gone. An error after five seconds. A file system that knows no locks is taken without.
    [[nodiscard]] Result<void, QString> lock();

private:
    explicit StateFolder(int folder, unsigned owner, unsigned group)
        : m_folder(folder), m_owner(owner), m_group(group)
    {}

    int m_folder;
    unsigned m_owner; ///< user and group that files are left to
    unsigned m_group;
};

} // namespace sami::door
