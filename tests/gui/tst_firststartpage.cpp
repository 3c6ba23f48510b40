// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "gui/text/testwording.h"
#include "gui/widgets/firststartpage.h"
#include "proxyrig.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QToolButton>

using namespace sami::gui;
using namespace Qt::StringLiterals;
using sami::test::ProxyRig;

namespace {

const QByteArrayList password { "--auth-username=ann", "--auth-password=correct horse" };

QList<QHostAddress> machine()
{
    return { QHostAddress(u"127.0.0.1"_s), QHostAddress(u"192.0.2.7"_s) };
}

/// The field that belongs to that label.
QLineEdit *field(const FirstStartPage &page, const QString &caption)
{
    for (const QLabel *label : page.findChildren<QLabel *>()) {
        if (label->text() == caption)
            return qobject_cast<QLineEdit *>(label->buddy());
    }
    return nullptr;
}

template <typename Widget> Widget *named(const FirstStartPage &page, const QString &accessibleName)
{
    for (Widget *widget : page.findChildren<Widget *>()) {
        if (widget->accessibleName() == accessibleName)
            return widget;
    }
    return nullptr;
}

QPushButton *testButton(const FirstStartPage &page)
{
    for (QPushButton *button : page.findChildren<QPushButton *>()) {
        if (button->text() == u"&Test"_s || button->text() == u"&Cancel"_s)
            return button;
    }
    return nullptr;
}

QLabel *stageLabel(const FirstStartPage &page, TestStage stage)
{
    for (QLabel *label : page.findChildren<QLabel *>()) {
        if (label->text().contains(TestWording::stage(stage)))
            return label;
    }
    return nullptr;
}

QString outcome(const FirstStartPage &page)
{
    return named<QLabel>(page, u"Result of the test"_s)->text();
}

} // namespace

class FirstStartPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheValues();
    void withoutPasswordTheFieldsAreEmpty();
    void whereEachUserHasAPasswordItIsNotSaidThatThereIsNone();
    void thePasswordIsHiddenUntilAskedFor();
    void copyButtons_data();
    void copyButtons();
    void aCopiedPasswordIsMarked();
    void anotherComputer();
    void onlyThisComputer();
    void newSettingsAreShown();
    void nothingIsSentBeforeTheClick();
    void theTestShowsItsStages();
    void aLongResultIsSeenWhole();
    void aLongNameDoesNotWidenThePage();
    void theTestCanBeCancelled();
    void closingEndsTheTest();
    void everyControlHasAName();

    void isShownAtTheFirstStart();
    void isNotShownAgain();
    void isShownAgainWhenWanted();
    void isNotShownAtAMinimizedStart();
    void theMenuOpensIt();

private:
    static std::unique_ptr<FirstStartPage> page(ProxyRig &rig);
};

std::unique_ptr<FirstStartPage> FirstStartPageTest::page(ProxyRig &rig)
{
    auto result = std::make_unique<FirstStartPage>(*rig.controller, nullptr, machine);
    result->show();
    return result;
}

void FirstStartPageTest::showsTheValues()
{
    ProxyRig rig(password);
    start(*rig.controller);
    const auto page = FirstStartPageTest::page(rig);
    QCOMPARE(field(*page, u"Host"_s)->text(), u"127.0.0.1"_s);
    QCOMPARE(field(*page, u"Port"_s)->text(),
             QString::number(rig.controller->listenAddress().port));
    QCOMPARE(field(*page, u"Type"_s)->text(), u"http"_s);
    QCOMPARE(field(*page, u"Username"_s)->text(), u"ann"_s);
    QCOMPARE(field(*page, u"Password"_s)->text(), u"correct horse"_s);
}

