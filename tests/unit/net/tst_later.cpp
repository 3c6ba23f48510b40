// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What becomes of objects that are released while they may be in use.
#include "net/later.h"

#include <QThread>
#include <QtTest>

using sami::net::LaterPtr;

namespace {

/// Counts the living ones; may own another, as a TLS stream owns the stream below.
struct Link
{
    explicit Link(int &living) : count(living) { ++count; }
    ~Link() { --count; }
    Q_DISABLE_COPY_MOVE(Link)
    void end() { isEnded = true; }

    int &count;
    bool isEnded = false;
    LaterPtr<Link, &Link::end> below;
};
using LinkPtr = LaterPtr<Link, &Link::end>;

/// Three of them, each upon the next one.
LinkPtr chain(int &living)
{
    LinkPtr top(new Link(living));
    top->below.reset(new Link(living));
    top->below->below.reset(new Link(living));
    return top;
}

} // namespace

class TstLater : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freesFromTheLoop();
    void freesAChainAtOnce();
    void anEndingThreadLeavesNothing();
};

void TstLater::freesFromTheLoop()
{
    int living = 0;
    LinkPtr link(new Link(living));
    Link *object = link.get();
    link.reset();
    QCOMPARE(living, 1);
    QVERIFY(object->isEnded);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCOMPARE(living, 0);
}

void TstLater::freesAChainAtOnce()
{
    int living = 0;
    chain(living).reset();
    QCOMPARE(living, 3);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCOMPARE(living, 0);
}

void TstLater::anEndingThreadLeavesNothing()
{
    int living = 0;
    QThread thread;
    QObject inside;
    inside.moveToThread(&thread);
    thread.start();
    QMetaObject::invokeMethod(
        &inside,
        [&] {
            chain(living).reset();
            thread.quit();
        },
        Qt::QueuedConnection);
    QVERIFY(thread.wait(10'000));
    QCOMPARE(living, 0);
}

QTEST_GUILESS_MAIN(TstLater)
#include "tst_later.moc"
