// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/singleinstance.h"

#include "base/logging.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>
#include <QStandardPaths>
#include <QThread>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr char unit[] = "gui.singleinstance";
constexpr char raiseWord[] = "raise";
constexpr char openWord[] = "open"; ///< a link in base64 and the token follow
constexpr char quitWord[] = "quit";
constexpr char answerLine[] = "ok\n";
constexpr qint64 maxLine = 8192; ///< room for a link of 4,096 octets in base64, and a token
constexpr std::chrono::milliseconds retryPause { 50 };

/// A folder that belongs to this user alone, on this machine.
QString folder()
{
#ifdef Q_OS_WIN
    return QStandardPaths::writableLocation(QStandardPaths::TempLocation);
#else
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
#endif
}

/// A unique name for each settings file. The file need not exist yet; links in its folder's path
/// are resolved, so two paths to one file give one name.
QString nameFor(const QString &settingsPath)
{
    const QFileInfo file(settingsPath);
    const QString real = QFileInfo(file.path()).canonicalFilePath();
    const QString path =
        QDir(real.isEmpty() ? file.absolutePath() : real).filePath(file.fileName());
    const QByteArray seed = QDir::homePath().toUtf8() + '\n' + path.toUtf8();
    return "sami-llm-proxy-"_L1
        + QString::fromLatin1(
               QCryptographicHash::hash(seed, QCryptographicHash::Sha256).toHex().left(16));
}

QString serverNameFor(const QString &settingsPath)
{
#ifdef Q_OS_WIN
    return nameFor(settingsPath); // a pipe, not a file
#else
    return QDir(folder()).filePath(nameFor(settingsPath));
#endif
}

} // namespace

SingleInstance::SingleInstance(const QString &settingsPath, QObject *parent)
    : QObject(parent), m_serverName(serverNameFor(settingsPath)),
      m_lock(QDir(folder()).filePath(nameFor(settingsPath) + ".lock"_L1))
{
    // Held for as long as the program runs: only a dead owner makes it stale, never its age.
    m_lock.setStaleLockTime(0);
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::handleConnection);
}

bool SingleInstance::acquire()
{
    if (!m_lock.tryLock(0)) {
        if (m_lock.error() == QLockFile::LockFailedError)
            return false;
        // The program has to run even on a machine where no lock can be created.
        logError(unit, "cannot tell whether another copy runs: no lock file can be written");
    }
    QLocalServer::removeServer(m_serverName);
    if (!m_server.listen(m_serverName))
        logError(unit, "later copies cannot reach this one: " + m_server.errorString().toUtf8());
    return true;
}

SingleInstance::Answer SingleInstance::raiseFirst(const QByteArray &activationToken,
                                                  const QString &link,
                                                  std::chrono::milliseconds limit)
{
    const QDeadlineTimer deadline(limit);
    if (link.isEmpty())
        return tell(QByteArray(raiseWord) + ' ' + activationToken, deadline);
    // Base64, because a blank or a line end in the link would break the protocol.
    const QByteArray encoded = link.toUtf8().toBase64();
    return tell(QByteArray(openWord) + ' ' + encoded + ' ' + activationToken, deadline);
}

bool SingleInstance::quitFirst(std::chrono::milliseconds limit)
{
    const QDeadlineTimer deadline(limit);
    const Answer answer = tell(quitWord, deadline);
    if (answer == Answer::Gone)
        return true;
    while (!isGone()) {
        if (m_lock.error() != QLockFile::LockFailedError || deadline.hasExpired())
            return false;
        QThread::msleep(retryPause.count());
    }
    return true;
}

bool SingleInstance::isGone()
{
    if (!m_lock.tryLock(0))
        return false;
    m_lock.unlock();
    return true;
}

SingleInstance::Answer SingleInstance::tell(const QByteArray &line, QDeadlineTimer deadline)
{
    // The first copy may die at any time. A socket that was never connected does not show that, so
    // check the lock before each attempt.
    while (!isGone()) {
        if (deadline.hasExpired() || m_lock.error() != QLockFile::LockFailedError)
            return Answer::Silent;
        QLocalSocket socket;
        socket.connectToServer(m_serverName);
        if (socket.waitForConnected(int(deadline.remainingTime()))) {
            socket.write(line + '\n');
            while (!socket.canReadLine() && socket.waitForReadyRead(int(deadline.remainingTime())))
                ;
            if (socket.canReadLine())
                return socket.readLine() == answerLine ? Answer::Done : Answer::Silent;
        }
        // It holds the lock but does not listen: it is starting, or ending.
        QThread::msleep(retryPause.count());
    }
    return Answer::Gone;
}

void SingleInstance::handleConnection()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        const auto read = [this, socket] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() > maxLine)
                    socket->abort();
                return;
            }
            const QByteArray line = socket->readLine().trimmed();
            socket->write(answerLine);
            socket->flush(); // the next step may end the program
            socket->disconnectFromServer();
            const qsizetype blank = line.indexOf(' ');
            const QByteArray word = line.left(blank < 0 ? line.size() : blank);
            const QByteArray rest = blank < 0 ? QByteArray() : line.sliced(blank + 1);
            if (word == raiseWord) {
                Q_EMIT raiseRequested(rest);
            } else if (word == openWord) {
                const qsizetype end = rest.indexOf(' ');
                Q_EMIT raiseRequested(end < 0 ? QByteArray() : rest.sliced(end + 1));
                Q_EMIT linkOffered(QString::fromUtf8(
                    QByteArray::fromBase64(rest.first(end < 0 ? rest.size() : end))));
            } else if (word == quitWord) {
                Q_EMIT quitRequested();
            }
        };
        connect(socket, &QLocalSocket::readyRead, this, read);
        read();
    }
}

} // namespace sami::gui
