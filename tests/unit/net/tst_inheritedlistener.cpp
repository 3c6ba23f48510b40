// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/descriptor.h"
#include "net/inheritedlistener.h"
#include "net/nativeaddress.h"

#include <QTest>

#include <fcntl.h>
#include <functional>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace sami;
using net::Descriptor;

namespace {

const QHostAddress here(QHostAddress::LocalHost);
const QHostAddress here6(QHostAddress::LocalHostIPv6);
const QHostAddress any4(QHostAddress::AnyIPv4);
const QHostAddress any6(QHostAddress::AnyIPv6);
const QHostAddress any(QHostAddress::Any);

enum class V6Only : int { No, Yes };

/// Returns none where the machine lacks such an address: it may have no IPv6.
Descriptor bound(const QHostAddress &address, int type, V6Only v6only = V6Only::Yes)
{
    net::NativeAddress native = net::toNative({ address, 0 });
    Descriptor descriptor(::socket(native.storage.ss_family, type, 0));
    const int number = int(descriptor.number());
    const int only = int(v6only);
    if (native.storage.ss_family == AF_INET6)
        ::setsockopt(number, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    if (::bind(number, native.data(), native.size) != 0)
        return {};
    return descriptor;
}

Descriptor listening(const QHostAddress &address, V6Only v6only = V6Only::Yes)
{
    Descriptor descriptor = bound(address, SOCK_STREAM, v6only);
    if (descriptor.isValid() && ::listen(int(descriptor.number()), 5) != 0)
        qFatal("cannot listen");
    return descriptor;
}

/// A listening stream socket of a family without ports.
Descriptor listeningLocally()
{
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un name {};
    name.sun_family = AF_UNIX; // an empty name: the kernel picks one
    if (::bind(descriptor, reinterpret_cast<const sockaddr *>(&name), sizeof name.sun_family) != 0
        || ::listen(descriptor, 5) != 0)
        qFatal("cannot listen");
    return Descriptor(descriptor);
}

/// A number that is not open.
Descriptor closedOne()
{
    constexpr int far = 1'000'000; // beyond what a test opens
    return Descriptor(far);
}

quint16 portOf(const Descriptor &descriptor)
{
    return net::localAddressOf(int(descriptor.number())).port;
}

using Maker = std::function<Descriptor()>;

Maker one(const QHostAddress &address, V6Only v6only = V6Only::Yes)
{
    return [address, v6only] { return listening(address, v6only); };
}

Maker boundOne(int type)
{
    return [type] { return bound(here, type); };
}

Descriptor file()
{
    return Descriptor(::open("/dev/null", O_RDONLY));
}

} // namespace

Q_DECLARE_METATYPE(Maker)

class TestInheritedListener : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fits_data();
    void fits();
    void isRefused_data();
    void isRefused();
    void aDescriptorIsClosedOnce();
};

void TestInheritedListener::fits_data()
{
    QTest::addColumn<Maker>("make");
    QTest::addColumn<QHostAddress>("address");
    QTest::addColumn<bool>("namesThePort");
    const auto row = [](const char *name, const Maker &make, const QHostAddress &address,
                        bool namesThePort = true) {
        QTest::newRow(name) << make << address << namesThePort;
    };
    row("an IPv4 address", one(here), here);
    row("any port is asked for", one(here), here, false);
    row("an IPv6 address", one(here6), here6);
    row("all IPv4 addresses", one(any4), any4);
    row("all addresses of both families", one(any6, V6Only::No), any);
    row("all IPv6 addresses alone", one(any6), any6);
}

void TestInheritedListener::fits()
{
    QFETCH(Maker, make);
    QFETCH(QHostAddress, address);
    QFETCH(bool, namesThePort);
    const Descriptor descriptor = make();
    if (!descriptor.isValid())
        QSKIP("this machine has no such address");
    const int number = int(descriptor.number());
    const quint16 port = namesThePort ? portOf(descriptor) : 0;
    const auto taken = net::takeOverListener(descriptor.number(), { address, port });
    QVERIFY2(taken, taken ? "" : qPrintable(taken.error()));
    QVERIFY(::fcntl(number, F_GETFD) & FD_CLOEXEC);
    QVERIFY(::fcntl(number, F_GETFL) & O_NONBLOCK);
}

