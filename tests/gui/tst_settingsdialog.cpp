// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "gui/widgets/durationedit.h"
#include "gui/widgets/listeditor.h"
#include "gui/widgets/settings/applicationpage.h"
#include "gui/widgets/settings/clientspage.h"
#include "gui/widgets/settings/destinationspage.h"
#include "gui/widgets/settings/listeningpage.h"
#include "gui/widgets/settings/userspage.h"
#include "presses.h"
#include "settingsdialogrig.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QListWidget>
#include <QSpinBox>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

using Edit = std::function<void(SettingsDialogRig &)>;
Q_DECLARE_METATYPE(Edit)

class TstSettingsDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatCounts();
    void everyOptionOfTheTrayIsInIt();
    void numbersTakeWhatTheCoreTakes();
    void whatIsWrongIsSaidAndCannotBeApplied_data();
    void whatIsWrongIsSaidAndCannotBeApplied();
    void appliesToEngineAndFile();
    void anEngineThatRefusesChangesNothing();
    void aFileThatCannotBeWrittenChangesNothing();
    void lockedValuesShowTheirSource_data();
    void lockedValuesShowTheirSource();
    void changesFromElsewhereKeepEdits();
    void theApplicationsOwnAreApplied();
    void startAtLoginNeedsNoWindow();
    void everyInputHasAName();
};

void TstSettingsDialog::showsWhatCounts()
{
    SettingsFixture file;
    file.write("address = 192.0.2.99\nport = 3128\nallowed_ips = 127.0.0.1,192.0.2.0/24\n"
               "allowed_hosts = *.example.com\nallow_private_targets = 10.0.0.0/8\n"
               "timeout_ms = 75000\nlog_level = debug\n");
    const SettingsDialogRig rig(file);
    QCOMPARE(rig.dialog.listening()->typed()->text(), u"192.0.2.99"_s);
    QCOMPARE(rig.dialog.listening()->port()->value(), 3128);
    QCOMPARE(rig.dialog.clients()->list()->entries(),
             QStringList({ u"127.0.0.1"_s, u"192.0.2.0/24"_s }));
    QCOMPARE(rig.dialog.destinations()->hosts()->entries(), QStringList(u"*.example.com"_s));
    QCOMPARE(rig.dialog.destinations()->privateTargets()->currentIndex(),
             int(DestinationsPage::Listed));
    QCOMPARE(rig.inputAs<DurationEdit>("PROXY_TIMEOUT_MS")->minutes()->value(), 1);
    QCOMPARE(rig.dialog.shownSettings(), rig.store.settings());
    QVERIFY(rig.dialog.error().isEmpty());
    QVERIFY2(!rig.button(QDialogButtonBox::Apply)->isEnabled(), "nothing is changed yet");
    QVERIFY(rig.button(QDialogButtonBox::Ok)->isEnabled());
}

void TstSettingsDialog::everyOptionOfTheTrayIsInIt()
{
    // For the daemon only, for developers, or part of another option's field.
    const QStringList left { u"LOG_FORMAT"_s,
                             u"PROXY_SHUTDOWN_GRACE_MS"_s,
                             u"PROXY_SOCKETS"_s,
                             u"PROXY_EVENT_DISPATCHER"_s,
                             u"PROXY_ADMIN"_s,
                             u"PROXY_ADMIN_TOKENS_FILE"_s,
                             u"PROXY_ADMIN_HOSTS"_s,
                             u"PROXY_METRICS"_s,
                             u"PROXY_PROXY_PROTOCOL_FROM"_s,
                             u"PROXY_STATE_DIR"_s,
                             u"PROXY_TLS_NAMES"_s,
                             u"PROXY_PARENTS_PASSWORD_FILE"_s,
                             QString::fromLatin1(config::passwordFileOption) };
    const SettingsDialogRig rig;
    for (const config::Option &option : config::optionTable()) {
        const QWidget *input = rig.input(option.environment);
        QVERIFY2((input != nullptr) != left.contains(option.environmentName()), option.environment);
        QVERIFY2(!input || input->toolTip().contains(option.environmentName()), option.environment);
    }
}

