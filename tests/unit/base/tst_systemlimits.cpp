// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/systemlimits.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace sami;

class TestSystemLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsThatDescriptorsAreShort_data();
    void tellsThatDescriptorsAreShort();
    void unusedCodeComesBack();
};

void TestSystemLimits::tellsThatDescriptorsAreShort_data()
{
    QTest::addColumn<int>("spare");
    QTest::addColumn<bool>("isShort");
    QTest::newRow("none is left") << 0 << true;
    QTest::newRow("two are left") << 2 << true;
    QTest::newRow("three are left") << 3 << false;
}

void TestSystemLimits::tellsThatDescriptorsAreShort()
{
#ifdef Q_OS_LINUX
    QFETCH(int, spare);
    QFETCH(bool, isShort);
    const int lowest = ::dup(0);
    QVERIFY(lowest >= 0);
    ::close(lowest);
    rlimit before {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit tight { rlim_t(lowest + spare), before.rlim_max };
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    const bool told = lacksDescriptors();
    const int after = ::dup(0);
    ::close(after);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QCOMPARE(told, isShort);
    QCOMPARE(after >= 0, spare > 0); // the reserve is released
#else
    QSKIP("the limit on descriptors is lowered on Linux only");
#endif
}

void TestSystemLimits::unusedCodeComesBack()
{
#if defined(Q_OS_LINUX) && defined(__GLIBC__)
    const auto residentFilePages = [] {
        QFile status(QStringLiteral("/proc/self/status"));
        if (!status.open(QIODevice::ReadOnly))
            return qint64(0);
        for (const QByteArray &line : status.readAll().split('\n')) {
            if (line.startsWith("RssFile:"))
                return line.mid(8).trimmed().split(' ').first().toLongLong();
        }
        return qint64(0);
    };
    const QRegularExpression expression(QStringLiteral("^(\\d+)-(\\w+)$"));
    QVERIFY(expression.match(QStringLiteral("12-ab")).hasMatch());
    const qint64 before = residentFilePages();
    releaseUnusedCode();
    const qint64 after = residentFilePages();
    QVERIFY2(after < before, qPrintable(QStringLiteral("%1 to %2 KiB").arg(before).arg(after)));
    QCOMPARE(expression.match(QStringLiteral("34-cd")).captured(2), QStringLiteral("cd"));
#else
    QSKIP("done with glibc only");
#endif
}

QTEST_GUILESS_MAIN(TestSystemLimits)
#include "tst_systemlimits.moc"