void FirstStartPageTest::withoutPasswordTheFieldsAreEmpty()
{
    ProxyRig rig;
    const auto page = FirstStartPageTest::page(rig);
    QCOMPARE(field(*page, u"Username"_s)->text(), QString());
    QVERIFY(!field(*page, u"Password"_s)->placeholderText().isEmpty());
    QVERIFY(!named<QToolButton>(*page, u"Show the password"_s)->isEnabled());
    // Nothing to copy yet.
    const QStringList secrets { u"Copy: Username"_s, u"Copy: Password"_s };
    for (const QString &name : secrets)
        QVERIFY2(!named<QToolButton>(*page, name)->isEnabled(), qPrintable(name));
    QVERIFY(named<QToolButton>(*page, u"Copy: Host"_s)->isEnabled());
    sami::config::Settings settings = rig.controller->settings();
    settings.access.credentials = { "ann", "correct horse" };
    QVERIFY(applied(*rig.controller, settings));
    for (const QString &name : secrets)
        QVERIFY2(named<QToolButton>(*page, name)->isEnabled(), qPrintable(name));
}

void FirstStartPageTest::whereEachUserHasAPasswordItIsNotSaidThatThereIsNone()
{
    ProxyRig rig({ "--users-file=/not/there" }); // it is not started
    const auto page = FirstStartPageTest::page(rig);
    for (const QString &name : { u"Username"_s, u"Password"_s })
        QCOMPARE(field(*page, name)->placeholderText(), u"each user's own"_s);
}

void FirstStartPageTest::thePasswordIsHiddenUntilAskedFor()
{
    ProxyRig rig(password);
    const auto page = FirstStartPageTest::page(rig);
    const QLineEdit *edit = field(*page, u"Password"_s);
    QVERIFY(!edit->displayText().contains(u"horse"_s));
    auto *show = named<QToolButton>(*page, u"Show the password"_s);
    show->click();
    QCOMPARE(edit->displayText(), u"correct horse"_s);
    show->click();
    QVERIFY(!edit->displayText().contains(u"horse"_s));
}

void FirstStartPageTest::copyButtons_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("copied");
    QTest::newRow("host") << u"Host"_s << u"127.0.0.1"_s;
    QTest::newRow("type") << u"Type"_s << u"http"_s;
    QTest::newRow("user name") << u"Username"_s << u"ann"_s;
    QTest::newRow("password, though it is hidden") << u"Password"_s << u"correct horse"_s;
}

void FirstStartPageTest::copyButtons()
{
    QFETCH(const QString, value);
    QFETCH(const QString, copied);
    ProxyRig rig(password);
    const auto page = FirstStartPageTest::page(rig);
    named<QToolButton>(*page, u"Copy: "_s + value)->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), copied);
}

void FirstStartPageTest::aCopiedPasswordIsMarked()
{
    const auto mark = [] {
        return QGuiApplication::clipboard()->mimeData()->data(u"x-kde-passwordManagerHint"_s);
    };
    ProxyRig rig(password);
    const auto page = FirstStartPageTest::page(rig);
    named<QToolButton>(*page, u"Copy: Password"_s)->click();
    QCOMPARE(mark(), QByteArray("secret"));
    named<QToolButton>(*page, u"Copy: Username"_s)->click();
    QCOMPARE(mark(), QByteArray());
}

void FirstStartPageTest::anotherComputer()
{
    ProxyRig rig({ "--address=0.0.0.0" });
    const auto page = FirstStartPageTest::page(rig);
    QCOMPARE(field(*page, u"Host"_s)->text(), u"127.0.0.1"_s);
    auto *place = page->findChildren<QComboBox *>().first();
    QVERIFY(place->isEnabled());
    place->setCurrentIndex(1);
    QCOMPARE(field(*page, u"Host"_s)->text(), u"192.0.2.7"_s);
}

void FirstStartPageTest::onlyThisComputer()
{
    ProxyRig rig;
    const auto page = FirstStartPageTest::page(rig);
    QVERIFY(!page->findChildren<QComboBox *>().first()->isEnabled());
}

void FirstStartPageTest::newSettingsAreShown()
{
    ProxyRig rig;
    const auto page = FirstStartPageTest::page(rig);
    sami::config::Settings settings = rig.controller->settings();
    settings.access.credentials = { "bob", "another horse" };
    QVERIFY(applied(*rig.controller, settings));
    QCOMPARE(field(*page, u"Username"_s)->text(), u"bob"_s);
}

