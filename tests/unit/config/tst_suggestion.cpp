// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/suggestion.h"

#include <QTest>

using namespace Qt::StringLiterals;
using sami::config::nearest;

class TstSuggestion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void words_data();
    void words();
};

void TstSuggestion::words_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("expected");

    QTest::newRow("a letter left out") << u"adress"_s << u"address"_s;
    QTest::newRow("a letter too many") << u"porrt"_s << u"port"_s;
    QTest::newRow("two letters swapped") << u"log_lveel"_s << u"log_level"_s;
    QTest::newRow("two letters of a short word swapped") << u"prot"_s << u"port"_s;
    QTest::newRow("dashes for underscores") << u"log-level"_s << u"log_level"_s;
    QTest::newRow("capitals") << u"PORT"_s << u"port"_s;
    QTest::newRow("the nearer of two") << u"log_formet"_s << u"log_format"_s;
    QTest::newRow("nothing is near") << u"bananas"_s << QString();
    QTest::newRow("a short word is not everything's neighbour") << u"x"_s << QString();
    QTest::newRow("an overlong word is not compared") << QString(5000, u'p') << QString();
}

void TstSuggestion::words()
{
    QFETCH(QString, word);
    QFETCH(QString, expected);
    QCOMPARE(nearest(word, { u"port"_s, u"address"_s, u"log_level"_s, u"log_format"_s }), expected);
}

QTEST_APPLESS_MAIN(TstSuggestion)
#include "tst_suggestion.moc"
