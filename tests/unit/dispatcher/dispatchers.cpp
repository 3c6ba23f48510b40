// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "dispatchers.h"

#include "net/epolldispatcher.h"

#include <QDir>
#include <QEventLoop>
#include <QSemaphore>
#include <QTimer>

#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
// Qt is not instrumented. What it hands between threads with a functor looks like a race, and so
// does the stack of a thread whose end QThread::wait() has seen. What remains visible are the
// dispatcher's own members.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that ThreadSanitizer looks for
extern "C" const char *__tsan_default_suppressions()
{
    return "race:qobjectdefs_impl.h\nrace:RunningThread\n";
}
#endif

namespace sami::test {

namespace {

void setNonBlocking(int descriptor)
{
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

} // namespace

bool runsOnQt()
{
    static const bool is = qgetenv("SAMI_EVENT_DISPATCHER") == "qt";
    return is;
}

void prepareMainThread()
{
    // A distribution's Qt prefers GLib's loop. What we replace is Qt's own.
    qputenv("QT_NO_GLIB", "1");
    // A lost wake-up hangs the test: report where, before ctest times out.
    if (!qEnvironmentVariableIsSet("QTEST_FUNCTION_TIMEOUT"))
        qputenv("QTEST_FUNCTION_TIMEOUT", "60000");
    std::signal(SIGPIPE, SIG_IGN); // NOLINT(bugprone-signal-handler): no handler, ignored
    if (!runsOnQt())
        QCoreApplication::setEventDispatcher(new net::EpollDispatcher);
}

void installDispatcher(QThread *thread)
{
    if (!runsOnQt())
        thread->setEventDispatcher(new net::EpollDispatcher);
}

DispatcherThread::~DispatcherThread()
{
    quit();
    wait();
    delete m_context;
}

void DispatcherThread::startLoop()
{
    m_context = new QObject;
    m_context->moveToThread(this);
    start();
    call([] {});
}

void DispatcherThread::call(const std::function<void()> &function)
{
    QMetaObject::invokeMethod(m_context, function, Qt::BlockingQueuedConnection);
}

bool loopUntil(const std::function<bool()> &isTrue)
{
    QTimer end;
    end.setSingleShot(true);
    end.start(patience);
    while (!isTrue()) {
        if (!end.isActive())
            return false;
        dispatcher()->processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

int wakeUpsDuring(std::chrono::milliseconds time)
{
    int count = 0;
    QEventLoop loop;
    QObject::connect(dispatcher(), &QAbstractEventDispatcher::awake, &loop, [&count] { ++count; });
    QTimer::singleShot(time, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
    return count;
}

void Descriptor::close()
{
    if (m_number >= 0)
        ::close(m_number);
    m_number = -1;
}

void Descriptor::becomes(const Descriptor &other)
{
    QCOMPARE(::dup2(other.m_number, m_number), m_number);
}

void Descriptor::write(const QByteArray &octets) const
{
    QCOMPARE(::write(m_number, octets.constData(), size_t(octets.size())), octets.size());
}

QByteArray Descriptor::readAll() const
{
    QByteArray all;
    std::array<char, 4096> block {};
    ssize_t size = 0;
    while ((size = ::read(m_number, block.data(), block.size())) > 0)
        all.append(block.data(), size);
    return all;
}

void Descriptor::fill() const
{
    const QByteArray block(65536, 'x');
    while (::write(m_number, block.constData(), size_t(block.size())) > 0)
        ;
    while (::write(m_number, block.constData(), 1) > 0)
        ;
}

void Descriptor::reset()
{
    const linger atOnce { 1, 0 };
    QCOMPARE(::setsockopt(m_number, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce), 0);
    close();
}

Ends socketPair(int type)
{
    std::array<int, 2> pair { -1, -1 };
    if (::socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) != 0)
        qFatal("no socket pair: %s", strerror(errno));
    return { Descriptor(pair[0]), Descriptor(pair[1]) };
}

Ends tcpPair()
{
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    Descriptor near(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool connected = ::bind(listener.number(), generic, size) == 0
        && ::listen(listener.number(), 1) == 0
        && ::getsockname(listener.number(), generic, &size) == 0
        && ::connect(near.number(), generic, size) == 0;
    Descriptor far(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connected || far.number() < 0)
        qFatal("no TCP pair: %s", strerror(errno));
    setNonBlocking(near.number());
    setNonBlocking(far.number());
    return { std::move(near), std::move(far) };
}

Ends pipePair()
{
    std::array<int, 2> pair { -1, -1 };
    if (::pipe2(pair.data(), O_NONBLOCK | O_CLOEXEC) != 0)
        qFatal("no pipe: %s", strerror(errno));
    return { Descriptor(pair[0]), Descriptor(pair[1]) };
}

Watch::Watch(const Descriptor &descriptor, QSocketNotifier::Type type,
             std::function<void()> handlerOfIt)
    : handler(std::move(handlerOfIt)),
      notifier(std::make_unique<QSocketNotifier>(descriptor.number(), type))
{
    QObject::connect(notifier.get(), &QSocketNotifier::activated, notifier.get(), [this] {
        ++count;
        // The handler may delete its own holder.
        if (const auto keptAlive = handler)
            keptAlive();
    });
}

int raiseDescriptorLimit(int wanted)
{
    rlimit limit {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < rlim_t(wanted)) {
        limit.rlim_cur = qMin(rlim_t(wanted), limit.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    return int(qMin(limit.rlim_cur, rlim_t(wanted)));
}

int openDescriptors()
{
    return int(QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size());
}

} // namespace sami::test