void FirstStartPageTest::nothingIsSentBeforeTheClick()
{
    ProxyRig rig;
    start(*rig.controller);
    const auto page = FirstStartPageTest::page(rig);
    QTest::keyClick(page.get(), Qt::Key_Return);
    QCOMPARE(testButton(*page)->text(), u"&Test"_s);
    named<QComboBox>(*page, u"Provider to test"_s)->setCurrentIndex(1);
    QTest::keyClick(named<QLineEdit>(*page, u"Address to test"_s), Qt::Key_Return);
    QCoreApplication::processEvents();
    QCOMPARE(testButton(*page)->text(), u"&Test"_s);
    QVERIFY(page->isVisible());
    QCOMPARE(rig.controller->snapshot().connections.size(), 0);
}

void FirstStartPageTest::theTestShowsItsStages()
{
    QTcpServer origin;
    connect(&origin, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = origin.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            socket->readAll();
            socket->write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        });
    });
    QVERIFY(origin.listen(QHostAddress::LocalHost));
    ProxyRig rig(password);
    start(*rig.controller);
    const auto page = FirstStartPageTest::page(rig);
    auto *target = named<QComboBox>(*page, u"Provider to test"_s);
    target->setCurrentIndex(target->count() - 1);
    auto *url = named<QLineEdit>(*page, u"Address to test"_s);
    QVERIFY(!url->isReadOnly());
    url->setText(u"http://127.0.0.1:%1/"_s.arg(origin.serverPort()));
    testButton(*page)->click();
    QCOMPARE(testButton(*page)->text(), u"&Cancel"_s);
    QTRY_VERIFY(!outcome(*page).isEmpty());
    QVERIFY2(outcome(*page).contains(u"all is well"_s), qPrintable(outcome(*page)));
    QCOMPARE(testButton(*page)->text(), u"&Test"_s);
    QVERIFY(stageLabel(*page, TestStage::SignIn)->text().contains(u"good"_s));
    QVERIFY(stageLabel(*page, TestStage::Tls)->text().contains(u"not needed"_s));
    QVERIFY(stageLabel(*page, TestStage::Http)->text().contains(u"good"_s));
}

void FirstStartPageTest::aLongResultIsSeenWhole()
{
    ProxyRig rig({ "--allowed-hosts=example.org" });
    start(*rig.controller);
    const auto page = FirstStartPageTest::page(rig);
    auto *label = named<QLabel>(*page, u"Result of the test"_s);
    QFont large = label->font();
    large.setPointSize(2 * large.pointSize());
    label->setFont(large);
    const QSize before = page->size();
    testButton(*page)->click();
    QTRY_VERIFY(!label->text().isEmpty());
    QTRY_VERIFY(label->height() >= label->heightForWidth(label->width()));
    QCOMPARE(page->width(), before.width());
    QVERIFY(page->height() > before.height());
}

void FirstStartPageTest::aLongNameDoesNotWidenThePage()
{
    ProxyRig rig({ "--connect-timeout-ms=1000" });
    start(*rig.controller);
    const auto page = FirstStartPageTest::page(rig);
    const int before = page->width();
    auto *target = named<QComboBox>(*page, u"Provider to test"_s);
    target->setCurrentIndex(target->count() - 1);
    named<QLineEdit>(*page, u"Address to test"_s)
        ->setText(u"http://"_s + QString(60, u'a') + u'.' + QString(60, u'b') + u".invalid"_s);
    testButton(*page)->click();
    QTRY_VERIFY(outcome(*page).contains(u"was not found"_s));
    QVERIFY2(outcome(*page).contains(u'…'), qPrintable(outcome(*page)));
    QCOMPARE(page->width(), before);
    QVERIFY(page->layout()->minimumSize().width() <= before);
}

