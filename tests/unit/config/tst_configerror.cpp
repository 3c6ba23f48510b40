// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/configerror.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstConfigError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sentences_data();
    void sentences();
};

void TstConfigError::sentences_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("expected");

    QTest::newRow("B§1: name, value and what would be right")
        << u"PROXY_PORT"_s << u"x"_s << u"PROXY_PORT: \"x\": write a number"_s;
    QTest::newRow("an error without a value")
        << u"--prot"_s << QString() << u"--prot: write a number"_s;
    QTest::newRow("B§8: controls in a value are escaped")
        << u"A"_s << u"a\x1b[31m\n\u009b"_s
        << u"A: \"a\\x1b[31m\\x0a\\xc2\\x9b\": write a number"_s;
    QTest::newRow("B§8: what turns the direction of text is escaped")
        << u"A"_s << u"a\u202eb"_s << u"A: \"a\\xe2\\x80\\xaeb\": write a number"_s;
    QTest::newRow("B§8: a line separator in a name is escaped")
        << u"--a\u2028"_s << QString() << u"--a\\xe2\\x80\\xa8: write a number"_s;
    QTest::newRow("B§8: controls in a name are escaped")
        << u"--a\n"_s << QString() << u"--a\\x0a: write a number"_s;
    QTest::newRow("Cyrillic stays readable")
        << u"A"_s << u"привет"_s << u"A: \"привет\": write a number"_s;
    QTest::newRow("a pair of surrogates is not cut in two")
        << u"A"_s << QString(199, u'x') + u"👍"_s
        << u"A: \"%1…\": write a number"_s.arg(QString(199, u'x'));
    QTest::newRow("a long value is cut")
        << u"A"_s << QString(1000, u'x') << u"A: \"%1…\": write a number"_s.arg(QString(200, u'x'));
}

void TstConfigError::sentences()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, expected);
    QCOMPARE((ConfigError { name, value, u"write a number"_s }).toString(), expected);
}

QTEST_APPLESS_MAIN(TstConfigError)
#include "tst_configerror.moc"
