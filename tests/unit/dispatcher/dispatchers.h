// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QSocketNotifier>
#include <QTest>
#include <QThread>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace sami::test {

/// Every program of this folder runs twice, SAMI_EVENT_DISPATCHER saying for what: `qt` proves the
/// tests on Qt's own poll() dispatcher, `epoll` (the default) proves ours.
[[nodiscard]] bool runsOnQt();

/// Before the application is made: puts the dispatcher of this run under the main thread.
void prepareMainThread();

/// For a thread that is not started yet.
void installDispatcher(QThread *thread);

/// A thread on the dispatcher of this run; ends with its object.
class DispatcherThread : public QThread
{
    Q_OBJECT

public:
    DispatcherThread() { installDispatcher(this); }
    ~DispatcherThread() override;

    /// Starts it and waits until its loop runs.
    void startLoop();
    /// Runs a function in it and waits for the end.
    void call(const std::function<void()> &function);

private:
    QObject *m_context = nullptr;
};

/// Nobody waits longer for what must come.
constexpr std::chrono::seconds patience { 30 };

[[nodiscard]] inline QAbstractEventDispatcher *dispatcher()
{
    return QAbstractEventDispatcher::instance();
}

/// One pass that does not wait.
inline bool turn()
{
    return dispatcher()->processEvents(QEventLoop::AllEvents);
}

/// Passes that block when there is nothing to do, until something is true. False: out of patience.
[[nodiscard]] bool loopUntil(const std::function<bool()> &isTrue);

/// Runs a blocking loop for a while and counts how often it woke up.
[[nodiscard]] int wakeUpsDuring(std::chrono::milliseconds time);
/// More than this in a while in which nothing happens is a loop that spins.
constexpr int fewWakeUps = 12;

/// A descriptor that closes itself.
class Descriptor
{
    Q_DISABLE_COPY(Descriptor)

public:
    explicit Descriptor(int number = -1) : m_number(number) {}
    Descriptor(Descriptor &&other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_number, other.m_number);
        return *this;
    }
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const { return m_number; }
    void close();
    /// Closes what has this number and puts a duplicate of another descriptor in its place.
    void becomes(const Descriptor &other);

    void write(const QByteArray &octets) const;
    /// Everything that can be read now.
    QByteArray readAll() const; // NOLINT(modernize-use-nodiscard): often only drained
    /// Writes until no more goes in.
    void fill() const;
    /// RST instead of FIN, for TCP.
    void reset();

private:
    int m_number;
};

/// Both ends of a connection, non-blocking. On a pipe `near` reads and `far` writes.
struct Ends
{
    Descriptor near;
    Descriptor far;
};
[[nodiscard]] Ends socketPair(int type = 1 /* SOCK_STREAM */);
[[nodiscard]] Ends tcpPair();
[[nodiscard]] Ends pipePair();

/// A notifier that counts, and that does what it is told.
class Watch
{
    Q_DISABLE_COPY_MOVE(Watch)

public:
    Watch(const Descriptor &descriptor, QSocketNotifier::Type type,
          std::function<void()> handler = {});

    int count = 0;
    std::function<void()> handler;
    std::unique_ptr<QSocketNotifier> notifier;
};

/// Lets this process have so many descriptors; how many it may have at most otherwise.
[[nodiscard]] int raiseDescriptorLimit(int wanted);
[[nodiscard]] int openDescriptors();

template <typename Test> int runDispatcherTest(int argc, char *argv[])
{
    prepareMainThread();
    QCoreApplication application(argc, argv);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace sami::test

#define SAMI_DISPATCHER_TEST_MAIN(Test)                                                            \
    int main(int argc, char *argv[])                                                               \
    {                                                                                              \
        return sami::test::runDispatcherTest<Test>(argc, argv);                                    \
    }