void FirstStartPageTest::theTestCanBeCancelled()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    ProxyRig rig;
    start(*rig.controller);
    const auto page = FirstStartPageTest::page(rig);
    auto *target = named<QComboBox>(*page, u"Provider to test"_s);
    target->setCurrentIndex(target->count() - 1);
    named<QLineEdit>(*page, u"Address to test"_s)
        ->setText(u"http://127.0.0.1:%1/"_s.arg(silent.serverPort()));
    testButton(*page)->click();
    QTRY_VERIFY(silent.hasPendingConnections());
    testButton(*page)->click();
    QTRY_COMPARE(outcome(*page), u"✗ Cancelled."_s);
    QTRY_COMPARE(rig.controller->snapshot().connections.size(), 0);
}

void FirstStartPageTest::closingEndsTheTest()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    ProxyRig rig;
    start(*rig.controller);
    const auto page = FirstStartPageTest::page(rig);
    auto *target = named<QComboBox>(*page, u"Provider to test"_s);
    target->setCurrentIndex(target->count() - 1);
    named<QLineEdit>(*page, u"Address to test"_s)
        ->setText(u"http://127.0.0.1:%1/"_s.arg(silent.serverPort()));
    testButton(*page)->click();
    QTRY_VERIFY(silent.hasPendingConnections());
    page->close();
    QTRY_COMPARE(rig.controller->snapshot().connections.size(), 0);
}

void FirstStartPageTest::everyControlHasAName()
{
    ProxyRig rig(password);
    const auto page = FirstStartPageTest::page(rig);
    QSet<const QWidget *> labelled;
    for (const QLabel *label : page->findChildren<QLabel *>())
        labelled.insert(label->buddy());
    for (const QWidget *widget : page->findChildren<QWidget *>()) {
        const bool isControl = qobject_cast<const QLineEdit *>(widget)
            || qobject_cast<const QComboBox *>(widget) || qobject_cast<const QToolButton *>(widget);
        if (isControl && widget->focusPolicy() != Qt::NoFocus)
            QVERIFY2(!widget->accessibleName().isEmpty() || labelled.contains(widget),
                     widget->metaObject()->className());
    }
}

namespace {

/// The whole program over the rig's settings file, without a tray.
struct Program
{
    explicit Program(ProxyRig &rig)
        : app(*rig.store, std::make_unique<sami::server::ProxyServer>(), tap,
              { [] { return false; }, [](QWidget *, const Question &) { return std::optional(0); },
                [] {} })
    {}

    LogTap tap;
    TrayApplication app;
};

} // namespace

void FirstStartPageTest::isShownAtTheFirstStart()
{
    ProxyRig rig;
    Program program(rig);
    program.app.start(false);
    QVERIFY(program.app.firstSteps());
    QVERIFY(program.app.firstSteps()->isVisible());
    QVERIFY(!rig.store->preferences().firstStartDone);
    program.app.firstSteps()->close();
    QVERIFY(rig.store->preferences().firstStartDone);
    QTRY_VERIFY(!program.app.firstSteps());
}

void FirstStartPageTest::isNotShownAgain()
{
    ProxyRig rig;
    {
        Program first(rig);
        first.app.start(false);
        first.app.firstSteps()->close();
    }
    QVERIFY(rig.store->open());
    Program second(rig);
    second.app.start(false);
    QVERIFY(!second.app.firstSteps());
}

void FirstStartPageTest::isShownAgainWhenWanted()
{
    ProxyRig rig;
    Program program(rig);
    program.app.start(false);
    program.app.firstSteps()->findChild<QCheckBox *>()->setChecked(true);
    program.app.firstSteps()->close();
    QVERIFY(!rig.store->preferences().firstStartDone);
}

void FirstStartPageTest::isNotShownAtAMinimizedStart()
{
    ProxyRig rig;
    Program program(rig);
    program.app.start(true);
    QVERIFY(!program.app.firstSteps());
}

void FirstStartPageTest::theMenuOpensIt()
{
    ProxyRig rig;
    Program program(rig);
    program.app.start(true);
    program.app.actions().firstSteps->trigger();
    QVERIFY(program.app.firstSteps());
    const FirstStartPage *first = program.app.firstSteps();
    program.app.actions().firstSteps->trigger();
    QCOMPARE(program.app.firstSteps(), first);
}

QTEST_MAIN(FirstStartPageTest)
#include "tst_firststartpage.moc"
