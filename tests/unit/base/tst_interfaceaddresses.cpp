// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/interfaceaddresses.h"

#include <QTest>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#endif

using namespace Qt::StringLiterals;
using namespace sami;

class TstInterfaceAddresses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loopback();
    void noDescriptor();
};

void TstInterfaceAddresses::loopback()
{
    const auto read = readInterfaceAddresses();
    QVERIFY2(read, read ? "" : qPrintable(read.error()));
    const InterfaceAddress *found = nullptr;
    for (const InterfaceAddress &entry : *read) {
        QVERIFY(entry.address.scopeId().isEmpty());
        if (entry.address == QHostAddress(QHostAddress::LocalHost) && entry.prefixLength == 8)
            found = &entry;
    }
    QVERIFY(found);
    QCOMPARE(found->prefixLength, 8);
    QCOMPARE(found->link, LinkKind::Loopback);
    QVERIFY(!found->device.isEmpty());
}

void TstInterfaceAddresses::noDescriptor()
{
#ifdef Q_OS_LINUX
    rlimit before {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none { 0, before.rlim_max };
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto read = readInterfaceAddresses();
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QVERIFY(!read);
    QVERIFY2(read.error().contains(u"open files"_s), qPrintable(read.error()));
    QVERIFY(readInterfaceAddresses());
#else
    QSKIP("the limit on descriptors is Linux's");
#endif
}

QTEST_APPLESS_MAIN(TstInterfaceAddresses)
#include "tst_interfaceaddresses.moc"
