// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What becomes of objects that are released while they may be in use.
#include "net/later.h"

#include <QEventLoop>
#include <QThread>
#include <QtTest>

#include <functional>

using sami::net::disconnectAll;
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

/// Runs `call` from an event loop of its own, which ends after some turns.
void inALoop(const std::function<void()> &call)
{
    QEventLoop loop;
    int turns = 6;
    const std::function<void()> turn = [&] {
        if (--turns == 0)
            loop.quit();
        else
            QMetaObject::invokeMethod(&loop, turn, Qt::QueuedConnection);
    };
    QMetaObject::invokeMethod(&loop, call, Qt::QueuedConnection);
    QMetaObject::invokeMethod(&loop, turn, Qt::QueuedConnection);
    loop.exec();
}

} // namespace

class TstLater : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freesFromTheLoop();
    void freesAChainAtOnce();
    void freesInTheOrderOfTheReleases();
    void aSignalAfterTheReleaseReachesNobody();
    void aNestedLoopFreesNothingOfItsCaller();
    void aNestedLoopLeavesNoPlaceForItsCaller();
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

void TstLater::freesInTheOrderOfTheReleases()
{
    int living = 0;
    QList<int> livingAtTheEnd;
    struct Last
    {
        ~Last() { seen.append(living); }
        QList<int> &seen;
        int &living;
    };
    inALoop([&] {
        LinkPtr(new Link(living)).reset();
        LaterPtr<Last>(new Last { livingAtTheEnd, living }).reset();
        chain(living).reset();
        QCOMPARE(living, 4);
    });
    QCOMPARE(livingAtTheEnd, QList<int>({ 3 }));
    QCOMPARE(living, 0);
}

void TstLater::aSignalAfterTheReleaseReachesNobody()
{
    int told = 0;
    LaterPtr<QObject, disconnectAll> object(new QObject);
    QObject *leaving = object.get();
    connect(leaving, &QObject::objectNameChanged, this, [&told] { ++told; });
    object.reset();
    leaving->setObjectName(QStringLiteral("released"));
    QCOMPARE(told, 0);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

void TstLater::aNestedLoopFreesNothingOfItsCaller()
{
    int living = 0;
    inALoop([&] {
        LinkPtr(new Link(living)).reset();
        inALoop([&] { LinkPtr(new Link(living)).reset(); });
        QCOMPARE(living, 1);
    });
    inALoop([] {});
    QCOMPARE(living, 0);
}

/// The loop ends in the turn of the release, so that the next nested one finds what it has left.
void TstLater::aNestedLoopLeavesNoPlaceForItsCaller()
{
    int nested = 0;
    int living = 0;
    inALoop([&] {
        QEventLoop loop;
        QMetaObject::invokeMethod(
            &loop,
            [&] {
                LinkPtr(new Link(nested)).reset();
                loop.quit();
            },
            Qt::QueuedConnection);
        loop.exec();
        LinkPtr(new Link(living)).reset();
        inALoop([] {});
        QCOMPARE(living, 1);
    });
    inALoop([] {});
    QCOMPARE(living, 0);
    QCOMPARE(nested, 0);
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
