// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/connectionsmodel.h"
#include "gui/models/recentmodel.h"
#include "gui/widgets/cutmark.h"
#include "gui/widgets/detailspane.h"
#include "gui/widgets/recentpane.h"
#include "guirig.h"
#include "presses.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include <cmath>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using account::EndedBy;
using account::EndedHow;

namespace {

/// Relative luminance (WCAG 2.1).
double luminance(const QColor &colour)
{
    const auto linear = [](double part) {
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &left, const QColor &right)
{
    const double a = luminance(left) + 0.05;
    const double b = luminance(right) + 0.05;
    return a > b ? a / b : b / a;
}

QPalette dark()
{
    QPalette palette(QColor(0x31, 0x36, 0x3b), QColor(0x2a, 0x2e, 0x32));
    palette.setColor(QPalette::Base, QColor(0x1b, 0x1e, 0x20));
    palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x26, 0x29));
    palette.setColor(QPalette::Text, Qt::white);
    return palette;
}

QPalette light()
{
    QPalette palette(QColor(0xef, 0xf0, 0xf1), QColor(0xef, 0xf0, 0xf1));
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::AlternateBase, QColor(0xf4, 0xf4, 0xf4));
    palette.setColor(QPalette::Text, Qt::black);
    return palette;
}

} // namespace

class RecentCutsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void eachEndingCanBeShownAlone_data();
    void eachEndingCanBeShownAlone();
    void aFilterGoesOnForWhatComes();
    void exportSaysWhoCut();
    void cutsAreMarkedOnEveryGround_data();
    void cutsAreMarkedOnEveryGround();
    void detailsOfACutStreamAreMarked();
    void menuFiltersByWhatTheRowHas_data();
    void menuFiltersByWhatTheRowHas();
    void menuCopiesTheCell();
    void menuUndoesARefusal();
    void menuAllowsOnlyWhatCanBeAllowed_data();
    void menuAllowsOnlyWhatCanBeAllowed();
    void keyboardOpensTheMenuOfTheCurrentRow();
    void eachKeyOfTheMenuIsOneAction();
    void userCanBeShown();

private:
    [[nodiscard]] Dialogs dialogs();
    [[nodiscard]] static account::FinishedWork work(quint64 id, EndedBy by, EndedHow how,
                                                    const QByteArray &reason);
    [[nodiscard]] int rowOf(quint64 id) const;
    /// The context menu at that row and column, with its pane shown.
    [[nodiscard]] QMenu *menuAt(quint64 id, int column);
    [[nodiscard]] static QAction *actionOf(const QMenu *menu, const QString &text);

    std::unique_ptr<GuiRig> m_rig;
    std::unique_ptr<RecentModel> m_model;
    std::unique_ptr<RecentPane> m_pane;
    QString m_path;
    int m_questions = 0;
};

Dialogs RecentCutsTest::dialogs()
{
    return { [this](QWidget *, const Question &) {
                ++m_questions;
                return std::optional(0);
            },
             [this](QWidget *, const QString &, const QString &) { return m_path; },
             [](QWidget *, const QString &, const QString &) {} };
}

account::FinishedWork RecentCutsTest::work(quint64 id, EndedBy by, EndedHow how,
                                           const QByteArray &reason)
{
    account::FinishedWork work = FakeEngine::makeWork(id, "api.example.com");
    work.ending.by = by;
    work.ending.how = how;
    work.ending.reason = account::Reason::ofCode(reason);
    return work;
}

void RecentCutsTest::init()
{
    m_questions = 0;
    m_pane.reset();
    m_rig = std::make_unique<GuiRig>();
    m_model = std::make_unique<RecentModel>();
    QList<account::FinishedWork> works {
        work(1, EndedBy::Upstream, EndedHow::Complete, {}),
        work(2, EndedBy::Upstream, EndedHow::Fin, "response_incomplete"),
        work(3, EndedBy::Client, EndedHow::Reset, {}),
        work(4, EndedBy::Proxy, EndedHow::Refused, "port_not_listed"),
        work(5, EndedBy::Proxy, EndedHow::DialFailed, "name_not_found"),
        work(6, EndedBy::Client, EndedHow::Fin, {}),
        work(7, EndedBy::Proxy, EndedHow::Refused, "loop"),
    };
    works[1].user = "alice";
    works[1].endpoint.host = "llm.example.net";
    works[3].endpoint.port = 22;
    works[5].method.clear();
    works[5].endpoint = {};
    works[5].status = 0;
    m_model->merge(works);
    m_pane = std::make_unique<RecentPane>(m_model.get(), m_rig->controller, dialogs());
    m_pane->resize(1600, 400);
}

