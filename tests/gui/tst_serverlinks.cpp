// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// How the link of a server comes in from outside, and where it is shown; test_instances.py has two
// real copies.
#include "config/parenturl.h"
#include "gui/app/linkargument.h"
#include "gui/widgets/settings/serverspage.h"
#include "trayprogram.h"

#include <QDropEvent>
#include <QFileOpenEvent>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QTest>
#include <QUrl>

#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;

class TstServerLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLinkIsTakenOffTheCommandLine_data();
    void aLinkIsTakenOffTheCommandLine();
    void itsOctetsAreOverwritten();
    void aFileHasTheLink_data();
    void aFileHasTheLink();
    void itIsOfferedOnItsPage();
    void macOSHandsOverAClickedLink();
    void aSecondOneDoesNotStackQuestions();
    void aLockedListIsSaid();
    void aFileCanBeDropped();
    void theNoticeOfASwitchLeadsToThePage();
};

namespace {

const QString fra = u"sami-proxy://ann:s3cr%2Ct@fra.example.com:8443?name=fra"_s;

/// Arguments as a system hands them over: octets that can be written, a null pointer at their end.
struct Arguments
{
    explicit Arguments(const QByteArrayList &words) : octets(words)
    {
        for (QByteArray &word : octets)
            pointers.push_back(word.data());
        count = int(pointers.size());
        pointers.push_back(nullptr);
    }

    [[nodiscard]] QByteArrayList left() const
    {
        QByteArrayList words;
        for (int place = 0; place < count; ++place)
            words.append(pointers[size_t(place)]);
        return words;
    }

    QByteArrayList octets;
    std::vector<char *> pointers;
    int count = 0;
};

void write(const QString &path, const QByteArray &text, bool isSecret)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("the file of the test cannot be written");
    file.close();
    auto rights = QFile::ReadOwner | QFile::WriteOwner;
    file.setPermissions(isSecret ? rights : rights | QFile::ReadOther);
}

ServersPage &pageOf(TrayApplication &app)
{
    return *app.settingsDialog()->servers();
}

} // namespace

void TstServerLinks::aLinkIsTakenOffTheCommandLine_data()
{
    QTest::addColumn<QByteArrayList>("words");
    QTest::addColumn<QByteArray>("taken");
    QTest::addColumn<QByteArrayList>("left");
    const QByteArray link = fra.toUtf8();
    QTest::newRow("none") << QByteArrayList { "tray", "--minimized" } << QByteArray()
                          << QByteArrayList { "tray", "--minimized" };
    QTest::newRow("alone") << QByteArrayList { "tray", link } << link << QByteArrayList { "tray" };
    QTest::newRow("the scheme in other letters")
        << QByteArrayList { "tray", "Sami-Proxy://h:1" } << "Sami-Proxy://h:1"_ba
        << QByteArrayList { "tray" };
    QTest::newRow("after a switch")
        << QByteArrayList { "tray", "--minimized", link, "--port", "1" } << link
        << QByteArrayList { "tray", "--minimized", "--port", "1" };
    QTest::newRow("a file") << QByteArrayList { "tray", "@/home/ann/link" } << "@/home/ann/link"_ba
                            << QByteArrayList { "tray" };
    QTest::newRow("a flag's value stays")
        << QByteArrayList { "tray", "--parents", link } << QByteArray()
        << QByteArrayList { "tray", "--parents", link };
    QTest::newRow("a flag's file stays")
        << QByteArrayList { "tray", "--parents", "@/etc/parents" } << QByteArray()
        << QByteArrayList { "tray", "--parents", "@/etc/parents" };
    QTest::newRow("a file after a switch")
        << QByteArrayList { "tray", "--minimized", "@link" } << "@link"_ba
        << QByteArrayList { "tray", "--minimized" };
    QTest::newRow("a file after a flag with its value")
        << QByteArrayList { "tray", "--port=1", "@link", "--portable" } << "@link"_ba
        << QByteArrayList { "tray", "--port=1", "--portable" };
    QTest::newRow("the program's own name is none")
        << QByteArrayList { link } << QByteArray() << QByteArrayList { link };
    QTest::newRow("a lone @") << QByteArrayList { "tray", "@" } << QByteArray()
                              << QByteArrayList { "tray", "@" };
}

void TstServerLinks::aLinkIsTakenOffTheCommandLine()
{
    QFETCH(const QByteArrayList, words);
    QFETCH(const QByteArray, taken);
    QFETCH(const QByteArrayList, left);
    Arguments arguments(words);
    QCOMPARE(takeLink(arguments.count, arguments.pointers.data()), taken);
    QCOMPARE(arguments.left(), left);
    QVERIFY(!arguments.pointers[size_t(arguments.count)]);
}

void TstServerLinks::itsOctetsAreOverwritten()
{
    Arguments arguments({ "tray", fra.toUtf8() });
    const char *octets = arguments.pointers[1];
    QVERIFY(!takeLink(arguments.count, arguments.pointers.data()).isEmpty());
    QCOMPARE(QByteArray(octets), QByteArray(fra.size(), 'x'));
}

void TstServerLinks::aFileHasTheLink_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isSecret");
    QTest::addColumn<QString>("link");
    QTest::newRow("one line") << fra.toUtf8() + '\n' << true << fra;
    QTest::newRow("after a comment") << "# from ann\n\n " + fra.toUtf8() + "\n" << true << fra;
    QTest::newRow("nothing") << QByteArray() << true << QString();
#ifndef Q_OS_WIN
    QTest::newRow("others may read it") << fra.toUtf8() << false << u"-"_s;
