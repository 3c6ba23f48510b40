// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/logtap.h"
#include "gui/models/logmodel.h"
#include "gui/widgets/logpage.h"
#include "guirig.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

using namespace sami;
using namespace sami::gui;

class LogPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingChosenIsNothingToCopy();
    void ringHoldsTheLastLines();
    void aFullLogIsSearched();
    void levelsAreReadInBothFormats_data();
    void levelsAreReadInBothFormats();
    void whatIsLostIsSaid();
    void levelAndWordsFilter();
    void linesWaitWhileHidden();
    void followsUntilOneScrollsUp();
    void whatIsReadStays();
    void copiesAndSavesWhatIsShown();
    void whatHappenedStandsFirstAndNothingIsBesideTheView();
    void theChosenLineIsReadAsAWhole();
    void wordsOfTheWindowAndOfThePapersAreFound();
    void copyTakesWholeLines();
    void logFilesAreSwitchedHere();
    void whatIsWrongWithTheFilesIsSaid();
    void theFolderOpens();

public Q_SLOTS:
    void handleUrl(const QUrl &url) { m_opened.append(url); }

private:
    static QByteArray lines(int first, int last, const char *level = "INFO ")
    {
        QByteArray text;
        for (int i = first; i <= last; ++i) {
            text += "2026-11-26T02:00:00.000Z " + QByteArray(level) + " line "
                + QByteArray::number(i) + "\n";
        }
        return text;
    }
    [[nodiscard]] Dialogs dialogs()
    {
        return { [](QWidget *, const Question &) { return std::optional(0); },
                 [this](QWidget *, const QString &, const QString &) { return m_path; },
                 [this](QWidget *, const QString &, const QString &text) {
                     m_complaints.append(text);
                 } };
    }
    static QString text(const QAbstractItemModel *model, int row)
    {
        return model->index(row, 0).data().toString();
    }

    GuiRig m_rig;
    QString m_path;
    QStringList m_complaints;
    QList<QUrl> m_opened;
};

void LogPageTest::nothingChosenIsNothingToCopy()
{
    LogTap tap;
    tap.put(lines(1, 3));
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    auto *view = page.findChild<QListView *>();
    const QAction *copy = view->actions().constFirst();
    QVERIFY(!copy->isEnabled());
    view->setCurrentIndex(view->model()->index(1, 0));
    QVERIFY(copy->isEnabled());
    page.findChild<QLineEdit *>()->setText(QStringLiteral("nowhere"));
    QVERIFY(!copy->isEnabled());
}

