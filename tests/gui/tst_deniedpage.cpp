// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/deniedmodel.h"
#include "gui/text/wording.h"
#include "gui/widgets/deniedpage.h"
#include "guirig.h"
#include "presses.h"
#include "server/proxyserver.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <functional>
#include <memory>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;

using Edit = std::function<void(policy::AccessRules &)>;
Q_DECLARE_METATYPE(Edit)

class DeniedPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void rowsAreToldAsDifferences();
    void blockWithoutARefusalHasARow();
    void buttonSaysWhatItDoes();
    void whatWasOnlyReportedIsToldFromWhatWasRefused();
    void severalRemediesAreAMenu();
    void wrongPasswordHasAHintAndNoButton();
    void firstEntryOfAListIsAskedFirst();
    void whatIsChangedWhileItIsAskedStays();
    void aPageThatIsGoneBehindTheQuestionChangesNothing();
    void failureIsSaid();
    void whatIsHeldAboveTheFileCannotBePressed_data();
    void whatIsHeldAboveTheFileCannotBePressed();
    void aReasonWithoutARemedyIsSaidAsItIs_data();
    void aReasonWithoutARemedyIsSaidAsItIs();
    void blockIsLifted();
    void chosenRowLastsThroughTicks();
    void nothingHappensWhileHidden();
    void coreLetsInWhatWasRefused_data();
    void coreLetsInWhatWasRefused();

private:
    [[nodiscard]] Dialogs dialogs()
    {
        return { [this](QWidget *, const Question &question) {
                    m_asked.append(question.text);
                    m_whileAsked();
                    return m_answer ? std::optional(0) : std::nullopt;
                },
                 [](QWidget *, const QString &, const QString &) { return QString(); },
                 [this](QWidget *, const QString &, const QString &text) {
                     m_complaints.append(text);
                 } };
    }

    QStringList m_asked;
    QStringList m_complaints;
    bool m_answer = true;
    std::function<void()> m_whileAsked;
};

void DeniedPageTest::init()
{
    m_asked.clear();
    m_complaints.clear();
    m_answer = true;
    m_whileAsked = [] {};
}

void DeniedPageTest::rowsAreToldAsDifferences()
{
    DeniedModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    QList<account::RefusalRow> rows { FakeEngine::makeRefusal("192.0.2.1", "a.example", 443, "x"),
                                      FakeEngine::makeRefusal("192.0.2.2", "b.example", 443, "x"),
                                      FakeEngine::makeRefusal("192.0.2.3", "c.example", 443, "x") };
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    model.synchronize(rows, {});
    QCOMPARE(inserted.size(), 1);
    std::reverse(rows.begin(), rows.end()); // the core's table has no order
    model.synchronize(rows, {});
    QCOMPARE(inserted.size() + changed.size() + removed.size(), 1);
    rows[0].count = 7;
    rows.removeLast();
    rows.append(FakeEngine::makeRefusal("192.0.2.4", "d.example", 443, "x"));
    model.synchronize(rows, {});
    QCOMPARE(inserted.size(), 2);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(removed.size(), 1);
    QCOMPARE(model.index(1, DeniedModel::Count).data().toString(), QStringLiteral("7"));
}

void DeniedPageTest::blockWithoutARefusalHasARow()
{
    DeniedModel model;
    const QHostAddress guesser(QStringLiteral("192.0.2.9"));
    model.synchronize({}, { { guesser, 200s } });
    QCOMPARE(model.rowCount(), 1);
    QVERIFY(
        model.index(0, DeniedModel::Reason).data().toString().contains(QStringLiteral("3m 20s")));
    model.synchronize({ FakeEngine::makeRefusal("192.0.2.9", {}, 0, "guesser_blocked") },
                      { { guesser, 199s } });
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.at(0).values.count, 1u);
}

