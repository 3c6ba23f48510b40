// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/hosttext.h"
#include "config/optionparsers.h"
#include "gui/widgets/listeditor.h"
#include "gui/widgets/settings/clientspage.h"
#include "gui/widgets/settings/destinationspage.h"
#include "gui/widgets/settings/exposureline.h"
#include "gui/widgets/settings/listeningpage.h"
#include "gui/widgets/settings/userspage.h"
#include "presses.h"
#include "settingsdialogrig.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstSettingsPages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lockedCredentialsCannotBeTurnedOff();
    void thePasswordIsNotShownUnlessAsked();
    void credentialsSurvive();
    void aGeneratedPasswordIsStrong();
    void theFirstClientAsks();
    void networksAndCurrentClientsAreAdded();
    void presetsAreOfferedAndStayWords();
    void aReportedListAsksNothingAndIsKept();
    void thePagesAreShownAndSaved();
    void theExposureLineSaysAndMends();
    void defaultsKeepNothingSecret();
    void defaultsAreThoseOfThePageInFront();
};

void TstSettingsPages::lockedCredentialsCannotBeTurnedOff()
{
    SettingsFixture file;
    file.environment.insert(u"PROXY_AUTH_USERNAME"_s, u"admin"_s);
    file.environment.insert(u"PROXY_AUTH_PASSWORD"_s, hostilePassword);
    file.environment.insert(u"PROXY_ADDRESS"_s, u"0.0.0.0"_s);
    SettingsDialogRig rig(file);
    QVERIFY(!rig.dialog.users()->required()->isEnabled());
    QVERIFY(!rig.dialog.users()->password()->isEnabledTo(&rig.dialog));
    QVERIFY(!rig.dialog.exposure()->button(ExposureFix::SetPassword));
    QVERIFY(!everyText(rig.dialog).contains(hostilePassword));
    restoreEveryPage(rig.dialog);
    QVERIFY(rig.dialog.shownSettings().access.credentials);
}

void TstSettingsPages::thePasswordIsNotShownUnlessAsked()
{
    const SettingsFixture file;
    file.write(withPassword);
    SettingsDialogRig rig(file);
    UsersPage *page = rig.dialog.users();
    QVERIFY(!everyText(rig.dialog).contains(hostilePassword));
    QCOMPARE(page->password()->placeholderText(), u"unchanged"_s);
    QCOMPARE(page->password()->echoMode(), QLineEdit::Password);

    page->user()->setText(u"other"_s);
    QVERIFY(applied(rig.dialog));
    QCOMPARE(rig.store.settings().access.credentials->username, "other"_ba);
    QCOMPARE(rig.store.settings().access.credentials->password, hostilePassword.toUtf8());
    QVERIFY(!everyText(rig.dialog).contains(hostilePassword));

    click(page->showButton());
    QCOMPARE(page->password()->displayText(), hostilePassword);
    QVERIFY2(!rig.button(QDialogButtonBox::Apply)->isEnabled(), "to look is no change");
    click(page->showButton());
    QVERIFY(!everyText(rig.dialog).contains(hostilePassword));

    page->password()->setText(u"n3w 0ne"_s);
    QCOMPARE(page->password()->echoMode(), QLineEdit::Password);
    QVERIFY(applied(rig.dialog));
    QCOMPARE(rig.store.settings().access.credentials->password, "n3w 0ne"_ba);
    click(page->showButton());
    rig.dialog.reject();
    QVERIFY2(!everyText(rig.dialog).contains(u"n3w 0ne"_s), "a closed dialog forgets");
}

void TstSettingsPages::credentialsSurvive()
{
    const SettingsFixture file;
    SettingsDialogRig rig(file);
    rig.dialog.users()->required()->setChecked(true);
    rig.dialog.users()->user()->setText(u" admin "_s);
    QTest::keyClicks(rig.dialog.users()->password(), hostilePassword);
    QVERIFY(applied(rig.dialog));
    SettingsStore again(file.input());
    QVERIFY(again.open());
    const policy::Credentials expected { "admin", hostilePassword.toUtf8() };
    QCOMPARE(again.settings().access.credentials, expected);
    QCOMPARE(rig.engine->applied.constLast().access.credentials, expected);
}

void TstSettingsPages::aGeneratedPasswordIsStrong()
{
    SettingsDialogRig rig;
    UsersPage *page = rig.dialog.users();
    page->required()->setChecked(true);
    page->user()->setText(u"admin"_s);
    click(page->generateButton());
    const QString first = page->password()->text();
    QVERIFY(first.size() >= 20);
    QCOMPARE(page->password()->echoMode(), QLineEdit::Normal);
    click(page->generateButton());
    QVERIFY(page->password()->text() != first);
    QVERIFY(rig.dialog.error().isEmpty());
}