int RecentCutsTest::rowOf(quint64 id) const
{
    const QAbstractItemModel *shown = m_pane->table()->model();
    for (int row = 0; row < shown->rowCount(); ++row) {
        if (shown->index(row, RecentModel::Duration).data(RawRole) == qint64(id) * 1000)
            return row;
    }
    return -1;
}

QMenu *RecentCutsTest::menuAt(quint64 id, int column)
{
    m_pane->show();
    qDeleteAll(m_pane->findChildren<QMenu *>(QString(), Qt::FindDirectChildrenOnly));
    const QModelIndex index = m_pane->table()->model()->index(rowOf(id), column);
    m_pane->table()->setCurrentIndex(index);
    m_pane->table()->scrollTo(index);
    Q_EMIT m_pane->table()->customContextMenuRequested(m_pane->table()->visualRect(index).center());
    return m_pane->findChild<QMenu *>(QString(), Qt::FindDirectChildrenOnly);
}

QAction *RecentCutsTest::actionOf(const QMenu *menu, const QString &text)
{
    for (QAction *action : menu->actions()) {
        if (action->text().remove(u'&').startsWith(text))
            return action;
    }
    return nullptr;
}

void RecentCutsTest::eachEndingCanBeShownAlone_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<QList<quint64>>("ids");
    QTest::newRow("all") << u"All"_s << QList<quint64> { 7, 6, 5, 4, 3, 2, 1 };
    QTest::newRow("what was cut") << u"Cut (2)"_s << QList<quint64> { 3, 2 };
    QTest::newRow("what was refused") << u"Refused (2)"_s << QList<quint64> { 7, 4 };
    QTest::newRow("what was not reached") << u"Not reached (1)"_s << QList<quint64> { 5 };
    QTest::newRow("what was whole") << u"Complete (1)"_s << QList<quint64> { 1 };
    QTest::newRow("what nobody asked for") << u"No request (1)"_s << QList<quint64> { 6 };
}

void RecentCutsTest::eachEndingCanBeShownAlone()
{
    QFETCH(const QString, item);
    QFETCH(const QList<quint64>, ids);
    const int place = m_pane->endings()->findText(item);
    QVERIFY2(place >= 0, qPrintable(m_pane->endings()->itemText(1)));
    m_pane->endings()->setCurrentIndex(place);
    QCOMPARE(m_pane->table()->model()->rowCount(), int(ids.size()));
    for (qsizetype i = 0; i < ids.size(); ++i)
        QCOMPARE(rowOf(ids.at(i)), int(i));
}

void RecentCutsTest::aFilterGoesOnForWhatComes()
{
    m_pane->endings()->setCurrentIndex(m_pane->endings()->findText(u"Cut (2)"_s));
    m_pane->filterBy(u"llm"_s);
    QCOMPARE(m_pane->table()->model()->rowCount(), 1);
    m_pane->filterBy({});
    QList<account::FinishedWork> more = m_model->works();
    more.append(work(8, EndedBy::Upstream, EndedHow::Reset, "no_response"));
    more.append(work(9, EndedBy::Upstream, EndedHow::Complete, {}));
    m_model->merge(more);
    QCOMPARE(m_pane->table()->model()->rowCount(), 3);
    QCOMPARE(m_pane->endings()->currentText(), u"Cut (3)"_s);
}

void RecentCutsTest::exportSaysWhoCut()
{
    const QTemporaryDir folder;
    m_path = folder.filePath(u"out.csv"_s);
    m_pane->endings()->setCurrentIndex(m_pane->endings()->findText(u"Cut (2)"_s));
    click(m_pane->findChild<QPushButton *>());
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 4); // header, two rows, nothing
    QVERIFY2(lines.at(1).endsWith(",\"Cut by the client\",\"\"\r"), lines.at(1).constData());
    QVERIFY2(lines.at(2).endsWith("before its answer was complete, after 2.0 s\","
                                  "\"Cut by the server\",\"\"\r"),
             lines.at(2).constData());
}

