// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/clipboard.h"
#include "gui/widgets/copyaddressmenu.h"
#include "gui/widgets/copysettingsmenu.h"
#include "proxyrig.h"
#include "users/passwordhash.h"

#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
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

/// A file of users, who all have the same password.
class UsersFixture
{
public:
    explicit UsersFixture(const QByteArrayList &names) { write(names); }
    void write(const QByteArrayList &names) const
    {
        static const QByteArray hash = sami::users::PasswordHash::make("right", 1000)->text();
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write the users");
        for (const QByteArray &name : names)
            file.write(name + ':' + hash + '\n');
    }
    [[nodiscard]] QByteArray flag() const { return "--users-file=" + path().toUtf8(); }

private:
    [[nodiscard]] QString path() const { return m_folder.filePath(u"users"_s); }
    QTemporaryDir m_folder;
};

/// Its entries are made when it opens.
QMenu *opened(const QAction *action)
{
    Q_EMIT action->menu()->aboutToShow();
    return action->menu();
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
    void theAddressIsCopiedAsItsEntrySays_data();
    void theAddressIsCopiedAsItsEntrySays();
    void everyMenuSaysWhatItHasCopied();
    void newSettingsMakeANewMenu();
    void aDoorThatRequiresTlsIsSpokenToSo();
    void itAsksWhichUserWhereThereAreSeveral();
    void oneHashedUserIsTakenWithoutAsking();
    void usersWhoComeLaterAreInIt();
    void manyUsersMakeNoEndlessMenu();
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
    QTest::addColumn<int>("count"); // of each kind; 1: a click on the kind itself copies
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

    const QList<SnippetKind> all = Snippets::kindsFor(rig.controller->settings());
    const qsizetype kinds = all.size();
    const QList<QAction *> actions = menu.actions();
    QCOMPARE(actions.size(), kinds + (saysNoOthers ? 2 : 0));
    QSet<QString> texts;
    for (qsizetype i = 0; i < kinds; ++i) {
        QCOMPARE(actions[i]->text(), Snippets::name(all[i]));
        QCOMPARE(actions[i]->menu() ? actions[i]->menu()->actions().size() : 1, count);
        const QList<QAction *> leaves =
            count == 1 ? QList { actions[i] } : actions[i]->menu()->actions();
        for (QAction *leaf : leaves) {
            leaf->trigger();
            texts.insert(copied());
        }
    }
    // Each choice copies a different text. Docker's files do not depend on the shell.
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
    start(*rig.controller);
    QCOMPARE(rig.controller->state(), ProxyState::Running);
    const quint16 port = rig.controller->listenAddress().port;
    QVERIFY(port != 0);
    actions.copyAddressMenu()->action(ClientPlace::ThisComputer, WithPassword::No)->trigger();
    QCOMPARE(copied(), u"http://127.0.0.1:%1"_s.arg(port));
    QVERIFY(!isMarkedSecret());
    actions.copySettings()->actions().first()->trigger();
    QVERIFY(copied().contains(u":%1'"_s.arg(port)));
}

void CopySettingsMenuTest::theAddressIsCopiedAsItsEntrySays_data()
{
    QTest::addColumn<QByteArrayList>("flags");
    QTest::addColumn<CopyAddressMenu::MachineAddresses>("addresses");
    // For each entry: its text, what it copies, and the words before the address. %1 is the port.
    QTest::addColumn<QStringList>("texts");
    QTest::addColumn<QStringList>("urls");
    QTest::addColumn<QStringList>("said");
    using Machine = CopyAddressMenu::MachineAddresses;
    const QByteArrayList everywhere { "--address=0.0.0.0" };
    const QString here = u"127.0.0.1:%1"_s;
    const QString there = u"192.0.2.7:%1"_s;
    const QString secret = u"http://ann:correct%20horse@"_s;
    QTest::newRow("nobody but this computer, no password")
        << QByteArrayList() << Machine(machine) << QStringList { u"For this computer: "_s + here }
        << QStringList { u"http://"_s + here } << QStringList { u"Copied: "_s };
    QTest::newRow("the password goes along only where it is said")
        << password << Machine(machine)
        << QStringList { u"For this computer, without the password: "_s + here,
                         u"For this computer, with the password: "_s + here }
        << QStringList { u"http://"_s + here, secret + here }
        << QStringList { u"Copied without the password: "_s, u"Copied with the password: "_s };
    QTest::newRow("another device gets the address of the network")
        << everywhere << Machine(machine)
        << QStringList { u"For this computer: "_s + here, u"For another device: "_s + there }
        << QStringList { u"http://"_s + here, u"http://"_s + there }
        << QStringList { u"Copied: "_s, u"Copied: "_s };
    QTest::newRow("both") << everywhere + password << Machine(machine)
                          << QStringList { u"For this computer, without the password: "_s + here,
                                           u"For this computer, with the password: "_s + here,
                                           u"For another device, without the password: "_s + there,
                                           u"For another device, with the password: "_s + there }
                          << QStringList { u"http://"_s + here, secret + here, u"http://"_s + there,
                                           secret + there }
                          << QStringList { u"Copied without the password: "_s,
                                           u"Copied with the password: "_s,
                                           u"Copied without the password: "_s,
                                           u"Copied with the password: "_s };
    QTest::newRow("everywhere, but the list has this computer alone")
        << everywhere + QByteArrayList { "--allowed-ips=127.0.0.0/8" } << Machine(machine)
        << QStringList { u"For this computer: "_s + here } << QStringList { u"http://"_s + here }
        << QStringList { u"Copied: "_s };
    QTest::newRow("everywhere, but there is no network")
        << everywhere << Machine(noNetwork) << QStringList { u"For this computer: "_s + here }
        << QStringList { u"http://"_s + here } << QStringList { u"Copied: "_s };
}