void LogPageTest::ringHoldsTheLastLines()
{
    LogTap tap;
    LogModel model;
    const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    tap.put(lines(1, 15'000));
    model.append(tap.fetch());
    tap.put(lines(15'001, 30'000));
    model.append(tap.fetch());
    QCOMPARE(model.rowCount(), 20'000);
    QVERIFY(text(&model, 0).endsWith(QStringLiteral("line 10001")));
    QVERIFY(text(&model, 19'999).endsWith(QStringLiteral("line 30000")));
    QCOMPARE(resets.size(), 0);

    LogModel small;
    const QAbstractItemModelTester tester(&small,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    tap.put(lines(1, 5));
    small.append(tap.fetch());
    small.append(tap.fetch());
    tap.put(lines(6, 7));
    small.append(tap.fetch());
    QCOMPARE(small.rowCount(), 7);
}

void LogPageTest::levelsAreReadInBothFormats_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("level");
    const auto row = [](const char *name, const char *line, LineLevel level) {
        QTest::newRow(name) << QByteArray(line) << int(level);
    };
    row("an error as text", "2026-11-26T02:00:00.000Z ERROR cannot start", LineLevel::Error);
    row("news as text", "2026-11-26T02:00:00.000Z INFO  closed", LineLevel::Info);
    row("debug as text", "2026-11-26T02:00:00.000Z DEBUG state", LineLevel::Debug);
    row("a host called ERROR is none", "2026-11-26T02:00:00.000Z INFO  closed GET ERROR",
        LineLevel::Info);
    row("an error as JSON", R"({"time":"2026-11-26T02:00:00.000Z","level":"error","unit":"x"})",
        LineLevel::Error);
    row("debug as JSON", R"({"time":"2026-11-26T02:00:00.000Z","level":"debug","unit":"x"})",
        LineLevel::Debug);
    row("something else", "what", LineLevel::Info);
    row("nothing", "", LineLevel::Info);
}

void LogPageTest::levelsAreReadInBothFormats()
{
    QFETCH(QByteArray, line);
    QFETCH(int, level);
    LogModel model;
    model.append({ { line }, 0 });
    QCOMPARE(model.index(0).data(LogModel::LevelRole).toInt(), level);
}

void LogPageTest::whatIsLostIsSaid()
{
    LogModel model;
    LogFilter filter;
    filter.setSourceModel(&model);
    model.append({ { "one" }, 0 });
    model.append({ { "two" }, 37 });
    QCOMPARE(model.rowCount(), 3);
    QVERIFY(text(&model, 1).contains(QStringLiteral("37 line")));
    filter.setText(QStringLiteral("two"));
    QCOMPARE(filter.rowCount(), 2); // a search must not hide that lines are missing
}

void LogPageTest::levelAndWordsFilter()
{
    LogTap tap;
    tap.put(lines(1, 3, "ERROR") + lines(4, 6) + lines(7, 9, "DEBUG"));
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    const QAbstractItemModel *shown = page.view()->model();
    QCOMPARE(shown->rowCount(), 9);
    page.findChild<QComboBox *>()->setCurrentIndex(1);
    QCOMPARE(shown->rowCount(), 6);
    page.findChild<QComboBox *>()->setCurrentIndex(2);
    QCOMPARE(shown->rowCount(), 3);
    page.findChild<QLineEdit *>()->setText(QStringLiteral("LINE 3"));
    QCOMPARE(shown->rowCount(), 1);
}

void LogPageTest::linesWaitWhileHidden()
{
    LogTap tap;
    LogPage page(m_rig.controller, tap, dialogs());
    tap.put(lines(1, 3));
    m_rig.controller.tick();
    QCOMPARE(page.view()->model()->rowCount(), 0);
    page.show();
    QCOMPARE(page.view()->model()->rowCount(), 3);
    page.hide();
    tap.put(lines(4, 5));
    m_rig.controller.tick();
    QCOMPARE(page.view()->model()->rowCount(), 3);
}

void LogPageTest::followsUntilOneScrollsUp()
{
    LogTap tap;
    LogPage page(m_rig.controller, tap, dialogs());
    page.resize(600, 300);
    page.show();
    QScrollBar *bar = page.view()->verticalScrollBar();
    auto *follow = page.findChild<QCheckBox *>();
    for (int i = 0; i < 5; ++i) {
        tap.put(lines(100 * i, 100 * i + 99));
        m_rig.controller.tick();
        QCOMPARE(bar->value(), bar->maximum());
        QVERIFY(follow->isChecked());
    }
    QVERIFY(bar->maximum() > 100);
    bar->setValue(50);
    QVERIFY(!follow->isChecked());
    tap.put(lines(500, 599));
    m_rig.controller.tick();
    QCoreApplication::processEvents();
    QCOMPARE(bar->value(), 50);
    follow->click();
    QCOMPARE(bar->value(), bar->maximum());
    bar->setValue(50);
    bar->setValue(bar->maximum());
    QVERIFY(follow->isChecked());
}

void LogPageTest::whatIsReadStays()
{
    LogTap tap;
    LogPage page(m_rig.controller, tap, dialogs());
    page.resize(600, 300);
    tap.put(lines(1, 20'000));
    page.show();
    page.view()->verticalScrollBar()->setValue(10'000);
    const QString top = page.view()->indexAt({ 1, 1 }).data().toString();
    QVERIFY(!top.isEmpty());
    for (int i = 0; i < 3; ++i) {
        tap.put(lines(1, 500)); // as many drop out at the other end
        m_rig.controller.tick();
        QCoreApplication::processEvents();
    }
    QCOMPARE(page.view()->indexAt({ 1, 1 }).data().toString(), top);
}

void LogPageTest::copiesAndSavesWhatIsShown()
{
    LogTap tap;
    tap.put(lines(1, 3, "ERROR") + lines(4, 6));
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    page.findChild<QComboBox *>()->setCurrentIndex(2);
    page.view()->selectAll();
    page.view()->actions().first()->trigger();
    QCOMPARE(QApplication::clipboard()->text().count(QLatin1Char('\n')), 2);
    QTemporaryDir folder;
    m_path = folder.filePath(QStringLiteral("out.log"));
    page.findChild<QPushButton *>()->click();
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), lines(1, 3, "ERROR"));
}

namespace {

const QByteArray accessLine =
    "2026-11-26T02:00:00.000Z INFO  closed id=17 client=192.0.2.7 user=alice CONNECT "
    "api.example.com:443 status=200 up=1842 down=48211 dial=31ms first_byte=412ms silence=4m02s "
    "duration=4m11s by=upstream how=reset\n";

} // namespace

void LogPageTest::whatHappenedStandsFirstAndNothingIsBesideTheView()
{
    LogTap tap;
    tap.put(accessLine);
    LogPage page(m_rig.controller, tap, dialogs());
    page.resize(300, 300);
    page.show();
    const QString row = page.view()->model()->index(0, 0).data().toString();
    const qsizetype cause = row.indexOf(QStringLiteral("cut the connection after 4m 11s"));
    QVERIFY2(cause > 0, qPrintable(row));
    QVERIFY(cause < row.indexOf(QStringLiteral("api.example.com")));
    QVERIFY(cause < row.indexOf(QStringLiteral("status=200")));
    QVERIFY2(!row.contains(QLatin1Char('Z')), qPrintable(row)); // no UTC
    QVERIFY(page.view()->visualRect(page.view()->model()->index(0, 0)).width()
            <= page.view()->viewport()->width());
    QCOMPARE(page.view()->horizontalScrollBar()->maximum(), 0);
}

void LogPageTest::theChosenLineIsReadAsAWhole()
{
    LogTap tap;
    tap.put(accessLine + lines(1, 1));
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    page.view()->setCurrentIndex(page.view()->model()->index(0, 0));
    for (const char *part : { "2026-11-2", "reset", "status=200", "first_byte=412ms" })
        QVERIFY2(page.whole()->toPlainText().contains(QLatin1StringView(part)), part);
    QVERIFY(page.whole()->isReadOnly());
    page.view()->setCurrentIndex(page.view()->model()->index(1, 0));
    QVERIFY(page.whole()->toPlainText().endsWith(QStringLiteral("line 1")));
}

void LogPageTest::wordsOfTheWindowAndOfThePapersAreFound()
{
    LogTap tap;
    tap.put(accessLine + lines(1, 3));
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    for (const char *words :
         { "how=reset", "by=upstream", "cut the connection", "192.0.2.7 alice" }) {
        page.search(QLatin1StringView(words));
        QCOMPARE(page.view()->model()->rowCount(), 1);
    }
    page.findChild<QComboBox *>()->setCurrentIndex(2);
    page.search(QStringLiteral("api.example.com"));
    QCOMPARE(page.view()->model()->rowCount(), 1); // at any level
}

void LogPageTest::copyTakesWholeLines()
{
    LogTap tap;
    tap.put(accessLine);
    LogPage page(m_rig.controller, tap, dialogs());
    page.resize(200, 200);
    page.show();
    page.view()->selectAll();
    page.view()->actions().first()->trigger();
    const QString copied = QApplication::clipboard()->text();
    QVERIFY2(copied.contains(QStringLiteral("first_byte=412ms")), qPrintable(copied));
    QVERIFY2(copied.startsWith(QStringLiteral("2026-11-2")), qPrintable(copied));
    page.view()->actions().at(1)->trigger();
    QCOMPARE(QApplication::clipboard()->text(), QString::fromUtf8(accessLine).trimmed());
}

void LogPageTest::logFilesAreSwitchedHere()
{
    QTemporaryDir folder;
    LogTap tap;
    tap.files().setFolder(folder.filePath(QStringLiteral("logs")));
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    const QSignalSpy changes(&page, &LogPage::keepFilesChanged);
    QVERIFY(!page.keepFiles()->isChecked());
    QVERIFY(!page.openFolder()->isVisible());
    page.keepFiles()->click();
    QVERIFY(tap.files().isOn());
    QVERIFY(page.openFolder()->isVisible());
    QVERIFY(page.filesLine()->text().contains(QStringLiteral("5.0 MB")));
    tap.put(accessLine);
    QVERIFY(QFile::exists(tap.files().path()));
    page.keepFiles()->click();
    QVERIFY(!tap.files().isOn());
    QCOMPARE(changes.size(), 2);
}

void LogPageTest::whatIsWrongWithTheFilesIsSaid()
{
    QTemporaryDir folder;
    QFile obstacle(folder.filePath(QStringLiteral("logs")));
    QVERIFY(obstacle.open(QIODevice::WriteOnly));
    LogTap tap;
    tap.files().setFolder(obstacle.fileName());
    tap.files().setOn(true);
    tap.put(accessLine);
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    QVERIFY2(page.filesLine()->text().startsWith(QStringLiteral("The folder cannot be created")),
             qPrintable(page.filesLine()->text()));
    QCOMPARE(page.view()->model()->rowCount(), 1); // the window shows the line nevertheless
}

void LogPageTest::theFolderOpens()
{
    QTemporaryDir folder;
    LogTap tap;
    tap.files().setFolder(folder.filePath(QStringLiteral("logs")));
    tap.files().setOn(true);
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "handleUrl");
    page.openFolder()->click(); // there is none before the first line
    QCOMPARE(m_complaints.size(), 1);
    QVERIFY(m_opened.isEmpty());
    tap.put(accessLine);
    page.openFolder()->click();
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
    QCOMPARE(m_opened, QList<QUrl> { QUrl::fromLocalFile(tap.files().folder()) });
    QCOMPARE(m_complaints.size(), 1);
}

void LogPageTest::aFullLogIsSearched()
{
    LogTap tap;
    for (int i = 0; i < int(LogTap::capacity); ++i)
        tap.put(accessLine);
    LogPage page(m_rig.controller, tap, dialogs());
    page.show();
    page.search(QStringLiteral("nowhere"));
    QCOMPARE(page.view()->model()->rowCount(), 0);
}

QTEST_MAIN(LogPageTest)
#include "tst_logpage.moc"