#endif
}

void TstServerLinks::aFileHasTheLink()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, isSecret);
    QFETCH(const QString, link);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"link"_s);
    write(path, text, isSecret);
    const auto found = linkOf("@" + QFile::encodeName(path));
    QCOMPARE(found.has_value(), link != u"-"_s);
    if (found)
        QCOMPARE(*found, link);
    else
        QVERIFY2(found.error().startsWith(path) && !found.error().contains(u"s3cr"_s),
                 qPrintable(found.error()));
    QVERIFY(!linkOf("@" + QFile::encodeName(folder.filePath(u"none"_s))));
    QCOMPARE(linkOf(fra.toUtf8()).value(), fra);
}

void TstServerLinks::itIsOfferedOnItsPage()
{
    Program program;
    program.answer = 1;
    TrayApplication &app = program.run(true);
    app.offerServer(fra);
    QVERIFY2(program.questions.isEmpty(), "whoever brought it is not kept waiting");
    QTRY_COMPARE(program.questions.size(), 1);
    QVERIFY(app.settingsDialog()->isVisible());
    QVERIFY(pageOf(app).isVisible());
    QCOMPARE(pageOf(app).list()->count(), 1);
    QVERIFY2(program.engine->applied.isEmpty(), "it does not count before it is applied");
}

void TstServerLinks::macOSHandsOverAClickedLink()
{
    Program program;
    program.answer = 1;
    TrayApplication &app = program.run(true);
    QFileOpenEvent event { QUrl(fra) };
    QCoreApplication::sendEvent(qApp, &event);
    QTRY_COMPARE(program.questions.size(), 1);
    QCOMPARE(pageOf(app).list()->count(), 1);
    QCOMPARE(pageOf(app).servers().constFirst(), config::parseParent(fra.toUtf8()).value().parent);
}

void TstServerLinks::aSecondOneDoesNotStackQuestions()
{
    Program program;
    TrayApplication &app = program.run(true);
    bool isFirst = true;
    program.whileAsked = [&] {
        if (!std::exchange(isFirst, false))
            return;
        app.offerServer(u"sami-proxy://ams.example.com:8443?name=ams"_s);
        QTest::qWait(0);
    };
    int amidTheFirst = 0;
    app.offerServer(fra);
    const auto first = std::exchange(program.whileAsked, {});
    program.whileAsked = [&] {
        first();
        amidTheFirst = amidTheFirst ? amidTheFirst : int(program.questions.size());
    };
    // It is not lost either: its question comes after the first one's answer.
    QTRY_COMPARE(program.questions.size(), 2);
    QCOMPARE(amidTheFirst, 1);
    QVERIFY2(program.questions.constLast().contains(u"ams"_s),
             qPrintable(program.questions.constLast()));
    settle();
    QCOMPARE(program.questions.size(), 2);
}

void TstServerLinks::aLockedListIsSaid()
{
    QTemporaryDir folder;
    SettingsStore store({ folder.filePath(u"settings.ini"_s),
                          {},
                          config::parseCommandLine({ u"--parents"_s, fra }) });
    QVERIFY(store.open());
    int questions = 0;
    ServersPage page(
        store,
        [&](QWidget *, const Question &) {
            ++questions;
            return std::optional(1);
        },
        &server::makeParentTest);
    page.load(store.settings());
    QVERIFY(!page.offer(u"sami-proxy://ams.example.com:8443?name=ams"_s));
    QCOMPARE(questions, 0);
    QVERIFY(!page.note()->text().isEmpty());
}

void TstServerLinks::aFileCanBeDropped()
{
    Program program;
    program.answer = 1;
    TrayApplication &app = program.run(true);
    app.offerServer({});
    const QString path = program.folder.filePath(u"link.txt"_s);
    const auto drop = [&] {
        QMimeData data;
        data.setUrls({ QUrl::fromLocalFile(path) });
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&pageOf(app), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&pageOf(app), &event);
        settle();
    };
    drop();
    QVERIFY2(pageOf(app).note()->text().contains(u"cannot be read"_s),
             qPrintable(pageOf(app).note()->text()));
    write(path, fra.toUtf8(), true);
    drop();
    QTRY_COMPARE(pageOf(app).list()->count(), 1);
}

void TstServerLinks::theNoticeOfASwitchLeadsToThePage()
{
    Program program;
    TrayApplication &app = program.run(true);
    route::ParentState fraState;
    fraState.name = "fra";
    fraState.isPreferred = true;
    route::ParentState amsState;
    amsState.name = "ams";
    program.engine->servers.parents = { fraState, amsState };
    auto *watch = app.findChild<WayWatch *>();
    QVERIFY(watch);
    const TimePoint now = Clock::now();
    watch->look(now);
    fraState.condition = route::ParentCondition::Resting;
    fraState.fault = route::ParentFault::Unreachable;
    fraState.isPreferred = false;
    amsState.isPreferred = true;
    program.engine->servers.parents = { fraState, amsState };
    watch->look(now + 1s);
    QVERIFY(program.said.isEmpty());
    watch->look(now + 4s);
    QCOMPARE(
        program.said,
        QList<QStringList>({ { u"Requests take another way out"_s,
                               u"fra cannot be reached. New requests go out through ams."_s } }));
    watch->look(now + 9s);
    QCOMPARE(program.said.size(), 1);
    Q_EMIT app.tray().messageClicked();
    QVERIFY(pageOf(app).isVisible());
}

QTEST_MAIN(TstServerLinks)
#include "tst_serverlinks.moc"
