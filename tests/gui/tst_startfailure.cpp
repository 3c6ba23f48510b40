// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The proxy cannot start: the window's message, and the buttons that help.
#include "config/optiontable.h"
#include "everywindow.h"
#include "gui/app/trayapplication.h"
#include "gui/control/freeport.h"
#include "gui/control/portholder.h"
#include "gui/text/coretext.h"
#include "gui/text/fieldnames.h"
#include "gui/widgets/failurestrip.h"
#include "guirig.h"
#include "presses.h"
#include "server/proxyserver.h"
#include "settingsfixture.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

/// A real core with this `address` and `port` in its settings file.
struct RealProxy
{
    RealProxy(const QString &address, quint16 port, const QStringList &flags = {})
        : store({ file.path(), {}, config::parseCommandLine(flags) }),
          isOpen(isWritten(address, port)),
          controller(std::make_unique<server::ProxyServer>(), store)
    {
        QObject::connect(&controller, &ProxyController::noticed, &controller,
                         [this](const Notice &notice) { notices.append(notice.kind); });
    }

    SettingsFixture file;
    SettingsStore store;
    bool isOpen;
    QList<Notice::Kind> notices;
    ProxyController controller;

private:
    bool isWritten(const QString &address, quint16 port)
    {
        file.write(u"address = %1\nport = %2\n"_s.arg(address).arg(port).toUtf8());
        return bool(store.open());
    }
};

/// Whether the text contains the name of an environment variable.
bool hasVariable(const QString &text)
{
    static const QRegularExpression variable(u"[A-Z]{2,}_[A-Z]"_s);
    return text.contains(variable);
}

} // namespace

class TstStartFailure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTakenPortHasAWayOut();
    void aPortThatAFlagHoldsStays();
    void anAddressThatIsGoneHasAWayOut();
    void aPortOfTheAdministratorsHasAWayOut();
    void whatNobodyKnowsIsSaidAsItIs();
    void anotherReasonIsTold();
    void againIsSaidOfWhatRanBefore();
    void thePortsHolderIsNamedWhenItIsKnown();
    void aFreePortIsTriedAtTheSameAddress();
    void theButtonsAreThereWhileItFails();
    void theWayOutThatCannotBeSavedIsSaid();
    void theFirstPageHasTheButtonsToo();
    void theNoticeHasTheWindowsWords();
    void sentencesHaveTheFieldsNames_data();
    void sentencesHaveTheFieldsNames();
};

void TstStartFailure::aTakenPortHasAWayOut()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    RealProxy proxy(u"127.0.0.1"_s, other.serverPort());
    QVERIFY(proxy.isOpen);
    start(proxy.controller);
    QCOMPARE(proxy.controller.state(), ProxyState::Failed);
    const StartFailure failure = proxy.controller.failure();
    QCOMPARE(failure.kind, StartFailure::Kind::PortTaken);
    const QString said = StartFailureText::sentence(failure);
    QVERIFY2(said.contains(QString::number(other.serverPort())) && !hasVariable(said),
             qPrintable(said));
    QVERIFY(failure.wayOut && failure.wayOut->port > other.serverPort());
    QCOMPARE(StartFailureText::action(failure), u"Use port %1"_s.arg(failure.wayOut->port));
    QVERIFY(takenWayOut(proxy.controller));
    QCOMPARE(proxy.controller.state(), ProxyState::Running);
    QCOMPARE(proxy.controller.listenAddress(), *failure.wayOut);
    QVERIFY(proxy.file.read().contains("port = " + QByteArray::number(failure.wayOut->port)));
    QVERIFY(!proxy.controller.failure().wayOut);
}

void TstStartFailure::aPortThatAFlagHoldsStays()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    RealProxy proxy(u"127.0.0.1"_s, 0, { u"--port=%1"_s.arg(other.serverPort()) });
    start(proxy.controller);
    QCOMPARE(proxy.controller.failure().kind, StartFailure::Kind::PortTaken);
    QVERIFY(!proxy.controller.failure().wayOut);
    const QString said = StartFailureText::sentence(proxy.controller.failure());
    QVERIFY2(said.contains(u"--port"_s), qPrintable(said));
}

void TstStartFailure::anAddressThatIsGoneHasAWayOut()
{
    RealProxy proxy(u"192.0.2.1"_s, 0);
    start(proxy.controller);
    const StartFailure failure = proxy.controller.failure();
    QCOMPARE(failure.kind, StartFailure::Kind::NoSuchAddress);
    const QString said = StartFailureText::sentence(failure);
    QVERIFY2(said.contains(u"192.0.2.1"_s) && !hasVariable(said), qPrintable(said));
    // Fewer clients can reach it there, never more.
    QVERIFY(failure.wayOut && failure.wayOut->address.isLoopback());
    QVERIFY(takenWayOut(proxy.controller));
    QCOMPARE(proxy.controller.state(), ProxyState::Running);
}

