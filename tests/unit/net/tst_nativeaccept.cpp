// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/descriptor.h"
#include "net/nativeaccept.h"
#include "rawpeer.h"

#include <QTest>

#include <cerrno>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>

namespace {

int errorToReport = 0;
int timesToReport = 0;

} // namespace

/// The system's function. The test may have it report an error first.
extern "C" int accept4(int listener, sockaddr *address, socklen_t *size, int flags)
{
    using Function = int (*)(int, sockaddr *, socklen_t *, int);
    static const auto system = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "accept4"));
    if (timesToReport > 0) {
        --timesToReport;
        errno = errorToReport;
        return -1;
    }
    return system(listener, address, size, flags);
}

using namespace sami;
using namespace sami::net;
using sami::test::connectRaw;
using sami::test::RawListener;
using sami::test::RawPeer;
using Status = AcceptResult::Status;

class TestNativeAccept : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { timesToReport = 0; }
    void skipsErrorsOfTheNewConnection_data();
    void skipsErrorsOfTheNewConnection();
    void reportsItsOwnErrors_data();
    void reportsItsOwnErrors();
    void anErrorThatStaysIsReported();
    void nobodyWaits();
};

void TestNativeAccept::skipsErrorsOfTheNewConnection_data()
{
    QTest::addColumn<int>("error");
    QTest::newRow("a signal came") << EINTR;
    QTest::newRow("the client has gone") << ECONNABORTED;
    QTest::newRow("the protocol was violated") << EPROTO;
    QTest::newRow("a protocol option is not known") << ENOPROTOOPT;
    QTest::newRow("an operation is not supported") << EOPNOTSUPP;
    QTest::newRow("the network is down") << ENETDOWN;
    QTest::newRow("the network cannot be reached") << ENETUNREACH;
    QTest::newRow("the machine is not on the network") << ENONET;
    QTest::newRow("the host is down") << EHOSTDOWN;
    QTest::newRow("the host cannot be reached") << EHOSTUNREACH;
    QTest::newRow("the connection timed out") << ETIMEDOUT;
}

void TestNativeAccept::skipsErrorsOfTheNewConnection()
{
    QFETCH(int, error);
    RawListener listener;
    const RawPeer client(connectRaw(listener.address()));
    errorToReport = error;
    timesToReport = 2;
    const AcceptResult accepted = acceptConnection(listener.descriptor());
    QCOMPARE(int(accepted.status), int(Status::Connection));
    const Descriptor closes(accepted.descriptor);
    QCOMPARE(timesToReport, 0);
}

void TestNativeAccept::reportsItsOwnErrors_data()
{
    QTest::addColumn<int>("error");
    QTest::newRow("this process is out of descriptors") << EMFILE;
    QTest::newRow("the machine is out of descriptors") << ENFILE;
    QTest::newRow("there is no memory for buffers") << ENOBUFS;
    QTest::newRow("there is no memory") << ENOMEM;
    QTest::newRow("a filter of system calls forbids it") << EPERM;
}

void TestNativeAccept::reportsItsOwnErrors()
{
    QFETCH(int, error);
    RawListener listener;
    errorToReport = error;
    timesToReport = 1;
    const AcceptResult accepted = acceptConnection(listener.descriptor());
    QCOMPARE(int(accepted.status), int(Status::Failed));
    QCOMPARE(accepted.error, error);
}

void TestNativeAccept::anErrorThatStaysIsReported()
{
    RawListener listener;
    errorToReport = EOPNOTSUPP;
    timesToReport = 1'000'000;
    const AcceptResult accepted = acceptConnection(listener.descriptor());
    QCOMPARE(int(accepted.status), int(Status::Failed));
    QCOMPARE(accepted.error, EOPNOTSUPP);
}

void TestNativeAccept::nobodyWaits()
{
    RawListener listener;
    ::fcntl(listener.descriptor(), F_SETFL, O_NONBLOCK);
    QCOMPARE(int(acceptConnection(listener.descriptor()).status), int(Status::NobodyWaits));
}

QTEST_GUILESS_MAIN(TestNativeAccept)
#include "tst_nativeaccept.moc"
