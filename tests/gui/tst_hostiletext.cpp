// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Names, targets and reasons come from strangers, and must be shown as text everywhere. Qt renders
// what looks like HTML in tooltips, labels and message boxes, and HTML opens files.
#include "everywindow.h"
#include "gui/app/trayapplication.h"
#include "gui/models/connectionsmodel.h"
#include "gui/models/deniedmodel.h"
#include "gui/models/hosttotals.h"
#include "gui/models/logmodel.h"
#include "gui/models/recentmodel.h"
#include "gui/text/plaintext.h"
#include "gui/widgets/aboutdialog.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/dialogs.h"
#include "gui/widgets/settings/listeningpage.h"
#include "presses.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QSpinBox>
#include <QTest>
#include <QTextEdit>
#include <QTimer>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// A request target cannot contain U+0020, but HTML accepts other blanks.
const QString hostile = u"<img\u3000src='file:///etc/hostname'>"_s;
constexpr auto trace = "file:///etc/hostname"_L1;

/// What was examined, and which of it a widget would render as HTML.
struct Findings
{
    QStringList rich;
    int hostileTexts = 0;

    void look(const QString &where, const QString &text)
    {
        hostileTexts += text.contains(trace) ? 1 : 0;
        if (Qt::mightBeRichText(text))
            rich.append(where + u": "_s + text);
    }
};

/// Every role that Qt knows except those that views paint, which they do as plain text.
void lookAtRoles(const QString &where, const std::function<QVariant(int)> &data, Findings &found)
{
    for (int role = 0; role < Qt::UserRole; ++role) {
        if (role == Qt::DisplayRole || role == Qt::EditRole)
            found.hostileTexts += data(role).toString().contains(trace) ? 1 : 0;
        else if (const QVariant value = data(role); value.typeId() == QMetaType::QString)
            found.look(where + u", role %1"_s.arg(role), value.toString());
    }
}

void lookAt(const QAbstractItemModel &model, Findings &found)
{
    const QString name = QString::fromLatin1(model.metaObject()->className());
    for (int column = 0; column < model.columnCount(); ++column) {
        lookAtRoles(
            u"%1, header %2"_s.arg(name).arg(column),
            [&](int role) { return model.headerData(column, Qt::Horizontal, role); }, found);
        for (int row = 0; row < model.rowCount(); ++row) {
            const QModelIndex index = model.index(row, column);
            lookAtRoles(
                u"%1, row %2, column %3"_s.arg(name).arg(row).arg(column),
                [&](int role) { return index.data(role); }, found);
        }
    }
}

void lookAt(const QObject &object, Findings &found)
{
    const QString name = QString::fromLatin1(object.metaObject()->className()) + u" '"_s
        + object.objectName() + u'\'';
    if (const auto *label = qobject_cast<const QLabel *>(&object)) {
        found.hostileTexts += label->text().contains(trace) ? 1 : 0;
        if (label->textFormat() != Qt::PlainText && !label->text().isEmpty())
            found.rich.append(name + u" is not Qt::PlainText: "_s + label->text());
    }
    if (qobject_cast<const QTextEdit *>(&object))
        found.rich.append(name + u" takes HTML"_s);
    if (const auto *action = qobject_cast<const QAction *>(&object)) {
        found.look(name + u", tooltip"_s, action->toolTip());
        found.look(name + u", status tip"_s, action->statusTip());
        found.look(name + u", what's this"_s, action->whatsThis());
    }
    if (const auto *widget = qobject_cast<const QWidget *>(&object)) {
        found.look(name + u", title"_s, widget->windowTitle());
        found.look(name + u", tooltip"_s, widget->toolTip());
        found.look(name + u", status tip"_s, widget->statusTip());
        found.look(name + u", what's this"_s, widget->whatsThis());
        found.look(name + u", name"_s, widget->accessibleName());
        found.look(name + u", description"_s, widget->accessibleDescription());
    }
    if (const auto *view = qobject_cast<const QAbstractItemView *>(&object)) {
        if (view->model())
            lookAt(*view->model(), found);
    }
}

void lookAtAllOf(const QObject &window, Findings &found)
{
    lookAt(window, found);
    for (const QObject *object : window.findChildren<QObject *>())
        lookAt(*object, found);
}