void CopySettingsMenuTest::theAddressIsCopiedAsItsEntrySays()
{
    QFETCH(const QByteArrayList, flags);
    QFETCH(const CopyAddressMenu::MachineAddresses, addresses);
    QFETCH(const QStringList, texts);
    QFETCH(const QStringList, urls);
    QFETCH(const QStringList, said);
    ProxyRig rig(flags);
    start(*rig.controller);
    QCOMPARE(rig.controller->state(), ProxyState::Running);
    const QString port = QString::number(rig.controller->listenAddress().port);
    QMenu menu;
    QAction share(u"Phone…"_s);
    const CopyAddressMenu filler(*rig.controller, menu, &share, addresses);
    QSignalSpy heard(&filler, &CopyAddressMenu::copied);

    QList<QAction *> entries;
    bool saysNoOthers = false;
    for (QAction *action : menu.actions()) {
        if (action->isVisible() && action->isEnabled() && !action->isSeparator())
            entries.append(action);
        saysNoOthers = saysNoOthers || (action->isVisible() && !action->isEnabled());
    }
    QCOMPARE(entries.takeLast(), &share);
    QCOMPARE(entries.size(), texts.size());
    const bool hasOthers = texts.join(QString()).contains(u"another device"_s);
    QCOMPARE(saysNoOthers, !hasOthers);
    for (qsizetype i = 0; i < entries.size(); ++i) {
        QCOMPARE(entries[i]->text(), texts[i].arg(port));
        entries[i]->trigger();
        const QString url = copied();
        QCOMPARE(url, QString(urls[i]).replace(u"%1"_s, port));
        const QString where = url.mid(url.lastIndexOf(u'@') + 1).remove(u"http://"_s);
        QCOMPARE(heard.last().at(0).toString(), said[i] + where);
        QVERIFY2(entries[i]->text().endsWith(where), "the entry says what it copies");
        const bool hasSecret = url.contains(u"horse"_s);
        QCOMPARE(isMarkedSecret(), hasSecret);
        QCOMPARE(heard.last().at(0).toString().contains(u"with the password"_s), hasSecret);
        QVERIFY2(!heard.last().at(0).toString().contains(u"horse"_s), "said, not shown");
    }
    QCOMPARE(heard.size(), texts.size());
}

void CopySettingsMenuTest::everyMenuSaysWhatItHasCopied()
{
    ProxyRig rig(password);
    const AppActions actions(*rig.controller);
    QSignalSpy heard(&actions, &AppActions::copied);
    actions.copySettings()->actions().first()->menu()->actions().at(0)->trigger();
    QCOMPARE(heard.last().at(0).toString(), u"Copied with the password: bash / zsh"_s);
    actions.copySettings()->actions().first()->menu()->actions().at(1)->trigger();
    QCOMPARE(heard.last().at(0).toString(), u"Copied without the password: bash / zsh"_s);
    actions.copyAddressMenu()->action(ClientPlace::ThisComputer, WithPassword::Yes)->trigger();
    QVERIFY(heard.last().at(0).toString().startsWith(u"Copied with the password: 127.0.0.1:"_s));
}