void TstStartFailure::aPortOfTheAdministratorsHasAWayOut()
{
    GuiRig rig;
    config::Settings settings = rig.store.settings();
    settings.listen.port = 80;
    QVERIFY(applied(rig.controller, settings));
    rig.controller.stop();
    rig.engine->startError = u"127.0.0.1:80 may not be opened by this user: choose a PROXY_PORT "
                             "over 1023 or give the program the right to bind low ports"_s;
    start(rig.controller);
    const StartFailure failure = rig.controller.failure();
    QCOMPARE(failure.kind, StartFailure::Kind::NotPermitted);
    QVERIFY(failure.wayOut && failure.wayOut->port >= 8080);
    QVERIFY(!hasVariable(StartFailureText::sentence(failure)));
}

void TstStartFailure::whatNobodyKnowsIsSaidAsItIs()
{
    GuiRig rig;
    rig.controller.stop();
    rig.engine->startError = u"the moon is full"_s;
    start(rig.controller);
    QCOMPARE(rig.controller.failure().kind, StartFailure::Kind::Other);
    QVERIFY(!rig.controller.failure().wayOut);
    QCOMPARE(StartFailureText::sentence(rig.controller.failure()), u"the moon is full"_s);
}

void TstStartFailure::anotherReasonIsTold()
{
    GuiRig rig;
    FailureStrip strip(rig.controller, FailureStrip::Words::Here);
    rig.controller.stop();
    rig.engine->startError = u"one"_s;
    start(rig.controller);
    QCOMPARE(strip.text(), u"one"_s);
    rig.engine->startError = u"two"_s;
    click(strip.again());
    QCOMPARE(strip.text(), u"two"_s);
}

void TstStartFailure::againIsSaidOfWhatRanBefore()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    RealProxy proxy(u"127.0.0.1"_s, other.serverPort());
    start(proxy.controller);
    other.close();
    proxy.controller.tryAgain();
    settle();
    using Kind = Notice::Kind;
    QCOMPARE(proxy.notices, QList<Kind>({ Kind::StartFailed, Kind::Started }));
    proxy.controller.stop();
    QVERIFY(other.listen(QHostAddress::LocalHost, proxy.store.settings().listen.port));
    start(proxy.controller);
    other.close();
    proxy.controller.tryAgain();
    settle();
    QCOMPARE(proxy.notices.sliced(2), QList<Kind>({ Kind::StartFailed, Kind::Recovered }));
}

void TstStartFailure::thePortsHolderIsNamedWhenItIsKnown()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const quint16 port = server.serverPort();
#ifdef Q_OS_LINUX
    const QString self = u"tst_startfailure (%1)"_s.arg(QCoreApplication::applicationPid());
    QCOMPARE(portHolder(port), self);
    const StartFailure failure { StartFailure::Kind::PortTaken, {}, { {}, port }, self, {}, {} };
    QVERIFY(StartFailureText::sentence(failure).startsWith(self));
#endif
    server.close();
    QCOMPARE(portHolder(port), QString());
}

void TstStartFailure::aFreePortIsTriedAtTheSameAddress()
{
    const QHostAddress here(u"127.0.0.1"_s);
    const QHostAddress beside(u"127.0.0.2"_s);
    QTcpServer server;
    QVERIFY(server.listen(here));
    const auto next = nextFreePort(here, server.serverPort());
    QVERIFY(next && *next > server.serverPort());
#ifdef Q_OS_LINUX
    QCOMPARE(nextFreePort(beside, server.serverPort()), std::optional(server.serverPort()));
#endif
    QVERIFY(!nextFreePort(QHostAddress(u"192.0.2.1"_s), 8080));
}

void TstStartFailure::theButtonsAreThereWhileItFails()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    RealProxy proxy(u"127.0.0.1"_s, other.serverPort());
    FailureStrip strip(proxy.controller, FailureStrip::Words::Elsewhere);
    QVERIFY(strip.isHidden());
    start(proxy.controller);
    QVERIFY(!strip.isHidden());
    QVERIFY(!strip.wayOut()->isHidden());
    QCOMPARE(strip.text(), QString());
    int wanted = 0;
    connect(&strip, &FailureStrip::settingsWanted, &strip, [&wanted] { ++wanted; });
    click(strip.settings());
    QCOMPARE(wanted, 1);
    click(strip.again());
    QCOMPARE(proxy.controller.state(), ProxyState::Failed);
    click(strip.wayOut());
    QCOMPARE(proxy.controller.state(), ProxyState::Running);
    QVERIFY(strip.isHidden());
}