void TestInheritedListener::isRefused_data()
{
    QTest::addColumn<Maker>("make");
    QTest::addColumn<QHostAddress>("address");
    QTest::addColumn<int>("portsBeside");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *name, const Maker &make, const QHostAddress &address,
                        const QString &what, int portsBeside = 0) {
        QTest::newRow(name) << make << address << portsBeside << what;
    };
    row("it is closed", closedOne, here, u"Bad file descriptor"_s);
    row("it is a file", file, here, u"it is no socket"_s);
    row("it is of UDP", boundOne(SOCK_DGRAM), here, u"it is no TCP socket"_s);
    row("it is a local socket", listeningLocally, here, u"it is no TCP socket"_s);
    row("it is bound and does not listen", boundOne(SOCK_STREAM), here, u"it does not listen"_s);
    row("it is at another address", one(any4), here, u"it listens at 0.0.0.0:"_s);
    row("it is at another port", one(here), here, u"it listens at 127.0.0.1:"_s, 1);
    row("it is of the other family", one(here6), here, u"it listens at [::1]:"_s);
    row("all addresses are asked for, it has those of IPv4", one(any4), any,
        u"it listens at 0.0.0.0:"_s);
    row("all addresses are asked for, it has those of IPv6", one(any6), any,
        u"it takes IPv6 alone"_s);
    row("all IPv6 addresses are asked for, it has those of IPv4 too", one(any6, V6Only::No), any6,
        u"it takes IPv4 too"_s);
}

void TestInheritedListener::isRefused()
{
    QFETCH(Maker, make);
    QFETCH(QHostAddress, address);
    QFETCH(int, portsBeside);
    QFETCH(QString, what);
    Descriptor descriptor = make();
    if (!descriptor.isValid())
        QSKIP("this machine has no such address");
    const int number = int(descriptor.number());
    const int flags = ::fcntl(number, F_GETFD);
    const int status = ::fcntl(number, F_GETFL);
    const auto port = quint16(portOf(descriptor) + portsBeside);
    const auto taken = net::takeOverListener(descriptor.number(), { address, port });
    QVERIFY(!taken);
    QVERIFY2(taken.error().contains(u": "_s + what), qPrintable(taken.error()));
    QVERIFY2(taken.error().startsWith(u"cannot take descriptor %1 over for "_s.arg(number))
                 && taken.error().endsWith(u"; hand over a TCP socket that listens there, or none, "
                                           "and one is opened"_s),
             qPrintable(taken.error()));
    QCOMPARE(::fcntl(number, F_GETFD), flags);
    QCOMPARE(::fcntl(number, F_GETFL), status);
    if (flags < 0)
        static_cast<void>(descriptor.release());
}

void TestInheritedListener::aDescriptorIsClosedOnce()
{
    const int number = ::open("/dev/null", O_RDONLY);
    {
        Descriptor first(number);
        Descriptor second(std::move(first));
        QVERIFY(!first.isValid());
        QCOMPARE(second.number(), qintptr(number));
        first = std::move(second);
        QCOMPARE(first.number(), qintptr(number));
        QVERIFY(::fcntl(number, F_GETFD) >= 0);
    }
    QVERIFY(::fcntl(number, F_GETFD) < 0);
    const Descriptor released(::open("/dev/null", O_RDONLY));
    Descriptor taken(::dup(int(released.number())));
    const qintptr copy = taken.release();
    QVERIFY(!taken.isValid());
    QVERIFY(::fcntl(int(copy), F_GETFD) >= 0);
    net::closeDescriptor(copy);
}

QTEST_APPLESS_MAIN(TestInheritedListener)
#include "tst_inheritedlistener.moc"
