// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Unix sockets whose peer's user is known.
#include "admin/adminlistener.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace sami::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr mode_t socketMode = 0600;
constexpr int backlog = 64;

bool fill(sockaddr_un &address, const QByteArray &path)
{
    address = {};
    address.sun_family = AF_UNIX;
    if (path.size() >= qsizetype(sizeof address.sun_path))
        return false;
    std::copy(path.begin(), path.end(), address.sun_path);
    return true;
}

int connectTo(const sockaddr_un &address)
{
    const net::Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!probe.isValid())
        return errno;
    const auto *raw = reinterpret_cast<const sockaddr *>(&address);
    return ::connect(int(probe.number()), raw, sizeof address) == 0 ? 0 : errno;
}

/// Makes way for a new socket by removing one that has no listener any more.
Result<void, QString> clear(const QByteArray &path, const sockaddr_un &address)
{
    struct stat found = {};
    if (::lstat(path.constData(), &found) != 0) {
        return errno == ENOENT ? Result<void, QString>()
                               : Result<void, QString>(Unexpected(qt_error_string(errno)));
    }
    if (!S_ISSOCK(found.st_mode))
        return Unexpected(u"something else than a socket is there"_s);
    if (connectTo(address) != ECONNREFUSED)
        return Unexpected(u"another program listens there"_s);
    if (::unlink(path.constData()) != 0 && errno != ENOENT)
        return Unexpected(qt_error_string(errno));
    return {};
}

} // namespace

Result<net::Descriptor, QString> UnixSocket::listenAt(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    sockaddr_un address {};
    if (!fill(address, name))
        return Unexpected(u"the path is too long for a socket"_s);
    if (auto cleared = clear(name, address); !cleared)
        return Unexpected(cleared.error());
    net::Descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int socket = int(made.number());
    // Linux creates the file with this mode, so nobody gets in meanwhile; afterwards the path may
    // lead to another file.
    if (socket < 0 || ::fchmod(socket, socketMode) != 0
        || ::bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0
        || ::listen(socket, backlog) != 0) {
        const int error = errno;
        return Unexpected(error == ENOENT ? u"the folder is not there"_s : qt_error_string(error));
    }
    return made;
}

std::optional<UnixSocket::File> UnixSocket::fileAt(const QString &path)
{
    struct stat found = {};
    if (::lstat(QFile::encodeName(path).constData(), &found) != 0 || !S_ISSOCK(found.st_mode))
        return std::nullopt;
    return File { quint64(found.st_dev), quint64(found.st_ino) };
}

void UnixSocket::remove(const QString &path, const File &file)
{
    const auto there = fileAt(path);
    if (there && there->device == file.device && there->number == file.number)
        ::unlink(QFile::encodeName(path).constData());
}

qint64 UnixSocket::peerUser(qintptr descriptor)
{
    ucred peer {};
    socklen_t size = sizeof peer;
    const bool isKnown = ::getsockopt(int(descriptor), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    return isKnown ? qint64(peer.uid) : -1;
}

bool UnixSocket::isTrusted(qint64 user)
{
    return user == 0 || user == qint64(::geteuid());
}

} // namespace sami::admin