void TstSettingsDialog::numbersTakeWhatTheCoreTakes()
{
    const SettingsDialogRig rig;
    int checked = 0;
    for (const config::Option &option : config::optionTable()) {
        qint64 least = 0;
        qint64 most = 0;
        if (const auto *number = rig.inputAs<QSpinBox>(option.environment)) {
            least = number->minimum();
            most = number->maximum();
        } else if (const auto *time = rig.inputAs<DurationEdit>(option.environment)) {
            const int unit = option.environmentName().endsWith(u"_MS"_s) ? 1 : 1000;
            least = time->least().count() / unit;
            most = time->most().count() / unit;
        } else {
            continue;
        }
        config::Draft draft;
        const auto isTaken = [&option, &draft](qint64 value) {
            return option.parse(draft, QString::number(value)).isEmpty();
        };
        QVERIFY2(isTaken(least) && isTaken(most), option.environment);
        QVERIFY2(!isTaken(least - 1) && !isTaken(most + 1), option.environment);
        ++checked;
    }
    QVERIFY(checked >= 10);
}

void TstSettingsDialog::whatIsWrongIsSaidAndCannotBeApplied_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const Edit &edit, const char *reason) {
        QTest::newRow(name) << edit << QString::fromUtf8(reason);
    };
    const auto another = [](SettingsDialogRig &rig, const QString &address) {
        QComboBox *choice = rig.dialog.listening()->choice();
        choice->setCurrentIndex(choice->count() - 1);
        rig.dialog.listening()->typed()->setText(address);
    };
    const auto duration = [](const char *option, int seconds) {
        return [option, seconds](SettingsDialogRig &rig) {
            rig.inputAs<DurationEdit>(option)->setValue(std::chrono::seconds(seconds));
        };
    };
    row(
        "an address that is a name",
        [another](SettingsDialogRig &rig) { another(rig, u"localhost"_s); },
        "Listening: Address: write an address: 127.0.0.1 or ::1");
    row(
        "an address with a port",
        [another](SettingsDialogRig &rig) { another(rig, u"192.0.2.7:80"_s); },
        "the port has a setting of its own");
    row(
        "no address at all", [another](SettingsDialogRig &rig) { another(rig, {}); },
        "write an address of");
    row(
        "sign-in without a user name",
        [](SettingsDialogRig &rig) { rig.dialog.users()->required()->setChecked(true); },
        "Users: User name: type a user name");
    row(
        "a user name with a colon",
        [](SettingsDialogRig &rig) {
            rig.dialog.users()->required()->setChecked(true);
            rig.dialog.users()->user()->setText(u"ad:min"_s);
        },
        "cannot have a colon");
    row(
        "sign-in without a password",
        [](SettingsDialogRig &rig) {
            rig.dialog.users()->required()->setChecked(true);
            rig.dialog.users()->user()->setText(u"admin"_s);
        },
        "Users: Password: type a password");
    row(
        "a password with a control character",
        [](SettingsDialogRig &rig) {
            rig.dialog.users()->required()->setChecked(true);
            rig.dialog.users()->user()->setText(u"admin"_s);
            rig.dialog.users()->password()->setText(u"a\x01z"_s);
        },
        "control character");
    row("a guard's window that is too short", duration("AUTH_FAIL_RATE_LIMIT_WINDOW_MS", 0),
        "choose a time from");
    row(
        "a client that waits to be added",
        [](SettingsDialogRig &rig) {
            rig.dialog.clients()->list()->field()->setText(u"192.0.2.7"_s);
        },
        "Clients: Allowed IPs: press");
    row(
        "a client that is none",
        [](SettingsDialogRig &rig) { rig.dialog.clients()->list()->field()->setText(u"me"_s); },
        "the only word that may stand here is private");
    row(
        "a host that is none",
        [](SettingsDialogRig &rig) {
            rig.dialog.destinations()->hosts()->field()->setText(u"a/b"_s);
        },
        "Destinations: Hosts: write the host alone");
    row(
        "a port that is none",
        [](SettingsDialogRig &rig) {
            rig.dialog.destinations()->ports()->field()->setText(u"0"_s);
        },
        "Destinations: Ports: write a port");
    row(
        "no port at all",
        [](SettingsDialogRig &rig) { rig.dialog.destinations()->ports()->setEntries({}); },
        "add a port");
    row(
        "private ranges without a range",
        [](SettingsDialogRig &rig) {
            rig.dialog.destinations()->privateTargets()->setCurrentIndex(DestinationsPage::Listed);
        },
        "add a range");
    row(
        "a file of certificates that is not there",
        [](SettingsDialogRig &rig) {
            rig.dialog.destinations()->caFile()->edit()->setText(u"/not/there.pem"_s);
        },
        "cannot be read");
    row(
        "an address to connect from that is a name",
        [](SettingsDialogRig &rig) {
            rig.inputAs<QLineEdit>("PROXY_SOURCE_ADDRESS")->setText(u"eth0"_s);
        },
        "Way out: Connect from: write an address of this machine like");
    row("silence over a day", duration("PROXY_TIMEOUT_MS", 86'401), "Timeouts: Silence");
    row("no time to connect", duration("PROXY_CONNECT_TIMEOUT_MS", 0), "Timeouts: Reaching");
    row("no time for a head", duration("PROXY_HEADER_TIMEOUT_MS", 601), "Timeouts: Head");
    row("a keepalive over two hours", duration("PROXY_TCP_KEEPALIVE_S", 7201), "Timeouts: TCP");
}

void TstSettingsDialog::whatIsWrongIsSaidAndCannotBeApplied()
{
    QFETCH(Edit, edit);
    QFETCH(QString, reason);
    SettingsDialogRig rig;
    edit(rig);
    QVERIFY2(rig.dialog.error().contains(reason), qPrintable(rig.dialog.error()));
    QVERIFY(!rig.button(QDialogButtonBox::Ok)->isEnabled());
    QVERIFY(!rig.button(QDialogButtonBox::Apply)->isEnabled());
    QVERIFY(!applied(rig.dialog));
    QVERIFY(rig.engine->applied.isEmpty());
    // Shown at the field too; its page gets a sign, not only a colour.
    const QString problem = reason.section(u": "_s, -1);
    int notes = 0;
    for (const QLabel *label : rig.dialog.findChildren<QLabel *>())
        notes += label->text().startsWith(u'⚠') && label->text().contains(problem) ? 1 : 0;
    QVERIFY2(notes >= 2 || reason.startsWith(u"Timeouts"_s), qPrintable(QString::number(notes)));
    int marked = 0;
    for (int i = 0; i < rig.dialog.pages()->count(); ++i)
        marked += rig.dialog.pages()->item(i)->icon().isNull() ? 0 : 1;
    QCOMPARE(marked, 1);

    rig.dialog.reload();
    QVERIFY(rig.dialog.error().isEmpty());
    QVERIFY(rig.button(QDialogButtonBox::Ok)->isEnabled());
}

void TstSettingsDialog::appliesToEngineAndFile()
{
    const SettingsFixture file;
    SettingsDialogRig rig(file);
    rig.dialog.listening()->port()->setValue(3128);
    rig.dialog.destinations()->hosts()->add(u"api.example.com"_s);
    rig.inputAs<DurationEdit>("PROXY_TIMEOUT_MS")->setValue(std::chrono::seconds(75));
    QVERIFY(rig.button(QDialogButtonBox::Apply)->isEnabled());
    click(rig.button(QDialogButtonBox::Apply));
    QCOMPARE(rig.engine->applied.size(), 1);
    QCOMPARE(rig.engine->applied.constFirst().listen.port, quint16(3128));
    QCOMPARE(rig.store.settings(), rig.engine->applied.constFirst());
    QCOMPARE(file.read(), "port = 3128\ntimeout_ms = 75000\nallowed_hosts = api.example.com\n"_ba);
    QVERIFY(!rig.button(QDialogButtonBox::Apply)->isEnabled());

    rig.engine->running = false;
    rig.dialog.listening()->port()->setValue(3129);
    click(rig.button(QDialogButtonBox::Ok));
    QCOMPARE(rig.engine->applied.size(), 1);
    QVERIFY(file.read().startsWith("port = 3129\n"));
    QCOMPARE(rig.dialog.result(), int(QDialog::Accepted));
}

void TstSettingsDialog::anEngineThatRefusesChangesNothing()
{
    const SettingsFixture file;
    SettingsDialogRig rig(file);
    rig.engine->applyError = u"192.0.2.7:80 is in use by another program: stop that program or "
                             "choose another PROXY_PORT"_s;
    const config::Settings before = rig.store.settings();
    rig.dialog.listening()->port()->setValue(80);
    rig.dialog.application()->minimized()->setChecked(true);
    rig.dialog.application()->atLogin()->setChecked(true);
    QVERIFY(!applied(rig.dialog));
    QVERIFY2(rig.dialog.error().contains(u"in use by another program"_s),
             qPrintable(rig.dialog.error()));
    QCOMPARE(rig.store.settings(), before);
    QVERIFY(!rig.store.preferences().startMinimized);
    QVERIFY(!rig.autostart.enabled);
    QCOMPARE(file.read(), QByteArray());
    // What was typed stays, to be corrected.
    QCOMPARE(rig.dialog.listening()->port()->value(), 80);
    rig.engine->applyError.clear();
    QVERIFY(applied(rig.dialog));
    QVERIFY(rig.autostart.enabled && rig.store.preferences().startMinimized);
    QVERIFY(rig.dialog.error().isEmpty());
}

void TstSettingsDialog::aFileThatCannotBeWrittenChangesNothing()
{
    const SettingsFixture file;
    SettingsDialogRig rig(file);
    const config::Settings before = rig.store.settings();
    rig.engine->whileApplying = [&file] { QVERIFY(QDir().mkpath(file.path())); };
    rig.dialog.listening()->port()->setValue(3128);
    QVERIFY(!applied(rig.dialog));
    QVERIFY(!rig.dialog.error().isEmpty());
    QCOMPARE(rig.engine->applied.size(), 2);
    QCOMPARE(rig.engine->applied.constLast(), before);
    QCOMPARE(rig.store.settings(), before);

    rig.dialog.application()->atLogin()->setChecked(true);
    rig.dialog.application()->minimized()->setChecked(true);
    const qsizetype changes = rig.engine->applied.size();
    QVERIFY(!applied(rig.dialog));
    QCOMPARE(rig.engine->applied.size(), changes);
    QVERIFY(!rig.autostart.enabled);
}

void TstSettingsDialog::lockedValuesShowTheirSource_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("isFlag");
    const auto row = [](const char *option, const QString &value) {
        QTest::newRow(qPrintable(QLatin1StringView(option) + u", by the environment"_s))
            << QString::fromLatin1(option) << value << false;
        QTest::newRow(qPrintable(QLatin1StringView(option) + u", on the command line"_s))
            << QString::fromLatin1(option) << value << true;
    };
    row("PROXY_PORT", u"3129"_s);
    row("PROXY_ADDRESS", u"192.0.2.8"_s);
    row("ALLOWED_IPS", u"192.0.2.8"_s);
    row("PROXY_PAGES", u"local"_s);
    row("ALLOWED_HOSTS", u"example.com"_s);
    row("ALLOWED_HOSTS_MODE", u"report"_s);
    row("ALLOWED_PORTS", u"443"_s);
    row("ALLOW_PRIVATE_TARGETS", u"10.0.0.0/8"_s);
    row("PROXY_TIMEOUT_MS", u"1500"_s);
    row("MAX_CONNECTIONS_PER_IP", u"4"_s);
    row("LOG_LEVEL", u"error"_s);
}