void TstSettingsPages::theFirstClientAsks()
{
    SettingsDialogRig rig;
    auto client = FakeEngine::makeConnection(1);
    client.client.address = QHostAddress(u"198.51.100.4"_s);
    rig.engine->connections = { client };
    rig.answer = false;
    ListEditor *list = rig.dialog.clients()->list();
    list->field()->setText(u"192.0.2.0/24"_s);
    click(list->addButton());
    QVERIFY(list->entries().isEmpty());
    QCOMPARE(rig.questions.size(), 1);
    QVERIFY2(rig.questions.constFirst().contains(u"198.51.100.4"_s),
             qPrintable(rig.questions.constFirst()));
    rig.answer = true;
    click(list->addButton());
    list->field()->setText(u"192.0.3.0/24"_s);
    click(list->addButton());
    QCOMPARE(rig.questions.size(), 2);
    QCOMPARE(list->entries().size(), 2);

    QVERIFY(rig.dialog.destinations()->hosts()->add(u"example.com"_s));
    QCOMPARE(rig.questions.size(), 3);
    QVERIFY(rig.questions.constLast().contains(u"example.com"_s));
}

void TstSettingsPages::presetsAreOfferedAndStayWords()
{
    const SettingsFixture file;
    SettingsDialogRig rig(file);
    DestinationsPage *page = rig.dialog.destinations();
    const QList<QAction *> offered = page->presets()->actions();
    QCOMPARE(offered.size(), config::hostPresetWords().size());
    QVERIFY(offered.constLast()->text().startsWith(u"@llm"_s));
    for (QAction *action : offered) {
        QVERIFY(action == offered.constLast() || action->toolTip().contains(u'.'));
        trigger(action);
    }
    QCOMPARE(page->hosts()->entries(), config::hostPresetWords());
    QCOMPARE(rig.questions.size(), 1);
    QVERIFY2(rig.questions.constFirst().contains(u"@openai"_s),
             qPrintable(rig.questions.constFirst()));
    page->hosts()->setEntries({});
    QVERIFY(page->hosts()->add(u"@Anthropic a.example"_s));
    QVERIFY2(!page->hosts()->add(u"@antropic"_s), "there is no such preset");
    QVERIFY(page->hosts()->note()->text().contains(u"@anthropic"_s));
    page->hosts()->field()->clear();
    QVERIFY(applied(rig.dialog));
    SettingsStore again(file.input());
    QVERIFY(again.open());
    QCOMPARE(config::formatList(again.settings().access.allowedHosts), u"@anthropic,a.example"_s);
}

void TstSettingsPages::aReportedListAsksNothingAndIsKept()
{
    const SettingsFixture file;
    SettingsDialogRig rig(file);
    DestinationsPage *page = rig.dialog.destinations();
    QCOMPARE(page->hostsMode()->currentData().toInt(), int(policy::HostsMode::Enforce));
    page->hostsMode()->setCurrentIndex(page->hostsMode()->findData(int(policy::HostsMode::Report)));
    QVERIFY(page->hosts()->add(u"@xai"_s));
    QVERIFY2(rig.questions.isEmpty(), "nobody is shut out");
    QVERIFY2(rig.dialog.exposure()->text().contains(u"only reported"_s),
             qPrintable(rig.dialog.exposure()->text()));
    QVERIFY(applied(rig.dialog));
    SettingsStore again(file.input());
    QVERIFY(again.open());
    QCOMPARE(again.settings().access.hostsMode, policy::HostsMode::Report);
    QCOMPARE(rig.engine->applied.constLast().access.hostsMode, policy::HostsMode::Report);
}

void TstSettingsPages::networksAndCurrentClientsAreAdded()
{
    SettingsDialogRig rig;
    ListEditor *list = rig.dialog.clients()->list();
    QStringList offered;
    for (QAction *action : rig.dialog.clients()->networks()->actions()) {
        offered.append(action->text());
        trigger(action);
    }
    QCOMPARE(offered.size(), 4);
    QCOMPARE(list->entries(),
             QStringList({ u"private"_s, u"127.0.0.1"_s, u"::1"_s, u"192.0.2.0/24"_s,
                           u"2001:db8::/64"_s }));

    for (const char *address : { "198.51.100.4", "::ffff:198.51.100.4", "2001:db8:1::5" }) {
        auto client = FakeEngine::makeConnection(quint64(rig.engine->connections.size()) + 1);
        client.client.address = QHostAddress(QString::fromLatin1(address));
        rig.engine->connections.append(client);
    }
    click(rig.dialog.clients()->addConnectedButton());
    QCOMPARE(list->entries().mid(5), QStringList({ u"198.51.100.4"_s, u"2001:db8:1::5"_s }));
}