void RecentCutsTest::cutsAreMarkedOnEveryGround_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << light();
    QTest::newRow("dark") << dark();
}

void RecentCutsTest::cutsAreMarkedOnEveryGround()
{
    QFETCH(const QPalette, palette);
    const QColor mark = CutMark::colour(palette);
    for (const auto ground : { QPalette::Base, QPalette::AlternateBase, QPalette::Window })
        QVERIFY2(contrast(mark, palette.color(ground)) >= 4.5,
                 qPrintable(palette.color(ground).name()));

    QTableView *table = m_pane->table();
    table->setPalette(palette);
    m_pane->show();
    const QImage image = table->viewport()->grab().toImage();
    const qreal ratio = image.devicePixelRatio();
    const auto marked = [&](quint64 id, int column) {
        const QRect cell = table->visualRect(table->model()->index(rowOf(id), column));
        int pixels = 0;
        for (int y = int(cell.top() * ratio); y < int(cell.bottom() * ratio); ++y) {
            for (int x = int(cell.left() * ratio); x < int(cell.right() * ratio); ++x)
                pixels += image.valid(x, y) && image.pixelColor(x, y) == mark;
        }
        return pixels;
    };
    for (const quint64 cut : { 2, 3 }) {
        QVERIFY2(marked(cut, RecentModel::Ending) > 10, "the sign and the word are not seen");
        QVERIFY(marked(cut, RecentModel::Why) > 0);
    }
    for (const quint64 other : { 1, 4, 5, 6 }) {
        QCOMPARE(marked(other, RecentModel::Ending), 0);
        QCOMPARE(marked(other, RecentModel::Why), 0);
    }
    // Words remain for those who see neither colour nor sign.
    QCOMPARE(table->model()->index(rowOf(2), RecentModel::Ending).data().toString(),
             u"Cut by the server"_s);
    QVERIFY(!table->isColumnHidden(RecentModel::Ending));
}

void RecentCutsTest::detailsOfACutStreamAreMarked()
{
    ConnectionsModel live;
    const auto connection = FakeEngine::makeConnection(50);
    live.synchronize({ connection }, Clock::now());
    DetailsPane details(live, *m_model);
    details.resize(800, 300);
    details.show();
    details.setConnection(50);
    const auto isMarked = [&details] {
        const auto labels = details.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text() == "Cut by the server"_L1;
        });
    };
    QVERIFY(!isMarked());
    live.synchronize({}, Clock::now());
    account::FinishedWork end = work(50, EndedBy::Upstream, EndedHow::Reset, {});
    end.finishedAt = WallClock::now();
    m_model->merge(m_model->works() + QList { end });
    details.refresh();
    QVERIFY(isMarked());
    details.setConnection(0);
    QVERIFY(!isMarked());
}

void RecentCutsTest::menuFiltersByWhatTheRowHas_data()
{
    QTest::addColumn<quint64>("id");
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("words");
    QTest::newRow("a destination")
        << quint64(2) << u"Only this destination"_s << u"llm.example.net"_s;
    QTest::newRow("a client") << quint64(3) << u"Only this client"_s << u"192.0.2.3"_s;
    QTest::newRow("a user") << quint64(2) << u"Only this user"_s << u"alice"_s;
    QTest::newRow("no user") << quint64(3) << u"Only this user"_s << QString();
    QTest::newRow("no destination") << quint64(6) << u"Only this destination"_s << QString();
}

void RecentCutsTest::menuFiltersByWhatTheRowHas()
{
    QFETCH(const quint64, id);
    QFETCH(const QString, action);
    QFETCH(const QString, words);
    QAction *chosen = actionOf(menuAt(id, RecentModel::Host), action);
    QVERIFY(chosen);
    QCOMPARE(chosen->isEnabled(), !words.isEmpty());
    trigger(chosen);
    QCOMPARE(m_pane->findChild<QLineEdit *>()->text(), words);
}

