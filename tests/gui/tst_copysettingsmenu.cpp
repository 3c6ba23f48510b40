// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/appactions.h"
#include "gui/widgets/clipboard.h"
#include "gui/widgets/copysettingsmenu.h"
#include "proxyrig.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QTest>

using namespace sami::gui;
using namespace Qt::StringLiterals;
using sami::test::ProxyRig;

namespace {

constexpr auto kdeMark = "x-kde-passwordManagerHint"_L1;

QList<QHostAddress> machine()
{
    return { QHostAddress(u"127.0.0.1"_s), QHostAddress(u"192.0.2.7"_s) };
}

QList<QHostAddress> noNetwork()
{
    return { QHostAddress(u"127.0.0.1"_s) };
}

QString copied()
{
    return QGuiApplication::clipboard()->text();
}

bool isMarkedSecret()
{
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    return data->data(kdeMark) == "secret" && data->hasFormat(u"org.nspasteboard.ConcealedType"_s)
        && data->hasFormat(u"application/x-qt-windows-mime;value="
                           "\"ExcludeClipboardContentFromMonitorProcessing\""_s);
}

const QByteArrayList password { "--auth-username=ann", "--auth-password=correct horse" };

} // namespace

Q_DECLARE_METATYPE(CopySettingsMenu::MachineAddresses)

class CopySettingsMenuTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QGuiApplication::clipboard()->clear(); }

    void secretsAreMarked();
    void otherTextIsNot();
    void choices_data();
    void choices();
    void withPasswordTheTextIsSecret();
    void withoutPasswordItIsNot();
    void anotherComputerGetsTheAddressOfTheNetwork();
    void theRealPortIsCopied();
    void theAddressIsCopiedWithItsPassword();
    void newSettingsMakeANewMenu();
};

void CopySettingsMenuTest::secretsAreMarked()
{
    copyText(u"hush"_s, Secrecy::Secret);
    QCOMPARE(copied(), u"hush"_s);
    QVERIFY(isMarkedSecret());
}

void CopySettingsMenuTest::otherTextIsNot()
{
    copyText(u"127.0.0.1"_s, Secrecy::Public);
    QCOMPARE(copied(), u"127.0.0.1"_s);
    QCOMPARE(QGuiApplication::clipboard()->mimeData()->formats(), QStringList(u"text/plain"_s));
}

void CopySettingsMenuTest::choices_data()
{
    QTest::addColumn<QByteArrayList>("flags");
    QTest::addColumn<CopySettingsMenu::MachineAddresses>("addresses");
    QTest::addColumn<int>("count"); // of each kind; 1: the kind itself is what is clicked
    QTest::addColumn<bool>("saysNoOthers");
    using Machine = CopySettingsMenu::MachineAddresses;
    const QByteArrayList everywhere { "--address=0.0.0.0" };
    QTest::newRow("nothing is open: one click")
        << QByteArrayList() << Machine(machine) << 1 << true;
    QTest::newRow("a password") << password << Machine(machine) << 2 << true;
    QTest::newRow("other computers") << everywhere << Machine(machine) << 2 << false;
    QTest::newRow("both") << everywhere + password << Machine(machine) << 4 << false;
    QTest::newRow("everywhere, but there is no network")
        << everywhere << Machine(noNetwork) << 1 << true;
}

void CopySettingsMenuTest::choices()
{
    QFETCH(const QByteArrayList, flags);
    QFETCH(const CopySettingsMenu::MachineAddresses, addresses);
    QFETCH(const int, count);
    QFETCH(const bool, saysNoOthers);
    ProxyRig rig(flags);
    QVERIFY(rig.isGood);
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, addresses);

    const qsizetype kinds = std::size(Snippets::kinds);
    const QList<QAction *> actions = menu.actions();
    QCOMPARE(actions.size(), kinds + (saysNoOthers ? 2 : 0));
    QSet<QString> texts;
    for (qsizetype i = 0; i < kinds; ++i) {
        QCOMPARE(actions[i]->text(), Snippets::name(Snippets::kinds[i]));
        QCOMPARE(actions[i]->menu() ? actions[i]->menu()->actions().size() : 1, count);
        const QList<QAction *> leaves =
            count == 1 ? QList { actions[i] } : actions[i]->menu()->actions();
        for (QAction *leaf : leaves) {
            leaf->trigger();
            texts.insert(copied());
        }
    }
    // Each choice copies something of its own; Docker's files know no shell, and the rest differ.
    QCOMPARE(texts.size(), kinds * count);
    if (saysNoOthers)
        QVERIFY(!actions.last()->isEnabled());
}

void CopySettingsMenuTest::withPasswordTheTextIsSecret()
{
    ProxyRig rig(password);
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    menu.actions().first()->menu()->actions().at(0)->trigger();
    QVERIFY2(copied().contains("correct%20horse"_L1), qPrintable(copied()));
    QVERIFY(isMarkedSecret());
}

void CopySettingsMenuTest::withoutPasswordItIsNot()
{
    ProxyRig rig(password);
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    menu.actions().first()->menu()->actions().at(1)->trigger();
    QVERIFY2(copied().contains("ann:PASSWORD@"_L1), qPrintable(copied()));
    QVERIFY(!isMarkedSecret());
}

void CopySettingsMenuTest::anotherComputerGetsTheAddressOfTheNetwork()
{
    ProxyRig rig({ "--address=0.0.0.0" });
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    menu.actions().first()->menu()->actions().at(0)->trigger();
    QVERIFY2(copied().contains("http://127.0.0.1:"_L1), qPrintable(copied()));
    menu.actions().first()->menu()->actions().at(1)->trigger();
    QVERIFY2(copied().contains("http://192.0.2.7:"_L1), qPrintable(copied()));
}

void CopySettingsMenuTest::theRealPortIsCopied()
{
    ProxyRig rig;
    const AppActions actions(*rig.controller);
    rig.controller->start();
    QCOMPARE(rig.controller->state(), ProxyState::Running);
    const quint16 port = rig.controller->listenAddress().port;
    QVERIFY(port != 0);
    actions.copyAddress->trigger();
    QCOMPARE(copied(), u"http://127.0.0.1:%1"_s.arg(port));
    QVERIFY(!isMarkedSecret());
    actions.copySettings()->actions().first()->trigger();
    QVERIFY(copied().contains(u":%1'"_s.arg(port)));
}

void CopySettingsMenuTest::theAddressIsCopiedWithItsPassword()
{
    ProxyRig rig(password);
    const AppActions actions(*rig.controller);
    actions.copyAddress->trigger();
    QVERIFY(copied().startsWith("http://ann:correct%20horse@127.0.0.1:"_L1));
    QVERIFY(isMarkedSecret());
}

void CopySettingsMenuTest::newSettingsMakeANewMenu()
{
    ProxyRig rig;
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    QVERIFY(!menu.actions().first()->menu());
    sami::config::Settings settings = rig.controller->settings();
    settings.access.credentials = { "ann", "correct horse" };
    QVERIFY(rig.controller->apply(settings));
    QVERIFY(menu.actions().first()->menu());
    // The submenus of before are not kept for ever.
    QVERIFY(rig.controller->apply(settings));
    QTRY_COMPARE(menu.findChildren<QMenu *>().size(), qsizetype(std::size(Snippets::kinds)));
}

QTEST_MAIN(CopySettingsMenuTest)
#include "tst_copysettingsmenu.moc"