void TstSettingsPages::thePagesAreShownAndSaved()
{
    const SettingsFixture file;
    file.write("pages = local\n");
    SettingsDialogRig rig(file);
    QComboBox *pages = rig.dialog.clients()->pages();
    QCOMPARE(pages->currentText(), u"this computer only"_s);
    pages->setCurrentIndex(pages->findText(u"allowed IPs and this computer"_s));
    QVERIFY(applied(rig.dialog));
    QCOMPARE(rig.store.settings().pages, config::PagesFor::Listed);
}

void TstSettingsPages::theExposureLineSaysAndMends()
{
    SettingsDialogRig rig;
    ExposureLine *line = rig.dialog.exposure();
    QComboBox *address = rig.dialog.listening()->choice();
    QVERIFY2(line->text().startsWith(u"Nobody can use it now. When it runs: only programs on"_s),
             qPrintable(line->text()));
    start(rig.controller);
    QVERIFY(line->text().startsWith(u"Only programs on this computer"_s));
    QVERIFY(!line->button(ExposureFix::SetPassword));
    QVERIFY(!line->shareButton()->isHidden());
    QSignalSpy shared(&rig.dialog, &SettingsDialog::shareRequested);
    click(line->shareButton());
    QCOMPARE(shared.size(), 1);

    address->setCurrentIndex(address->findData(u"0.0.0.0"_s));
    rig.dialog.listening()->port()->setValue(3128);
    QVERIFY2(line->text().startsWith(u"ANYONE who can reach port 3128"_s),
             qPrintable(line->text()));
    QVERIFY(line->button(ExposureFix::OnlyThisComputer));
    QVERIFY2(line->shareButton()->isHidden(), "there is nothing left to open");
    click(line->button(ExposureFix::OnlyThisComputer));
    QVERIFY(line->text().startsWith(u"Only programs on this computer"_s));
    QVERIFY(!line->button(ExposureFix::OnlyThisComputer));

    address->setCurrentIndex(address->findData(u"0.0.0.0"_s));
    QVERIFY(line->button(ExposureFix::OnlyPrivateNetworks));
    click(line->button(ExposureFix::OnlyPrivateNetworks));
    QVERIFY(!line->button(ExposureFix::OnlyPrivateNetworks));
    QVERIFY(line->text().startsWith(u"Devices in private networks"_s));
    QCOMPARE(rig.dialog.clients()->list()->entries(), QStringList { u"private"_s });
    rig.dialog.clients()->list()->setEntries({});
    rig.dialog.clients()->pages()->setCurrentIndex(1);
    rig.dialog.clients()->pages()->setCurrentIndex(0);

    address->setCurrentIndex(address->findData(u"::"_s));
    QVERIFY(line->button(ExposureFix::SetPassword));
    click(line->button(ExposureFix::SetPassword));
    QVERIFY(line->text().contains(u"knows the password"_s));
    QVERIFY(!line->button(ExposureFix::SetPassword));
    QVERIFY(rig.dialog.error().isEmpty());
    QCOMPARE(rig.dialog.shownSettings().access.credentials->username, "proxy"_ba);
    QVERIFY(applied(rig.dialog));
}

void TstSettingsPages::defaultsKeepNothingSecret()
{
    const SettingsFixture file;
    file.write("# mine\nport = 3128\n" + withPassword
               + "gui_start_minimized = true\n"
                 "gui_close_notice_shown = true\n");
    SettingsDialogRig rig(file);
    click(rig.dialog.users()->showButton());
    restoreEveryPage(rig.dialog);
    QVERIFY(!everyText(rig.dialog).contains(hostilePassword));
    QVERIFY2(file.read().contains("p@s:s"), "they count when they are applied");
    QVERIFY(rig.button(QDialogButtonBox::Apply)->isEnabled());
    rig.dialog.users()->required()->setChecked(true);
    QVERIFY2(!applied(rig.dialog), "the old password does not come back");
    rig.dialog.users()->required()->setChecked(false);
    QVERIFY(applied(rig.dialog));
    QCOMPARE(file.read(), "# mine\ngui_close_notice_shown = true\n"_ba);
    QCOMPARE(rig.store.settings(), SettingsStore::defaults());
}

void TstSettingsPages::defaultsAreThoseOfThePageInFront()
{
    const SettingsFixture file;
    file.write("port = 3128\nidle_timeout_s = 77\n" + withPassword);
    SettingsDialogRig rig(file);
    const config::Settings before = rig.dialog.shownSettings();
    rig.dialog.pages()->setCurrentRow(0);
    click(rig.button(QDialogButtonBox::RestoreDefaults));
    config::Settings wanted = before;
    wanted.listen = SettingsStore::defaults().listen;
    QCOMPARE(rig.dialog.shownSettings(), wanted);
    QVERIFY2(rig.button(QDialogButtonBox::RestoreDefaults)->text().contains(u"page"_s),
             "the button says how much it restores");
}

QTEST_MAIN(TstSettingsPages)
#include "tst_settingspages.moc"