void CopySettingsMenuTest::newSettingsMakeANewMenu()
{
    ProxyRig rig;
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    QVERIFY(!menu.actions().first()->menu());
    sami::config::Settings settings = rig.controller->settings();
    settings.access.credentials = { "ann", "correct horse" };
    QVERIFY(applied(*rig.controller, settings));
    QVERIFY(menu.actions().first()->menu());
    // Old submenus must not pile up.
    QVERIFY(applied(*rig.controller, settings));
    QTRY_COMPARE(menu.findChildren<QMenu *>().size(), Snippets::kindsFor(settings).size());
}

void CopySettingsMenuTest::aDoorThatRequiresTlsIsSpokenToSo()
{
    // The door need not work: the copied text depends on the settings only.
    ProxyRig rig({ "--tls=require", "--state-dir=/not/there" });
    QVERIFY(rig.isGood);
    const AppActions actions(*rig.controller);
    actions.copySettings()->actions().first()->trigger();
    QVERIFY2(copied().contains("='https://127.0.0.1:"_L1), qPrintable(copied()));
    actions.copyAddressMenu()->action(ClientPlace::ThisComputer, WithPassword::No)->trigger();
    QVERIFY2(copied().startsWith("https://127.0.0.1:"_L1), qPrintable(copied()));
}

void CopySettingsMenuTest::itAsksWhichUserWhereThereAreSeveral()
{
    const UsersFixture file({ "bob", "eva & co" });
    ProxyRig rig(password + QByteArrayList { file.flag() });
    QVERIFY(rig.isGood);
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    QSignalSpy heard(&filler, &CopySettingsMenu::copied);
    QTRY_COMPARE(menu.actions().first()->text(), u"ann"_s);
    QCOMPARE(menu.actions().at(1)->text(), u"bob"_s);
    QCOMPARE(menu.actions().at(2)->text(), u"eva && co"_s);

    QMenu *ann = opened(menu.actions().at(0));
    ann->actions().first()->menu()->actions().first()->trigger();
    QVERIFY(copied().contains(u"ann:correct%20horse@"_s));
    QVERIFY(isMarkedSecret());

    // Of a hash there is no password: that is said before and after.
    QMenu *eva = opened(menu.actions().at(2));
    const QList<QAction *> choices = eva->actions().first()->menu()->actions();
    QCOMPARE(choices.size(), 1);
    QVERIFY(choices.first()->text().contains(u"PASSWORD"_s));
    choices.first()->trigger();
    QVERIFY2(copied().contains(u"http://eva%20%26%20co:PASSWORD@127.0.0.1:"_s),
             qPrintable(copied()));
    QVERIFY(!isMarkedSecret());
    QCOMPARE(heard.last().at(0).toString(),
             u"Copied: bash / zsh. Write the password in place of PASSWORD"_s);
}

void CopySettingsMenuTest::oneHashedUserIsTakenWithoutAsking()
{
    const UsersFixture file({ "bob" });
    ProxyRig rig({ file.flag(), "--address=0.0.0.0" });
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    QTRY_VERIFY(
        menu.actions().first()->menu()
        && menu.actions().first()->menu()->actions().first()->text().contains(u"PASSWORD"_s));
    QCOMPARE(menu.actions().first()->text(), Snippets::name(SnippetKind::Posix));
    const QList<QAction *> choices = menu.actions().first()->menu()->actions();
    QCOMPARE(choices.size(), 2);
    choices.last()->trigger();
    QVERIFY2(copied().contains(u"http://bob:PASSWORD@192.0.2.7:"_s), qPrintable(copied()));
}

void CopySettingsMenuTest::usersWhoComeLaterAreInIt()
{
    const UsersFixture file({ "bob" });
    ProxyRig rig({ file.flag() });
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    QTRY_VERIFY(menu.actions().first()->menu());
    file.write({ "bob", "eva" });
    rig.controller->takeUsers();
    QTRY_COMPARE(menu.actions().first()->text(), u"bob"_s);
    file.write({ "bob", "eva", "zoe" });
    Q_EMIT menu.aboutToShow();
    QTRY_COMPARE(menu.actions().value(2)->text(), u"zoe"_s);
}

void CopySettingsMenuTest::manyUsersMakeNoEndlessMenu()
{
    QByteArrayList names;
    for (int i = 0; i < 60; ++i)
        names.append("user" + QByteArray::number(i));
    const UsersFixture file(names);
    ProxyRig rig({ file.flag(), "--address=0.0.0.0" });
    QMenu menu;
    const CopySettingsMenu filler(*rig.controller, menu, machine);
    QTRY_COMPARE(menu.actions().size(), 41);
    QVERIFY(!menu.actions().last()->isEnabled());
    QVERIFY(menu.actions().last()->text().startsWith(u"20 "_s));
}

QTEST_MAIN(CopySettingsMenuTest)
#include "tst_copysettingsmenu.moc"