void RecentCutsTest::menuCopiesTheCell()
{
    QList<account::FinishedWork> works = m_model->works();
    works.append(work(8, EndedBy::Upstream, EndedHow::Complete, {}));
    works.last().endpoint.host = "a&b.example.com";
    m_model->merge(works);
    QAction *copy = actionOf(menuAt(8, RecentModel::Host), u"Copy “"_s);
    QVERIFY(copy);
    QCOMPARE(copy->text(), u"Copy “a&&b.example.com:443”"_s);
    trigger(copy);
    QCOMPARE(QApplication::clipboard()->text(), u"a&b.example.com:443"_s);
    trigger(actionOf(menuAt(8, RecentModel::Host), u"Copy"_s));
    QVERIFY(QApplication::clipboard()->text().contains(u"CONNECT"_s));
}

void RecentCutsTest::menuUndoesARefusal()
{
    QAction *allow = actionOf(menuAt(4, RecentModel::Why), u"Allow port 22"_s);
    QVERIFY(allow);
    QVERIFY(allow->isEnabled());
    trigger(allow);
    QCOMPARE(m_rig->engine->applied.size(), 1);
    QVERIFY(
        m_rig->controller.settings().access.allowedPorts.contains(policy::PortRange { 22, 22 }));
    QCOMPARE(m_questions, 0);
    QVERIFY2(!actionOf(menuAt(4, RecentModel::Why), u"Allow"_s), "it is allowed by now");
}

void RecentCutsTest::menuAllowsOnlyWhatCanBeAllowed_data()
{
    QTest::addColumn<quint64>("id");
    QTest::newRow("what was whole") << quint64(1);
    QTest::newRow("what was cut") << quint64(2);
    QTest::newRow("what was not reached") << quint64(5);
    QTest::newRow("a loop, which no setting allows") << quint64(7);
}

void RecentCutsTest::menuAllowsOnlyWhatCanBeAllowed()
{
    QFETCH(const quint64, id);
    QVERIFY(!actionOf(menuAt(id, RecentModel::Why), u"Allow"_s));
}

void RecentCutsTest::keyboardOpensTheMenuOfTheCurrentRow()
{
    m_pane->show();
    QTableView *table = m_pane->table();
    table->setFocus();
    const QModelIndex current = table->model()->index(rowOf(4), RecentModel::Time);
    table->setCurrentIndex(current);
    const QPoint place = table->visualRect(current).center();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, place,
                            table->viewport()->mapToGlobal(place));
    QApplication::sendEvent(table, &event);
    const auto *menu = m_pane->findChild<QMenu *>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(menu);
    QVERIFY(menu->isVisible());
    QVERIFY(actionOf(menu, u"Allow port 22"_s));
}

void RecentCutsTest::eachKeyOfTheMenuIsOneAction()
{
    for (const int column : { RecentModel::Host, RecentModel::User }) { // one with a value, one
                                                                        // without
        QSet<QString> keys;
        const QMenu *menu = menuAt(4, column);
        for (const QAction *action : menu->actions()) {
            const QString key = QKeySequence::mnemonic(action->text()).toString();
            QVERIFY2(key.isEmpty() || !keys.contains(key), qPrintable(action->text()));
            keys.insert(key);
        }
        QVERIFY(keys.size() > 5);
    }
}

void RecentCutsTest::userCanBeShown()
{
    QVERIFY(m_pane->table()->isColumnHidden(RecentModel::User));
    const QAction *columns = actionOf(menuAt(2, RecentModel::Host), u"Columns"_s);
    QVERIFY(columns && columns->menu());
    trigger(actionOf(columns->menu(), u"User"_s));
    QVERIFY(!m_pane->table()->isColumnHidden(RecentModel::User));
    QCOMPARE(m_pane->table()->model()->index(rowOf(2), RecentModel::User).data().toString(),
             u"alice"_s);
    RecentPane other(m_model.get(), m_rig->controller, dialogs());
    other.restoreLayout(m_pane->saveLayout());
    QVERIFY(!other.table()->isColumnHidden(RecentModel::User));
}

QTEST_MAIN(RecentCutsTest)
#include "tst_recentcuts.moc"