void DeniedPageTest::buttonSaysWhatItDoes()
{
    GuiRig rig;
    config::Settings settings = rig.store.settings();
    settings.access.allowedPorts = { { 443, 443 } };
    QVERIFY(applied(rig.controller, settings));
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", "a.example", 8443,
                                                    "port_not_listed") };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    QVERIFY(page.remedyButton()->isHidden());
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    QCOMPARE(page.remedyButton()->text(), QStringLiteral("Allow port 8443"));
    click(page.remedyButton());
    QCOMPARE(rig.store.settings().access.allowedPorts.size(), 2);
    QCOMPARE(rig.store.settings().access.allowedPorts.last(), (policy::PortRange { 8443, 8443 }));
    QVERIFY(page.remedyButton()->isHidden()); // there is nothing left to do
    QCOMPARE(page.hint()->text(), QStringLiteral("The settings allow this now."));
    QVERIFY(m_asked.isEmpty());
}

void DeniedPageTest::whatWasOnlyReportedIsToldFromWhatWasRefused()
{
    GuiRig rig({ QStringLiteral("--allowed-hosts-mode=report") });
    config::Settings settings = rig.store.settings();
    settings.access.allowedHosts = { policy::HostEntry::parse("@openai").value() };
    QVERIFY(applied(rig.controller, settings));
    auto report = FakeEngine::makeRefusal("192.0.2.1", "claude.ai", 443, "host_not_listed");
    rig.engine->refused = { report };
    report.isReported = true;
    report.last += 1s;
    rig.engine->refused.append(report);
    DeniedPage page(rig.controller, dialogs());
    page.show();
    QCOMPARE(page.table()->model()->rowCount(), 2); // the same host, once refused and once not
    const auto reasonOf = [&page](int row) {
        return page.table()->model()->index(row, DeniedModel::Reason).data().toString();
    };
    QVERIFY2(reasonOf(0).startsWith(QStringLiteral("let through")), qPrintable(reasonOf(0)));
    QCOMPARE(reasonOf(1), Wording::reason("host_not_listed"));
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    QVERIFY(page.hint()->text().startsWith(QStringLiteral("Let through")));
    QCOMPARE(page.remedyButton()->text(), QStringLiteral("Allow the destination claude.ai"));
    click(page.remedyButton());
    QCOMPARE(rig.store.settings().access.allowedHosts.size(), 2);
    QVERIFY(m_asked.isEmpty());
    QVERIFY(page.remedyButton()->isHidden());
}

void DeniedPageTest::severalRemediesAreAMenu()
{
    GuiRig rig;
    config::Settings settings = rig.store.settings();
    settings.access.allowedClients = { policy::Cidr::parse("127.0.0.1").value() };
    QVERIFY(applied(rig.controller, settings));
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", {}, 0, "client_not_listed") };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    const QMenu *menu = page.remedyButton()->menu();
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), 2);
    trigger(menu->actions().at(1));
    QCOMPARE(rig.store.settings().access.allowedClients.last().toByteArray(),
             QByteArray("192.0.2.0/24"));
}

void DeniedPageTest::wrongPasswordHasAHintAndNoButton()
{
    GuiRig rig;
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", "a.example", 443,
                                                    "credentials_wrong") };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    QVERIFY(page.remedyButton()->isHidden());
    QVERIFY(page.hint()->text().contains(QStringLiteral("user name and password")));
}

void DeniedPageTest::firstEntryOfAListIsAskedFirst()
{
    GuiRig rig;
    rig.engine->addConnections(3);
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", "a.example", 443,
                                                    "host_not_listed") };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    m_answer = false;
    click(page.remedyButton());
    QCOMPARE(m_asked.size(), 1);
    QVERIFY2(m_asked.first().contains(QStringLiteral("llm.example.net")),
             qPrintable(m_asked.first()));
    QVERIFY(rig.store.settings().access.allowedHosts.isEmpty());
    m_answer = true;
    click(page.remedyButton());
    QCOMPARE(rig.store.settings().access.allowedHosts.size(), 1);
}

void DeniedPageTest::whatIsChangedWhileItIsAskedStays()
{
    GuiRig rig;
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", "a.example", 443,
                                                    "host_not_listed") };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    m_whileAsked = [&rig] {
        config::Settings settings = rig.controller.settings();
        settings.timeouts.silence = std::chrono::minutes(5);
        QVERIFY(applied(rig.controller, settings));
    };
    click(page.remedyButton());
    QCOMPARE(rig.store.settings().access.allowedHosts.size(), 1);
    QVERIFY(rig.store.settings().timeouts.silence == std::chrono::minutes(5));
}

