// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/rosterwatch.h"
#include "users/userstext.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::users;

class TstRosterWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theFirstReadingDecides_data();
    void theFirstReadingDecides();
    void anotherContentCountsWhenItIsSeenTwice();
    void halfAFileNeverCounts();
    void whatIsBadKeepsTheOld_data();
    void whatIsBadKeepsTheOld();
    void aChangeOfOurOwnCountsAtOnce();
    void theSameContentIsTheSameRoster();
    void anOrderCountsAtOnce();

private:
    void write(const QByteArray &content) const;
    [[nodiscard]] RosterWatch watching() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    RosterWatch::Source m_source;
};

namespace {

const QByteArray hash = "$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0c2FsdA$" + QByteArray(86, 'A');

QByteArray line(const QByteArray &name)
{
    return name + ':' + hash + '\n';
}

QByteArrayList names(const RosterWatch &watch)
{
    QByteArrayList names;
    for (const UserPtr &user : watch.roster()->list().users())
        names.append(user->name);
    return names;
}

} // namespace

void TstRosterWatch::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_source = { m_folder->filePath(u"users"_s), {} };
}

void TstRosterWatch::write(const QByteArray &content) const
{
    QFile file(m_source.path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

RosterWatch TstRosterWatch::watching() const
{
    auto watch = RosterWatch().renewed(m_source);
    if (!watch)
        qFatal("%s", qPrintable(watch.error()));
    return std::move(watch).value();
}

void TstRosterWatch::theFirstReadingDecides_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("B§17: a user") << line("ada") << true;
    QTest::newRow("B§17: nobody is a list too") << "# nobody yet\n"_ba << true;
    QTest::newRow("B§17: so is a file of no octets") << ""_ba << true;
    QTest::newRow("B§17: a bad line") << line("ada") + "bob\n" << false;
    QTest::newRow("B§17: the name of the settings' own pair") << line("own") << false;
}

void TstRosterWatch::theFirstReadingDecides()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, isGood);
    m_source.reservedName = "own";
    QVERIFY(!RosterWatch().renewed(m_source));
    write(content);
    const auto watch = RosterWatch().renewed(m_source);
    QCOMPARE(bool(watch), isGood);
    if (watch)
        QVERIFY(watch->roster());
    else
        QVERIFY(watch.error().startsWith(m_source.path));
    const auto none = RosterWatch().renewed({});
    QVERIFY(none && !none->roster());
}

void TstRosterWatch::anotherContentCountsWhenItIsSeenTwice()
{
    write(line("ada"));
    RosterWatch watch = watching();
    QVERIFY(!watch.look());
    QVERIFY(!watch.isUnsettled());
    write(line("ada") + line("bob"));
    QVERIFY(!watch.look());
    QVERIFY(watch.isUnsettled());
    QCOMPARE(names(watch), QByteArrayList { "ada" });
    QVERIFY(watch.look());
    QVERIFY(!watch.isUnsettled());
    QCOMPARE(names(watch), (QByteArrayList { "ada", "bob" }));
    QVERIFY(!watch.look());
}

void TstRosterWatch::halfAFileNeverCounts()
{
    const QByteArray whole = line("ada") + line("bob") + line("eve");
    write(whole);
    RosterWatch watch = watching();
    for (const QByteArray &half : { QByteArray(), line("ada"), line("ada") + line("bob"), whole }) {
        write(half);
        QVERIFY(!watch.look());
    }
    QVERIFY(!watch.isUnsettled());
    QCOMPARE(names(watch).size(), 3);
}

void TstRosterWatch::whatIsBadKeepsTheOld_data()
{
    QTest::addColumn<QByteArray>("content"); // "gone": the file is
    QTest::newRow("B§17: a bad line") << line("ada") + "bob\n";
    QTest::newRow("B§17: no file") << "gone"_ba;
    QTest::newRow("B§17: a file of no octets") << ""_ba;
}

void TstRosterWatch::whatIsBadKeepsTheOld()
{
    QFETCH(QByteArray, content);
    write(line("ada"));
    RosterWatch watch = watching();
    const RosterPtr before = watch.roster();
    if (content == "gone")
        QVERIFY(QFile::remove(m_source.path));
    else
        write(content);
    for (int i = 0; i < 4; ++i)
        QVERIFY(!watch.look());
    QVERIFY(!watch.isUnsettled());
    QCOMPARE(watch.roster(), before);
    const auto renewed = watch.renewed(m_source);
    QVERIFY(renewed);
    QCOMPARE(renewed->roster(), before);
    // Another path has nothing to fall back on.
    QVERIFY(!watch.renewed({ m_source.path + u"2"_s, {} }));
    write(line("bob"));
    QVERIFY(!watch.look());
    QVERIFY(watch.look());
    QCOMPARE(names(watch), QByteArrayList { "bob" });
}

void TstRosterWatch::aChangeOfOurOwnCountsAtOnce()
{
    write(line("ada"));
    RosterWatch watch = watching();
    write(line("bob"));
    QVERIFY(watch.look(RosterWatch::Trust::AtOnce));
    QVERIFY(!watch.isUnsettled());
    QCOMPARE(names(watch), QByteArrayList { "bob" });
    write("bob\n");
    QVERIFY(!watch.look(RosterWatch::Trust::AtOnce));
    QCOMPARE(names(watch), QByteArrayList { "bob" });
}

void TstRosterWatch::theSameContentIsTheSameRoster()
{
    write(line("ada"));
    RosterWatch watch = watching();
    const RosterPtr before = watch.roster();
    QVERIFY(QFile::remove(m_source.path));
    write(line("ada"));
    QVERIFY(!watch.look());
    QVERIFY(!watch.isUnsettled());
    const auto renewed = watch.renewed(m_source);
    QVERIFY(renewed);
    QCOMPARE(renewed->roster(), before);
}

void TstRosterWatch::anOrderCountsAtOnce()
{
    write(line("ada"));
    const RosterWatch watch = watching();
    write(line("bob"));
    const auto renewed = watch.renewed(m_source);
    QVERIFY(renewed);
    QCOMPARE(names(*renewed), QByteArrayList { "bob" });
    // The same file, with settings that use one of its names themselves.
    QVERIFY(!renewed->renewed({ m_source.path, "bob" }));
    QVERIFY(renewed->renewed({ m_source.path, "eve" }));
}

QTEST_APPLESS_MAIN(TstRosterWatch)
#include "tst_rosterwatch.moc"
