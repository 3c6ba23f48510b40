// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/portholder.h"

#include <QByteArrayList>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <array>
#include <unistd.h>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

// The columns of /proc/net/tcp (proc(5)).
constexpr qsizetype localColumn = 1;
constexpr qsizetype stateColumn = 3;
constexpr qsizetype inodeColumn = 9;
constexpr auto listening = "0A";
constexpr int hexadecimal = 16;

QByteArray targetOf(const QByteArray &link)
{
    std::array<char, 512> target {};
    const ssize_t size = ::readlink(link.constData(), target.data(), target.size());
    return size > 0 ? QByteArray(target.data(), size) : QByteArray();
}

/// The sockets that listen on that port, as the links of their descriptors name them:
/// "socket:[4711]".
QSet<QByteArray> listenersOf(quint16 port)
{
    QSet<QByteArray> sockets;
    for (const auto &path : { u"/proc/net/tcp"_s, u"/proc/net/tcp6"_s }) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray &line : file.readAll().split('\n')) {
            const QByteArrayList columns = line.simplified().split(' ');
            if (columns.size() <= inodeColumn || columns[stateColumn] != listening)
                continue;
            const QByteArray &local = columns[localColumn];
            if (local.sliced(local.lastIndexOf(':') + 1).toUShort(nullptr, hexadecimal) == port)
                sockets.insert("socket:[" + columns[inodeColumn] + ']');
        }
    }
    return sockets;
}

bool holdsAny(const QByteArray &process, const QSet<QByteArray> &sockets)
{
    const QByteArray folder = "/proc/" + process + "/fd/";
    const QStringList descriptors =
        QDir(QString::fromLatin1(folder)).entryList(QDir::AllEntries | QDir::System);
    for (const QString &descriptor : descriptors) {
        if (sockets.contains(targetOf(folder + descriptor.toLatin1())))
            return true;
    }
    return false;
}

} // namespace

QString portHolder(quint16 port)
{
    const QSet<QByteArray> sockets = listenersOf(port);
    if (sockets.isEmpty())
        return {};
    QByteArrayList holders;
    for (const QString &entry : QDir(u"/proc"_s).entryList(QDir::Dirs)) {
        const QByteArray process = entry.toLatin1();
        if (process.toLongLong() > 0 && holdsAny(process, sockets))
            holders.append(process);
    }
    if (holders.size() != 1)
        return {};
    const QByteArray program = targetOf("/proc/" + holders.constFirst() + "/exe");
    const QString name = QFileInfo(QString::fromUtf8(program)).fileName();
    return name.isEmpty() ? QString()
                          : u"%1 (%2)"_s.arg(name, QString::fromLatin1(holders.constFirst()));
}

} // namespace sami::gui