void DeniedPageTest::aPageThatIsGoneBehindTheQuestionChangesNothing()
{
    GuiRig rig;
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", "a.example", 443,
                                                    "host_not_listed") };
    auto page = std::make_unique<QWidget>();
    m_whileAsked = [&page] { page.reset(); };
    const QList<Remedy> remedies =
        Remedy::of(rig.engine->refused.first(), rig.controller.settings(), {}, {});
    RemedyDesk { rig.controller, dialogs(), page.get() }.apply(remedies.first());
    settle();
    QCOMPARE(m_asked.size(), 1);
    QVERIFY(rig.engine->applied.isEmpty());
}

void DeniedPageTest::failureIsSaid()
{
    GuiRig rig;
    rig.engine->applyError = QStringLiteral("the port is taken");
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", "10.0.0.5", 443,
                                                    "private_target") };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    click(page.remedyButton());
    QCOMPARE(m_complaints, QStringList { QStringLiteral("the port is taken") });
}

void DeniedPageTest::whatIsHeldAboveTheFileCannotBePressed_data()
{
    QTest::addColumn<QString>("flag");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char *flag, const char *reason) {
        QTest::newRow(reason) << QString::fromLatin1(flag) << QByteArray(reason);
    };
    row("--allowed-ips=127.0.0.1", "client_not_listed");
    row("--allowed-hosts=other.example", "host_not_listed");
    row("--allowed-ports=443", "port_not_listed");
    row("--allow-private-targets=192.168.0.0/16", "private_target");
    row("--allow-private-targets=192.168.0.0/16", "fake_ip");
}

void DeniedPageTest::whatIsHeldAboveTheFileCannotBePressed()
{
    QFETCH(const QString, flag);
    QFETCH(const QByteArray, reason);
    GuiRig rig({ flag });
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", "10.0.0.5", 8443, reason) };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    QVERIFY(page.remedyButton()->isVisible());
    QVERIFY2(!page.remedyButton()->isEnabled(), "the command line takes it back");
    const QString hint = page.hint()->text();
    QVERIFY2(hint.contains(flag.section(u'=', 0, 0)), qPrintable(hint));
    QVERIFY(hint.contains(Wording::reason(reason)));
    click(page.remedyButton());
    QVERIFY(rig.engine->applied.isEmpty());
    // Next comes a row with a remedy.
    rig.engine->blocked = { { QHostAddress(QStringLiteral("192.0.2.9")), 60s } };
    rig.controller.tick();
    QVERIFY(!page.remedyButton()->isEnabled());
    page.table()->setCurrentIndex(page.table()->model()->index(1, 0));
    QVERIFY(page.remedyButton()->isEnabled());
}

void DeniedPageTest::aReasonWithoutARemedyIsSaidAsItIs_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("a host that no list can hold")
        << QByteArray("no host at all") << QByteArray("host_not_listed");
}

void DeniedPageTest::aReasonWithoutARemedyIsSaidAsItIs()
{
    QFETCH(const QByteArray, host);
    QFETCH(const QByteArray, reason);
    GuiRig rig({ QStringLiteral("--allowed-hosts=other.example") });
    rig.engine->refused = { FakeEngine::makeRefusal("192.0.2.1", host, 443, reason) };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    QVERIFY(page.remedyButton()->isHidden());
    QCOMPARE(page.hint()->text(), QStringLiteral("Refused: %1.").arg(Wording::reason(reason)));
}

void DeniedPageTest::blockIsLifted()
{
    GuiRig rig;
    const QHostAddress guesser(QStringLiteral("192.0.2.9"));
    rig.engine->blocked = { { guesser, 60s } };
    DeniedPage page(rig.controller, dialogs());
    page.show();
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    click(page.remedyButton());
    QCOMPARE(rig.engine->lifted, QList<QHostAddress> { guesser });
    QCOMPARE(page.table()->model()->rowCount(), 0);
}