void TstStartFailure::theWayOutThatCannotBeSavedIsSaid()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    RealProxy proxy(u"127.0.0.1"_s, other.serverPort());
    start(proxy.controller);
    FailureStrip strip(proxy.controller, FailureStrip::Words::Elsewhere);
    // A folder in the file's place: it can be neither read nor written.
    QVERIFY(QFile::remove(proxy.file.path()) && QDir().mkdir(proxy.file.path()));
    click(strip.wayOut());
    QCOMPARE(proxy.controller.state(), ProxyState::Failed);
    QVERIFY2(strip.text().contains(u"directory"_s), qPrintable(strip.text()));
}

void TstStartFailure::theFirstPageHasTheButtonsToo()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    RealProxy proxy(u"127.0.0.1"_s, other.serverPort());
    QMenu menu;
    FirstStartPage page(proxy.controller, &menu, [] { return QList<QHostAddress>(); });
    auto *strip = page.findChild<FailureStrip *>();
    QVERIFY(strip && strip->isHidden());
    start(proxy.controller);
    QVERIFY(!strip->isHidden());
    QVERIFY(strip->text().contains(QString::number(other.serverPort())));
    const quint16 free = proxy.controller.failure().wayOut.value_or(SocketAddress()).port;
    click(strip->wayOut());
    QVERIFY(strip->isHidden());
    // The values to copy are correct now.
    QStringList values;
    for (const QLineEdit *edit : page.findChildren<QLineEdit *>())
        values.append(edit->text());
    QVERIFY2(values.contains(QString::number(free)), qPrintable(values.join(u'|')));
}

void TstStartFailure::theNoticeHasTheWindowsWords()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    SettingsFixture file;
    file.write("port = " + QByteArray::number(other.serverPort())
               + "\ngui_first_start_done = true\n");
    SettingsStore store(file.input());
    QVERIFY(store.open());
    LogTap log;
    TrayApplication::Surroundings surroundings {
        [] { return true; }, [](QWidget *, const Question &) { return std::optional<int>(); }, [] {}
    };
    TrayApplication app(store, std::make_unique<server::ProxyServer>(), log,
                        std::move(surroundings));
    QStringList said;
    connect(&app.tray(), &TrayIcon::said, this, [&said](const QString &title, const QString &text) {
        said.append(title + u'|' + text);
    });
    app.start(false);
    settle();
    QCOMPARE(said.size(), 1);
    QVERIFY2(said.constFirst().contains(QString::number(other.serverPort())),
             qPrintable(said.constFirst()));
    auto *strip = app.window().findChild<FailureStrip *>();
    QVERIFY(strip && strip->isVisible());
    said += app.tray().toolTip();
    for (const QLabel *label : app.window().findChildren<QLabel *>())
        said.append(label->text());
    for (const QString &text : said)
        QVERIFY2(!hasVariable(text), qPrintable(text));
    click(strip->settings());
    QVERIFY(app.settingsDialog() && app.settingsDialog()->isVisible());
    click(strip->wayOut());
    QCOMPARE(app.controller().state(), ProxyState::Running);
    QVERIFY(!strip->isVisible());
}

void TstStartFailure::sentencesHaveTheFieldsNames_data()
{
    QTest::addColumn<QString>("core");
    QTest::addColumn<QString>("shown");
    QTest::newRow("a setting in the core's sentence")
        << u"a preset takes no port; ALLOWED_PORTS says which ports"_s
        << u"a preset takes no port; “Ports” says which ports"_s;
    QTest::newRow("settings that the sentence was given")
        << u"auth_username: a user name without a password; set PROXY_AUTH_PASSWORD or "
           "PROXY_AUTH_PASSWORD_FILE too, or none of them"_s
        << u"“User name”: a user name without a password; set “Password” or “Password file” "
           "too, or none of them"_s;
    QTest::newRow("the variable itself, where it is at fault")
        << u"PROXY_PORT: \"x\": write a whole number from 0 to 65535"_s
        << u"PROXY_PORT: \"x\": write a whole number from 0 to 65535"_s;
    QTest::newRow("a stranger's word that looks like a variable")
        << u"cannot listen on 127.0.0.1:1: ODD_WORD"_s
        << u"cannot listen on 127.0.0.1:1: ODD_WORD"_s;
}

void TstStartFailure::sentencesHaveTheFieldsNames()
{
    QFETCH(QString, core);
    QFETCH(QString, shown);
    QCOMPARE(CoreText::localized(core), shown);
    // Every setting on a page has the page's name for it.
    EveryWindow windows;
    for (const config::Option &option : config::optionTable()) {
        const bool isOnAPage = windows.settings().findChild<QWidget *>(option.environmentName());
        if (isOnAPage)
            QVERIFY2(FieldNames::of(option) != option.environmentName(), option.environment);
    }
}

QTEST_MAIN(TstStartFailure)
#include "tst_startfailure.moc"