void TstSettingsDialog::lockedValuesShowTheirSource()
{
    QFETCH(QString, option);
    QFETCH(QString, value);
    QFETCH(bool, isFlag);
    const config::Option *row = config::findOption(option);
    SettingsFixture file;
    if (isFlag)
        file.arguments = { row->flag() + u'=' + value };
    else
        file.environment.insert(option, value);
    SettingsDialogRig rig(file);
    const config::Settings before = rig.store.settings();
    const QWidget *input = rig.input(row->environment);
    QVERIFY(!input->isEnabledTo(&rig.dialog));
    const auto locks = input->parentWidget()->findChildren<QLabel *>(u"lock"_s);
    QCOMPARE(locks.size(), 1);
    QVERIFY2(locks.constFirst()->text().contains(isFlag ? row->flag() : option),
             qPrintable(locks.constFirst()->text()));
    QCOMPARE(rig.dialog.findChildren<QLabel *>(u"lock"_s).size(), 1);

    restoreEveryPage(rig.dialog);
    QCOMPARE(row->format(rig.dialog.shownSettings()), row->format(before));
    QVERIFY2(rig.dialog.error().isEmpty(), qPrintable(rig.dialog.error()));
    QVERIFY(applied(rig.dialog));
    QCOMPARE(rig.store.settings(), before);
}

