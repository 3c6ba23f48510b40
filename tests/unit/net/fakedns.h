// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/resolver.h"

#include <QHostAddress>
#include <QThread>

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace sami::test {

using net::ResolveAnswer;
using net::Resolver;

inline const QHostAddress client(QStringLiteral("192.0.2.1"));
inline const QHostAddress otherClient(QStringLiteral("192.0.2.2"));

/// A name server that the test controls. Shared with the lookup threads, which may outlive the test
/// function.
class FakeDns
{
public:
    ResolveAnswer lookup(const QByteArray &name)
    {
        std::unique_lock lock(m_mutex);
        ++m_asked[name];
        m_changed.wait(lock, [&] { return !m_silent.contains(name); });
        if (name.startsWith("bad"))
            return { {}, true, "no such host" };
        // A name that is an address resolves to itself; the dialer would not look it up.
        if (const QHostAddress literal(QString::fromLatin1(name)); !literal.isNull())
            return { { literal }, false, {} };
        return { { QHostAddress(QStringLiteral("198.51.100.7")) }, false, {} };
    }
    int asked(const QByteArray &name)
    {
        const std::lock_guard lock(m_mutex);
        return m_asked[name];
    }
    int totalAsked()
    {
        const std::lock_guard lock(m_mutex);
        int total = 0;
        for (const auto &[name, count] : m_asked)
            total += count;
        return total;
    }
    void silence(const QByteArray &name)
    {
        const std::lock_guard lock(m_mutex);
        m_silent.insert(name);
    }
    void answer(const QByteArray &name)
    {
        const std::lock_guard lock(m_mutex);
        m_silent.erase(name);
        m_changed.notify_all();
    }
    void answerAll()
    {
        const std::lock_guard lock(m_mutex);
        m_silent.clear();
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<QByteArray, int> m_asked;
    std::set<QByteArray> m_silent;
};

struct Fixture
{
    ~Fixture() { dns->answerAll(); }

    std::shared_ptr<FakeDns> dns = std::make_shared<FakeDns>();
    std::shared_ptr<std::atomic<qint64>> seconds = std::make_shared<std::atomic<qint64>>(1000);
    Resolver resolver { [dns = dns](const QByteArray &name) { return dns->lookup(name); },
                        [seconds = seconds] {
                            return TimePoint() + std::chrono::seconds(seconds->load());
                        } };
};

/// Counts and keeps the answers to its questions.
struct Asker : QObject
{
    void ask(Resolver &resolver, const QByteArray &name, const QHostAddress &from = client)
    {
        resolver.lookup(name, from, this, [this](const ResolveAnswer &received) {
            ++count;
            answer = received;
            thread = QThread::currentThread();
        });
    }

    void askSilence(Fixture &fixture, const QByteArray &name, const QHostAddress &from = client)
    {
        fixture.dns->silence(name);
        ask(fixture.resolver, name, from);
    }

    int count = 0;
    ResolveAnswer answer;
    QThread *thread = nullptr;
};

} // namespace sami::test
