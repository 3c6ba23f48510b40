// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Tells ThreadSanitizer about the ordering that Qt guarantees. A distribution's Qt is not
// instrumented, and its mutexes are built on futexes, so TSan would report each call posted to
// another thread as a race. In TSan builds the linker puts these functions in place of Qt's, which
// they call. Three orderings are declared: what happens before a call is posted happens before the
// call; the call happens before its poster continues, if the poster waits; what a thread does, also
// what it frees after finished(), happens before wait() returns. Nothing else is hidden.
#include <QThread>

#include <sanitizer/tsan_interface.h>

namespace {

/// A slot that wraps another one.
class OrderedCall final : public QtPrivate::QSlotObjectBase
{
public:
    OrderedCall(QSlotObjectBase *slot, char *done)
        : QSlotObjectBase(&impl), m_slot(slot), m_done(done)
    {}

private:
    static void impl(int what, QSlotObjectBase *self, QObject *receiver, void **arguments, bool *)
    {
        auto *call = static_cast<OrderedCall *>(self);
        if (what == Call) {
            __tsan_acquire(call);
            call->m_slot->call(receiver, arguments);
            __tsan_release(call->m_done ? call->m_done : static_cast<void *>(call));
        } else if (what == Destroy) {
            __tsan_acquire(call); // perhaps by the poster, who took it back
            call->m_slot->destroyIfLastRef();
            delete call;
        }
    }

    QSlotObjectBase *const m_slot;
    char *const m_done; ///< belongs to the waiting poster; or null
};

/// Freed with the last of a thread's objects, those that deleteLater() has left behind.
class LastOfThread final : public QObject
{
    Q_DISABLE_COPY_MOVE(LastOfThread)

public:
    explicit LastOfThread(QThread *thread) : m_thread(thread) {}
    ~LastOfThread() override { __tsan_release(m_thread); }

private:
    QThread *const m_thread;
};

} // namespace

extern "C" {

bool __real__ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv(
    QObject *object, QtPrivate::QSlotObjectBase *slot, Qt::ConnectionType type, void *result);

/// QMetaObject::invokeMethod() of a callable.
bool __wrap__ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv(
    QObject *object, QtPrivate::QSlotObjectBase *slot, Qt::ConnectionType type, void *result)
{
    char done = 0;
    const bool isWaiting = type == Qt::BlockingQueuedConnection;
    auto *call = new OrderedCall(slot, isWaiting ? &done : nullptr);
    __tsan_release(call);
    const bool isPosted =
        __real__ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv(
            object, call, type, result);
    if (isWaiting)
        __tsan_acquire(&done);
    return isPosted;
}

void __real__ZN7QThread5startENS_8PriorityE(QThread *thread, QThread::Priority priority);

/// QThread::start().
void __wrap__ZN7QThread5startENS_8PriorityE(QThread *thread, QThread::Priority priority)
{
    QObject::connect(
        thread, &QThread::finished, thread, [thread] { (new LastOfThread(thread))->deleteLater(); },
        Qt::DirectConnection);
    __real__ZN7QThread5startENS_8PriorityE(thread, priority);
}

bool __real__ZN7QThread4waitE14QDeadlineTimer(QThread *thread, QDeadlineTimer deadline);

/// QThread::wait().
bool __wrap__ZN7QThread4waitE14QDeadlineTimer(QThread *thread, QDeadlineTimer deadline)
{
    const bool isOver = __real__ZN7QThread4waitE14QDeadlineTimer(thread, deadline);
    if (isOver)
        __tsan_acquire(thread);
    return isOver;
}
}