void TstSettingsDialog::changesFromElsewhereKeepEdits()
{
    SettingsDialogRig rig;
    rig.dialog.listening()->port()->setValue(3128);
    config::Settings elsewhere = rig.store.settings();
    elsewhere.access.privateTargets.all = true;
    QVERIFY(applied(rig.controller, elsewhere));
    QCOMPARE(rig.dialog.listening()->port()->value(), 3128);
    QCOMPARE(rig.dialog.destinations()->privateTargets()->currentIndex(),
             int(DestinationsPage::All));
    QVERIFY(applied(rig.dialog));
    QVERIFY(rig.store.settings().access.privateTargets.all);
    QCOMPARE(rig.store.settings().listen.port, quint16(3128));
}

void TstSettingsDialog::theApplicationsOwnAreApplied()
{
    const SettingsFixture file;
    SettingsDialogRig rig(file);
    ApplicationPage *page = rig.dialog.application();
    page->atLogin()->setChecked(true);
    page->minimized()->setChecked(true);
    page->proxyAtLaunch()->setChecked(false);
    page->language()->setCurrentIndex(page->language()->findData(u"ru"_s));
    QVERIFY(applied(rig.dialog));
    QVERIFY(rig.autostart.enabled);
    QCOMPARE(rig.store.preferences().language, u"ru"_s);
    QVERIFY(rig.store.preferences().startMinimized);
    QVERIFY(!rig.store.preferences().startProxyAtLaunch);
    QVERIFY2(rig.engine->applied.isEmpty(), "the proxy has no part in it");

    rig.autostart.error = u"no such folder"_s;
    page->atLogin()->setChecked(false);
    page->minimized()->setChecked(false);
    QVERIFY(!applied(rig.dialog));
    QVERIFY(rig.dialog.error().contains(u"no such folder"_s));
    QVERIFY(rig.store.preferences().startMinimized);
}

