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

/// Every program in this folder runs twice. SAMI_EVENT_DISPATCHER=qt validates the tests on Qt's
/// own poll() dispatcher; `epoll`, the default, tests ours.
[[nodiscard]] bool runsOnQt();

/// Installs this run's dispatcher in the main thread. Call it before creating the application.
void prepareMainThread();

/// For a thread that has not started yet.
void installDispatcher(QThread *thread);

/// A thread with this run's dispatcher; ends with this object.
class DispatcherThread : public QThread
{
    Q_OBJECT

public:
    DispatcherThread() { installDispatcher(this); }
    ~DispatcherThread() override;

    /// Starts the thread and waits until its loop runs.
    void startLoop();
    /// Runs a function in the thread and waits for it.
    void call(const std::function<void()> &function);

private:
    QObject *m_context = nullptr;
};

/// The longest wait for an event that must come.
constexpr std::chrono::seconds patience { 30 };

[[nodiscard]] inline QAbstractEventDispatcher *dispatcher()
{
    return QAbstractEventDispatcher::instance();
}

/// One pass of the loop that does not block.
inline bool turn()
{
    return dispatcher()->processEvents(QEventLoop::AllEvents);
}

/// Blocking passes until the condition is true; false when patience runs out.
[[nodiscard]] bool loopUntil(const std::function<bool()> &isTrue);

/// Runs a blocking loop for a while and counts how often it woke up.
[[nodiscard]] int wakeUpsDuring(std::chrono::milliseconds time);
/// A loop that wakes up more often than this while nothing happens is spinning.
constexpr int fewWakeUps = 12;

/// Owns a descriptor and closes it.
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
    /// Replaces the open file behind this number with a duplicate of another descriptor.
    void becomes(const Descriptor &other);

    void write(const QByteArray &octets) const;
    /// Everything that is readable now.
    QByteArray readAll() const; // NOLINT(modernize-use-nodiscard): often only drained
    /// Writes until the buffer is full.
    void fill() const;
    /// Closes with RST instead of FIN, for TCP.
    void reset();

private:
    int m_number;
};

/// Both ends of a connection, non-blocking. For a pipe, `near` reads and `far` writes.
struct Ends
{
    Descriptor near;
    Descriptor far;
};
[[nodiscard]] Ends socketPair(int type = 1 /* SOCK_STREAM */);
[[nodiscard]] Ends tcpPair();
[[nodiscard]] Ends pipePair();

/// A notifier that counts, and runs a handler.
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

/// Raises this process's descriptor limit to `wanted` if possible; returns how many it may use, at
/// most `wanted`.
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
