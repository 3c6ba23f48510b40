// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/books.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;

namespace {

const QHostAddress client(u"192.0.2.7"_s);

/// Records what it receives in a list shared with other sinks.
class NotingSink : public Sink
{
public:
    NotingSink(QByteArray name, QByteArrayList &notes) : m_name(std::move(name)), m_notes(notes) {}

    void closed(const FinishedWork &work) override { note("closed", work.id); }
    void refused(const Refused &refused) override
    {
        note(refused.isReported ? "reported" : "refused", refused.destination.port);
    }
    void leftOut(const FinishedWork &last, quint32 lines) override
    {
        note("leftOut", last.id);
        note("lines", lines);
    }
    void unserved(const Ending &ending) override { note("unserved", quint64(ending.how)); }
    void handshakeEnded(const Handshake &handshake) override
    {
        note("handshakeEnded", quint64(handshake.version));
    }

private:
    void note(const char *what, quint64 number)
    {
        m_notes.append(m_name + ' ' + what + ' ' + QByteArray::number(number));
    }

    const QByteArray m_name;
    QByteArrayList &m_notes;
};

FinishedWork workOf(quint64 id)
{
    FinishedWork work;
    work.id = id;
    return work;
}

Refused refusalOf(quint16 port, bool isReported)
{
    return { client, { "a.test", port }, policy::Refusal::PortNotListed, {}, isReported };
}

} // namespace

class TestLedger : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachSinkHearsOfEverythingInOrder();
    void aSinkHearsOnlyWhatItWants();
    void aLedgerWithoutSinks();
    void whoJoinsHearsWhatFollows();
    void theBooksKeepRefusalsAndReportsApart_data();
    void theBooksKeepRefusalsAndReportsApart();
    void theBooksKeepWhatIsFinished();
};

void TestLedger::eachSinkHearsOfEverythingInOrder()
{
    QByteArrayList notes;
    NotingSink first("first", notes);
    NotingSink second("second", notes);
    const Ledger ledger { &second, &first };
    ledger.refused(refusalOf(25, false));
    ledger.refused(refusalOf(26, true));
    ledger.closed(workOf(7));
    ledger.leftOut(workOf(8), 3);
    QCOMPARE(notes,
             (QByteArrayList { "second refused 25", "first refused 25", "second reported 26",
                               "first reported 26", "second closed 7", "first closed 7",
                               "second leftOut 8", "second lines 3", "first leftOut 8",
                               "first lines 3" }));
}

void TestLedger::aSinkHearsOnlyWhatItWants()
{
    Sink deaf;
    QByteArrayList notes;
    NotingSink sink("sink", notes);
    const Ledger ledger { &deaf, &sink };
    ledger.closed(workOf(7));
    ledger.refused(refusalOf(25, false));
    ledger.leftOut(workOf(8), 1);
    QCOMPARE(notes.size(), 4);
}

void TestLedger::aLedgerWithoutSinks()
{
    const Ledger ledger {};
    ledger.closed(workOf(7));
    ledger.refused(refusalOf(25, true));
    ledger.leftOut(workOf(8), 1);
}

void TestLedger::whoJoinsHearsWhatFollows()
{
    QByteArrayList notes;
    NotingSink first("first", notes);
    NotingSink late("late", notes);
    Ledger ledger { &first };
    ledger.closed(workOf(7));
    ledger.join(late);
    ledger.closed(workOf(8));
    ledger.refused(refusalOf(25, false));
    ledger.leftOut(workOf(9), 3);
    ledger.unserved({ EndedBy::Proxy, EndedHow::Fin });
    ledger.handshakeEnded({ TlsVersion::Tls13 });
    QCOMPARE(
        notes,
        (QByteArrayList { "first closed 7", "first closed 8", "late closed 8", "first refused 25",
                          "late refused 25", "first leftOut 9", "first lines 3", "late leftOut 9",
                          "late lines 3", "first unserved 1", "late unserved 1",
                          "first handshakeEnded 2", "late handshakeEnded 2" }));
}

void TestLedger::theBooksKeepRefusalsAndReportsApart_data()
{
    QTest::addColumn<bool>("isReported");
    QTest::newRow("B§2: what was refused is a refusal") << false;
    QTest::newRow("B§2: what would have been is a report") << true;
}

void TestLedger::theBooksKeepRefusalsAndReportsApart()
{
    QFETCH(bool, isReported);
    Books books;
    books.ledger.refused(refusalOf(25, isReported));
    const RefusalTable &told = isReported ? books.reports : books.refusals;
    const RefusalTable &other = isReported ? books.refusals : books.reports;
    QCOMPARE(told.total(), 1ULL);
    QCOMPARE(told.rows().constFirst().isReported, isReported);
    QCOMPARE(told.rows().constFirst().destination, (Endpoint { "a.test", 25 }));
    QCOMPARE(other.total(), 0ULL);
    QVERIFY(other.rows().isEmpty());
    QCOMPARE(books.finished->total(), 0ULL);
}

void TestLedger::theBooksKeepWhatIsFinished()
{
    Books books;
    const auto kept = books.finished; // as during a stop
    books.ledger.closed(workOf(7));
    QCOMPARE(kept->total(), 1ULL);
    QCOMPARE(kept->recent().constFirst().id, 7ULL);
    QCOMPARE(books.refusals.total() + books.reports.total(), 0ULL);
}

QTEST_APPLESS_MAIN(TestLedger)
#include "tst_ledger.moc"
