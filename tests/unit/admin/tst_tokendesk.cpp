// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/tokendesk.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sami;
using namespace sami::admin;
using namespace std::chrono_literals;
using Outcome = TokenDesk::Outcome;

namespace {

const QDate today(2026, 6, 15);
const QHostAddress here(QStringLiteral("192.0.2.1"));
const QHostAddress elsewhere(QStringLiteral("192.0.2.2"));
const TimePoint start = TimePoint() + 1h;

struct Rig
{
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("tokens"));
    TokenDesk desk { path };

    Rig() { write("look:read:" + digestOf("sami_look").toHex() + '\n'); }

    void write(const QByteArray &content) const
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(content);
        file.close();
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    }
    Outcome ask(const QByteArray &field, const QHostAddress &from = here, TimePoint now = start)
    {
        return desk.check({ { "Authorization", field } }, from, today, now).outcome;
    }
};

} // namespace

class TstTokenDesk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoseRequestItIs();
    void guessingIsBounded();
    void aRightTokenPassesABlock();
    void aBadFileLeavesTheOldTokens();
    void anotherFileCountsOnceItCanBeRead();
    void aRevokedTokenHoldsNoMore();
    void aFileThatOthersWriteDoesNotCount();
    void aNewTokenCountsAtOnce();
};

void TstTokenDesk::whoseRequestItIs()
{
    Rig rig;
    QVERIFY(!rig.desk.refresh());
    QCOMPARE(int(rig.ask("Bearer sami_look")), int(Outcome::Accepted));
    QCOMPARE(int(rig.ask("bearer   sami_look ")), int(Outcome::Accepted));
    QCOMPARE(int(rig.ask("Bearer sami_loo")), int(Outcome::Wrong));
    QCOMPARE(int(rig.ask("Bearer")), int(Outcome::Missing));
    QCOMPARE(int(rig.ask("Basic c2FtaV9sb29rOg==")), int(Outcome::Missing));
    QCOMPARE(int(rig.desk.check({}, here, today, start).outcome), int(Outcome::Missing));
    const http::HeaderList both { { "Authorization", "Bearer sami_look" },
                                  { "Authorization", "Bearer sami_look" } };
    QCOMPARE(int(rig.desk.check(both, here, today, start).outcome), int(Outcome::Wrong));
}

void TstTokenDesk::guessingIsBounded()
{
    Rig rig;
    QVERIFY(!rig.desk.refresh());
    for (int i = 1; i <= TokenDesk::maxGuesses; ++i)
        QCOMPARE(int(rig.ask("Bearer guess" + QByteArray::number(i))), int(Outcome::Wrong));
    QCOMPARE(int(rig.ask("Bearer another")), int(Outcome::Blocked));
    QCOMPARE(int(rig.ask("Bearer another", elsewhere)), int(Outcome::Wrong));
    QCOMPARE(int(rig.ask("Bearer another", here, start + 3 * TokenDesk::guessWindow)),
             int(Outcome::Wrong));
}

void TstTokenDesk::aRightTokenPassesABlock()
{
    Rig rig;
    QVERIFY(!rig.desk.refresh());
    for (int i = 0; i <= TokenDesk::maxGuesses; ++i)
        static_cast<void>(rig.ask("Bearer guess" + QByteArray::number(i)));
    QCOMPARE(int(rig.ask("Bearer another")), int(Outcome::Blocked));
    QVERIFY2(rig.ask("Bearer sami_look") == Outcome::Accepted, "though it never came from here");
    QCOMPARE(int(rig.ask("Bearer another")), int(Outcome::Blocked));
}

void TstTokenDesk::aBadFileLeavesTheOldTokens()
{
    Rig rig;
    QVERIFY(!rig.desk.refresh());
    rig.write("nonsense\n");
    QVERIFY(rig.desk.refresh().value().contains(QStringLiteral("line 1")));
    QVERIFY2(!rig.desk.refresh(), "it is told once");
    QCOMPARE(int(rig.ask("Bearer sami_look")), int(Outcome::Accepted));
}

void TstTokenDesk::anotherFileCountsOnceItCanBeRead()
{
    Rig rig;
    QVERIFY(!rig.desk.refresh());
    rig.path = rig.folder.filePath(QStringLiteral("others"));
    rig.write("nonsense\n");
    rig.desk.setPath(rig.path);
    QVERIFY(rig.desk.refresh().value().contains(QStringLiteral("others: ")));
    QVERIFY2(rig.ask("Bearer sami_look") == Outcome::Accepted, "the log says that they stay");
    rig.write("other:read:" + digestOf("sami_other").toHex() + '\n');
    QVERIFY(!rig.desk.refresh());
    QCOMPARE(int(rig.ask("Bearer sami_look")), int(Outcome::Wrong));
    QCOMPARE(int(rig.ask("Bearer sami_other")), int(Outcome::Accepted));
    rig.desk.setPath({});
    QVERIFY(!rig.desk.refresh());
    QVERIFY2(rig.desk.isEmpty(), "settings without a file have no tokens");
}

void TstTokenDesk::aRevokedTokenHoldsNoMore()
{
    Rig rig;
    QVERIFY(!rig.desk.refresh());
    const auto token =
        rig.desk.check({ { "Authorization", "Bearer sami_look" } }, here, today, start).token;
    QVERIFY(token && rig.desk.stillHolds(*token, today));
    rig.write("look:manage:" + digestOf("sami_look").toHex() + '\n');
    QVERIFY(!rig.desk.refresh());
    QVERIFY2(!rig.desk.stillHolds(*token, today), "it has another right now");
    QFile::remove(rig.path);
    QVERIFY(!rig.desk.refresh());
    QVERIFY(rig.desk.isEmpty());
    QCOMPARE(int(rig.ask("Bearer sami_look")), int(Outcome::Wrong));
}

void TstTokenDesk::aFileThatOthersWriteDoesNotCount()
{
#ifdef Q_OS_WIN
    QSKIP("rights are not looked at");
#endif
    Rig rig;
    QFile::setPermissions(
        rig.path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::WriteGroup);
    QVERIFY(rig.desk.refresh().value().contains(QStringLiteral("chmod")));
    QVERIFY(rig.desk.isEmpty());
}

void TstTokenDesk::aNewTokenCountsAtOnce()
{
    Rig rig;
    QVERIFY(!rig.desk.refresh());
    rig.write("new:read:" + digestOf("sami_new").toHex() + '\n');
    QCOMPARE(int(rig.ask("Bearer sami_new")), int(Outcome::Accepted));
    rig.write("newer:read:" + digestOf("sami_newer").toHex() + '\n');
    QCOMPARE(int(rig.ask("Bearer sami_newer", here, start + 999ms)), int(Outcome::Wrong));
    QCOMPARE(int(rig.ask("Bearer sami_newer", here, start + 1s)), int(Outcome::Accepted));
}

QTEST_GUILESS_MAIN(TstTokenDesk)
#include "tst_tokendesk.moc"