QByteArray octets()
{
    return hostile.toUtf8();
}

account::ConnectionSnapshot hostileConnection()
{
    account::ConnectionSnapshot row = FakeEngine::makeConnection(1);
    row.user = row.method = row.endpoint.host = row.target = octets();
    return row;
}

QList<account::FinishedWork> hostileWorks()
{
    QList<account::FinishedWork> works;
    for (int how = 0; how <= int(account::EndedHow::Closed); ++how) {
        account::FinishedWork work = FakeEngine::makeWork(quint64(100 + how), octets());
        work.user = work.method = work.target = octets();
        work.ending.how = account::EndedHow(how);
        works.append(work);
    }
    return works;
}

QList<account::RefusalRow> hostileRefusals()
{
    QList<account::RefusalRow> rows;
    for (const QByteArray &reason :
         { octets(), "host_not_listed"_ba, "private_target"_ba, "credentials_wrong"_ba })
        rows.append(FakeEngine::makeRefusal("192.0.2.1", octets(), 443, reason));
    return rows;
}

/// Strangers' work in every table, and errors that quote their input.
void fill(EveryWindow &windows)
{
    FakeEngine &engine = windows.engine();
    engine.connections = { hostileConnection() };
    engine.finished = hostileWorks();
    engine.refused = hostileRefusals();
    engine.startError = u"cannot listen on 127.0.0.1:8080: "_s + hostile;
    engine.applyError = u"%1: cannot be read"_s.arg(hostile);
}

} // namespace

class TstHostileText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noToolTipIsRich();
    void modelsGiveNoHtml_data();
    void modelsGiveNoHtml();
    void windowsShowText_data();
    void windowsShowText();
    void aStartThatFailsIsText();
    void whatIsTypedIsText();
    void aboutIsText();
    void messageBoxesShowText_data();
    void messageBoxesShowText();
};

void TstHostileText::noToolTipIsRich()
{
    const QStringList pieces { u"<"_s,    u"&"_s, u"lt;"_s, u"b>"_s,     u"qt"_s, u"!--"_s,
                               u"?xml"_s, u"/"_s, u" "_s,   u"\u3000"_s, u"\n"_s, u">"_s };
    QStringList texts { QString() };
    int rich = 0;
    for (int length = 0; length < 4; ++length) {
        QStringList longer;
        for (const QString &text : texts) {
            for (const QString &piece : pieces)
                longer.append(text + piece);
        }
        texts = longer;
        for (const QString &text : texts) {
            rich += Qt::mightBeRichText(text) ? 1 : 0;
            QString shown = PlainText::toolTip(text);
            QVERIFY2(!Qt::mightBeRichText(shown), qPrintable(text));
            QCOMPARE(shown.remove(u'\u2060'), text);
            const QString notification = PlainText::notification(text);
            QVERIFY2(!notification.contains(u'<') && !notification.contains(u'>')
                         && !notification.contains(u"&lt;"_s),
                     qPrintable(text));
        }
    }
    QVERIFY(rich > 100);
}

using Model = std::function<std::unique_ptr<QAbstractItemModel>()>;
Q_DECLARE_METATYPE(Model)

void TstHostileText::modelsGiveNoHtml_data()
{
    QTest::addColumn<Model>("make");
    QTest::newRow("live connections") << Model([] {
        auto model = std::make_unique<ConnectionsModel>();
        model->synchronize({ hostileConnection() }, Clock::now());
        return model;
    });
    QTest::newRow("finished work") << Model([] {
        auto model = std::make_unique<RecentModel>();
        model->merge(hostileWorks());
        return model;
    });
    QTest::newRow("refusals") << Model([] {
        auto model = std::make_unique<DeniedModel>();
        model->synchronize(hostileRefusals(), {});
        return model;
    });
    QTest::newRow("hosts") << Model([] {
        auto model = std::make_unique<HostTotals>();
        model->add(hostileWorks());
        model->synchronize({ hostileConnection() });
        return model;
    });
    QTest::newRow("the log") << Model([] {
        auto model = std::make_unique<LogModel>();
        model->append({ { "2026-01-02T03:04:05.678Z INFO  access target=" + octets() }, 0 });
        return model;
    });
}