void TstSettingsDialog::startAtLoginNeedsNoWindow()
{
    const SettingsFixture file;
    SettingsDialogRig rig(file);
    ApplicationPage *page = rig.dialog.application();
    click(page->atLogin());
    QVERIFY2(page->minimized()->isChecked(), "seen, so that it can be taken back");
    click(page->minimized());
    QVERIFY(applied(rig.dialog));
    QVERIFY(rig.autostart.enabled);
    QVERIFY(!rig.store.preferences().startMinimized);
    click(page->atLogin());
    QVERIFY(!page->minimized()->isChecked());
}

void TstSettingsDialog::everyInputHasAName()
{
    const SettingsDialogRig rig;
    for (const QWidget *widget : rig.dialog.findChildren<QWidget *>()) {
        const bool isInput = qobject_cast<const QLineEdit *>(widget)
            || qobject_cast<const QAbstractSpinBox *>(widget)
            || qobject_cast<const QComboBox *>(widget) || qobject_cast<const QListWidget *>(widget);
        // Screen readers use a spin box's own name, not that of its line edit.
        if (isInput && !qobject_cast<const QAbstractSpinBox *>(widget->parentWidget()))
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
    }
}

QTEST_MAIN(TstSettingsDialog)
#include "tst_settingsdialog.moc"
