// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/blanks.h"

#include <QTest>

using namespace sami;

class TestBlanks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trimsBlanksOnly();
};

void TestBlanks::trimsBlanksOnly()
{
    QCOMPARE(trimBlanks(" \t a b\t ").toByteArray(), "a b");
    QCOMPARE(trimBlanks(" \t ").toByteArray(), "");
    QCOMPARE(trimBlanks("\x0b"
                        "a\n")
                 .toByteArray(),
             "\x0b"
             "a\n");
}

QTEST_APPLESS_MAIN(TestBlanks)
#include "tst_blanks.moc"