void TstHostileText::modelsGiveNoHtml()
{
    QFETCH(const Model, make);
    const std::unique_ptr<QAbstractItemModel> model = make();
    Findings found;
    lookAt(*model, found);
    QVERIFY(found.hostileTexts > 0);
    QVERIFY2(found.rich.isEmpty(), qPrintable(found.rich.join(u'\n')));
}

void TstHostileText::windowsShowText_data()
{
    EveryWindow::addRows();
}

void TstHostileText::windowsShowText()
{
    QFETCH(const int, view);
    EveryWindow windows;
    fill(windows);
    const QWidget *window = windows.showRow();
    Findings found;
    lookAtAllOf(*window, found);
    QVERIFY2(found.rich.isEmpty(), qPrintable(found.rich.join(u'\n')));
    const QString name = EveryWindow::views().at(view).name;
    const bool showsWork = name.startsWith(u"main, connections"_s) || name == u"main, denied"_s;
    QVERIFY(found.hostileTexts > 0 || !showsWork);
}

void TstHostileText::aStartThatFailsIsText()
{
    EveryWindow windows;
    fill(windows);
    windows.controller().stop();
    start(windows.controller());
    QCOMPARE(windows.controller().state(), ProxyState::Failed);
    windows.main().show();
    Findings found;
    lookAtAllOf(windows.main(), found);
    QVERIFY(found.hostileTexts > 0);
    QVERIFY2(found.rich.isEmpty(), qPrintable(found.rich.join(u'\n')));
}

void TstHostileText::whatIsTypedIsText()
{
    EveryWindow windows;
    windows.settings().show();
    fill(windows);
    const auto edits = windows.settings().findChildren<QLineEdit *>();
    QVERIFY(edits.size() > 10);
    windows.settings().pages()->setCurrentRow(1);
    for (QLineEdit *edit : edits)
        edit->setText(hostile);
    Findings typed;
    lookAtAllOf(windows.settings(), typed);
    QVERIFY2(typed.rich.isEmpty(), qPrintable(typed.rich.join(u'\n')));

    windows.settings().reload();
    windows.settings().listening()->port()->setValue(3128);
    QVERIFY(!applied(windows.settings()));
    Findings refused;
    lookAtAllOf(windows.settings(), refused);
    QVERIFY(refused.hostileTexts > 0);
    QVERIFY2(refused.rich.isEmpty(), qPrintable(refused.rich.join(u'\n')));

    for (QLineEdit *edit : windows.firstStart().findChildren<QLineEdit *>())
        edit->setText(hostile);
    Findings first;
    lookAtAllOf(windows.firstStart(), first);
    QVERIFY2(first.rich.isEmpty(), qPrintable(first.rich.join(u'\n')));
}

void TstHostileText::aboutIsText()
{
    const AboutDialog about;
    Findings found;
    lookAtAllOf(about, found);
    QVERIFY2(found.rich.isEmpty(), qPrintable(found.rich.join(u'\n')));
}

using Show = std::function<void(const QString &text)>;
Q_DECLARE_METATYPE(Show)

void TstHostileText::messageBoxesShowText_data()
{
    QTest::addColumn<Show>("show");
    QTest::newRow("a page's question") << Show([](const QString &text) {
        QVERIFY(!Dialogs::desktop().ask(nullptr, { text, text, { text } }));
    });
    QTest::newRow("a page's complaint")
        << Show([](const QString &text) { Dialogs::desktop().reportError(nullptr, text, text); });
    QTest::newRow("the program's question") << Show([](const QString &text) {
        QVERIFY(!TrayApplication::desktop().ask(nullptr, { text, text, { text } }));
    });
}

void TstHostileText::messageBoxesShowText()
{
    QFETCH(const Show, show);
    Findings found;
    QString shown;
    // exec() runs its event loop inside the call.
    QTimer::singleShot(0, this, [&] {
        auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
        if (!box)
            return;
        shown = box->text();
        for (const QObject *object : box->findChildren<QObject *>())
            lookAt(*object, found);
        box->reject();
    });
    show(hostile);
    QCOMPARE(shown, hostile);
    QVERIFY2(found.rich.isEmpty(), qPrintable(found.rich.join(u'\n')));
}

QTEST_MAIN(TstHostileText)
#include "tst_hostiletext.moc"