void DeniedPageTest::chosenRowLastsThroughTicks()
{
    GuiRig rig;
    for (int i = 0; i < 200; ++i) {
        rig.engine->refused.append(FakeEngine::makeRefusal(
            "192.0.2.1", "h" + QByteArray::number(i) + ".example", 443, "host_not_listed"));
    }
    DeniedPage page(rig.controller, dialogs());
    page.show();
    const auto hostOf = [](const QModelIndex &index) {
        return index.siblingAtColumn(DeniedModel::Destination).data().toString();
    };
    page.table()->setCurrentIndex(page.table()->model()->index(60, 0));
    const QString chosen = hostOf(page.table()->currentIndex());
    for (int second = 0; second < 100; ++second) {
        rig.engine->refused[second].count += 1;
        rig.engine->refused[second].last += std::chrono::seconds(second + 1);
        std::rotate(rig.engine->refused.begin(), rig.engine->refused.begin() + 50,
                    rig.engine->refused.end());
        rig.controller.tick();
    }
    QCOMPARE(hostOf(page.table()->currentIndex()), chosen);
    QCOMPARE(page.table()->selectionModel()->selectedRows().size(), 1);
    rig.controller.stop(); // the core's table disappears with it, ours stays
    rig.controller.tick();
    QCOMPARE(page.table()->model()->rowCount(), 200);
}

void DeniedPageTest::nothingHappensWhileHidden()
{
    GuiRig rig;
    DeniedPage page(rig.controller, dialogs());
    rig.controller.tick();
    page.show();
    page.hide();
    const int reads = rig.engine->refusalReads;
    QCOMPARE(reads, 1);
    rig.controller.tick();
    QCOMPARE(rig.engine->refusalReads, reads);
}

void DeniedPageTest::coreLetsInWhatWasRefused_data()
{
    QTest::addColumn<Edit>("strictness");
    QTest::newRow("a port") << Edit([](policy::AccessRules &rules) {
        rules.allowedPorts = { { 443, 443 } };
    });
    QTest::newRow("a host") << Edit([](policy::AccessRules &rules) {
        rules.allowedHosts = { policy::HostPattern::parse("other.example").value() };
    });
    QTest::newRow("an address of this computer")
        << Edit([](policy::AccessRules &rules) { rules.privateTargets.all = false; });
    QTest::newRow("a client") << Edit([](policy::AccessRules &rules) {
        rules.allowedClients = { policy::Cidr::parse("192.0.2.1").value() };
    });
}

void DeniedPageTest::coreLetsInWhatWasRefused()
{
    QFETCH(Edit, strictness);
    QTemporaryDir folder;
    SettingsStore store({ folder.filePath(QStringLiteral("settings.ini")), {}, {} });
    QVERIFY(store.open());
    ProxyController controller(std::make_unique<server::ProxyServer>(), store);
    config::Settings settings = store.settings();
    settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
    settings.access.privateTargets.all = true;
    strictness(settings.access);
    QVERIFY(applied(controller, settings));
    start(controller);
    QCOMPARE(controller.state(), ProxyState::Running);

    QTcpServer origin;
    QVERIFY(origin.listen(QHostAddress::LocalHost));
    const auto answer = [&] {
        QTcpSocket client;
        client.connectToHost(controller.listenAddress().address, controller.listenAddress().port);
        const QByteArray target = "127.0.0.1:" + QByteArray::number(origin.serverPort());
        client.write("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");
        QByteArray octets;
        (void)QTest::qWaitFor([&] {
            octets += client.readAll();
            return octets.contains("\r\n");
        });
        return octets.mid(9, 3);
    };
    QCOMPARE(answer(), QByteArray("403"));

    DeniedPage page(controller, dialogs());
    page.show();
    QTRY_COMPARE(page.table()->model()->rowCount(), 1);
    page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
    QVERIFY(page.remedyButton()->isVisible());
    if (const QMenu *menu = page.remedyButton()->menu())
        trigger(menu->actions().first());
    else
        click(page.remedyButton());
    QCOMPARE(m_complaints, QStringList());
    QCOMPARE(answer(), QByteArray("200"));
    controller.stop();
}

QTEST_MAIN(DeniedPageTest)
#include "tst_deniedpage.moc"
