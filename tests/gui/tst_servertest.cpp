// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The test of a server on its page, in the real dialog; what the test itself does, the core's own
// test of it knows.
#include "config/parenturl.h"
#include "gui/text/servertestwording.h"
#include "gui/widgets/settings/serverspage.h"
#include "settingsdialogrig.h"

#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using net::DialFault;
using server::ParentStep;
using server::ParentStepState;
using server::ParentTestOutcome;

class TstServerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsDialledBeforeSomebodyAgrees();
    void eachStepIsShown();
    void whatPassesIsKept();
    void whatFailsMayBeKept();
    void whatFailsNeedNotBeKept();
    void aWrongPinIsRefused();
    void aListedOneCanBeTested();
    void aTestIsCancelled();
    void aClosedDialogForgets();
    void applyingLosesNoServer();
    void aSecondLinkWaitsForItsTest_data();
    void aSecondLinkWaitsForItsTest();
    void aListedOneTakesNoCandidatesPlace();
    void aNameIsTestedOnce();
    void whatComesWhileApplyingWaits_data();
    void whatComesWhileApplyingWaits();
    void aRuleOfTheServerIsNoFault_data();
    void aRuleOfTheServerIsNoFault();
    void ourOwnHostsAreAskedFor();
    void everyOutcomeHasItsSentence_data();
    void everyOutcomeHasItsSentence();
};

namespace {

const QString fra =
    u"sami-proxy://ann:s3cr%2Ct@fra.example.com:8443?pin="_s + QString(43, u'A') + u"&name=fra"_s;

ParentTestOutcome failureAt(ParentStep step, account::Reason reason, int status = 0)
{
    ParentTestOutcome outcome;
    outcome.last = step;
    outcome.reason = reason;
    outcome.status = status;
    return outcome;
}

ParentTestOutcome success(int status)
{
    ParentTestOutcome outcome;
    outcome.isGood = true;
    outcome.last = ParentStep::Provider;
    outcome.status = status;
    outcome.latency = 31ms;
    return outcome;
}

const QString ams = u"sami-proxy://ams.example.com:8443?name=ams"_s;

/// The dialog with a link that is being tested, unless the user does not want it to be.
struct Rig : SettingsDialogRig
{
    Rig() { showPage(); }
    explicit Rig(const SettingsFixture &file) : SettingsDialogRig(file) { showPage(); }

    void showPage()
    {
        dialog.show();
        dialog.pages()->setCurrentItem(
            dialog.pages()->findItems(u"Servers"_s, Qt::MatchExactly).constFirst());
    }

    [[nodiscard]] ServersPage &page() const { return *dialog.servers(); }
    [[nodiscard]] ServerTestView &view() const { return *page().test(); }
    [[nodiscard]] int kept() const { return page().list()->count(); }
    void offer(const QString &link = fra)
    {
        if (!page().offer(link))
            qFatal("the link is none");
    }
    [[nodiscard]] QString tested() const
    {
        QStringList names;
        for (const auto &request : serverTest->started)
            names.append(QString::fromUtf8(request.parent.name));
        return names.join(u' ');
    }
    /// Something that can be applied, on another page.
    void changePort() const { inputAs<QSpinBox>("PROXY_PORT")->setValue(8081); }
};

} // namespace

void TstServerTest::nothingIsDialledBeforeSomebodyAgrees()
{
    Rig rig;
    rig.answer = false;
    QVERIFY(!rig.page().offer(fra));
    QVERIFY(rig.serverTest->started.isEmpty());
    QVERIFY(!rig.view().isVisible());
    rig.answer = true;
    rig.offer();
    QCOMPARE(rig.serverTest->started.size(), 1);
    QCOMPARE(rig.serverTest->started.constFirst().parent,
             config::parseParent(fra.toUtf8()).value().parent);
    QVERIFY(rig.view().isVisible());
    QCOMPARE(rig.kept(), 0);
    QVERIFY2(rig.page().field()->text().isEmpty(), "the secret is out of sight");
}

void TstServerTest::eachStepIsShown()
{
    Rig rig;
    rig.offer();
    QVERIFY(rig.view().line(ParentStep::Name)->text().startsWith(u"◌"_s));
    rig.serverTest->reach(ParentStep::Key);
    QCOMPARE(rig.view().line(ParentStep::Tcp)->text(),
             u"✓  Connection to the server (TCP): good"_s);
    QCOMPARE(rig.view().line(ParentStep::Key)->text(), u"◌  The server's key (pin): under way…"_s);
    QCOMPARE(rig.view().line(ParentStep::Provider)->text(), u"○  A provider through it"_s);
    rig.serverTest->end(failureAt(ParentStep::Key, DialFault::TlsCertificate));
    QCOMPARE(rig.view().line(ParentStep::Key)->text(), u"✗  The server's key (pin): failed"_s);
}

void TstServerTest::whatPassesIsKept()
{
    Rig rig;
    rig.offer();
    rig.serverTest->end(success(401));
    QCOMPARE(rig.kept(), 1);
    QCOMPARE(rig.page().list()->item(0)->checkState(), Qt::Checked);
    QCOMPARE(rig.view().outcome()->text(),
             u"✓ fra works; it is 31 ms away. api.openai.com asks for an API key (401), which "
             "this test does not send: all is well."_s);
    QVERIFY(!rig.view().keepButton()->isVisible());
    QVERIFY(rig.engine->applied.isEmpty());
    rig.view().closeButton()->click();
    QVERIFY(!rig.view().isVisible());
    QVERIFY(applied(rig.dialog));
    QCOMPARE(rig.store.settings().upstream.parents.list.size(), 1);
}

void TstServerTest::whatFailsMayBeKept()
{
    Rig rig;
    rig.offer();
    QVERIFY(!rig.view().keepButton()->isVisible());
    rig.serverTest->end(failureAt(ParentStep::Tcp, DialFault::ConnectionRefused));
    QCOMPARE(rig.kept(), 0);
    QVERIFY(rig.view().outcome()->text().startsWith(u"✗ fra could not be reached"_s));
    QVERIFY(rig.view().keepButton()->isVisible());
    rig.view().keepButton()->click();
    QCOMPARE(rig.kept(), 1);
    QVERIFY(!rig.view().isVisible());
}

void TstServerTest::whatFailsNeedNotBeKept()
{
    Rig rig;
    rig.offer();
    rig.serverTest->end(failureAt(ParentStep::SignIn, DialFault::ParentCredentials));
    rig.view().closeButton()->click();
    QCOMPARE(rig.kept(), 0);
    QVERIFY(!rig.view().isVisible());
}

void TstServerTest::aWrongPinIsRefused()
{
    Rig rig;
    rig.offer();
    rig.serverTest->end(failureAt(ParentStep::Key, DialFault::PinMismatch));
    QCOMPARE(rig.kept(), 0);
    QVERIFY2(rig.view().outcome()->text().startsWith(u"✗ STOP"_s),
             qPrintable(rig.view().outcome()->text()));
    QVERIFY2(!rig.view().keepButton()->isVisible(), "there is no way around it");
    rig.view().closeButton()->click();
    QCOMPARE(rig.kept(), 0);
}

void TstServerTest::aListedOneCanBeTested()
{
    Rig rig;
    rig.choice = 1; // without a test
    rig.offer();
    QVERIFY(rig.serverTest->started.isEmpty());
    QPushButton *button = nullptr;
    for (auto *found : rig.page().findChildren<QPushButton *>()) {
        if (found->text() == u"&Test"_s)
            button = found;
    }
    QVERIFY(button && button->isEnabled());
    button->click();
    QCOMPARE(rig.serverTest->started.size(), 1);
    rig.serverTest->end(failureAt(ParentStep::Tcp, DialFault::ConnectionRefused));
    QVERIFY2(!rig.view().keepButton()->isVisible(), "it is in the list already");
    button->click();
    rig.serverTest->end(success(200));
    QCOMPARE(rig.kept(), 1);
}

void TstServerTest::aTestIsCancelled()
{
    Rig rig;
    rig.offer();
    const int before = rig.serverTest->cancels;
    rig.view().closeButton()->click();
    QCOMPARE(rig.serverTest->cancels, before + 1);
    QVERIFY(!rig.view().isVisible());
    QCOMPARE(rig.kept(), 0);
}

void TstServerTest::aClosedDialogForgets()
{
    Rig rig;
    rig.offer();
    const int before = rig.serverTest->cancels;
    rig.dialog.reject();
    QVERIFY(rig.serverTest->cancels > before);
    rig.dialog.show();
    QVERIFY(!rig.view().isVisible());
    QCOMPARE(rig.kept(), 0);
}

void TstServerTest::applyingLosesNoServer()
{
    Rig rig;
    rig.engine->holdsAnswers = true;
    rig.offer();
    rig.changePort();
    rig.dialog.apply();
    settle();
    rig.serverTest->end(success(401));
    QCOMPARE(rig.kept(), 1);
    rig.engine->release();
    settle();
    QCOMPARE(rig.kept(), 1);
    rig.engine->holdsAnswers = false;
    QVERIFY(applied(rig.dialog));
    QCOMPARE(rig.kept(), 1);
    QCOMPARE(rig.store.settings().upstream.parents.list.size(), 1);
    QCOMPARE(int(rig.store.settings().listen.port), 8081);
}

void TstServerTest::aSecondLinkWaitsForItsTest_data()
{
    QTest::addColumn<bool>("isGood");
    QTest::newRow("the first passes") << true;
    QTest::newRow("the first fails, and a person decides about it") << false;
}

void TstServerTest::aSecondLinkWaitsForItsTest()
{
    QFETCH(const bool, isGood);
    Rig rig;
    rig.offer();
    rig.offer(ams);
    QCOMPARE(rig.questions.size(), 2);
    QCOMPARE(rig.tested(), u"fra"_s);
    QVERIFY2(everyText(rig.page()).contains(u"1 more"_s), "that is said");
    rig.serverTest->end(isGood ? success(401)
                               : failureAt(ParentStep::Tcp, DialFault::ConnectionRefused));
    if (!isGood) {
        QCOMPARE(rig.tested(), u"fra"_s);
        QVERIFY(rig.view().outcome()->text().startsWith(u"✗ fra"_s));
        rig.view().closeButton()->click();
    }
    QCOMPARE(rig.kept(), isGood ? 1 : 0);
    QCOMPARE(rig.tested(), u"fra ams"_s);
    QVERIFY(rig.view().isVisible());
    rig.serverTest->end(success(401));
    QCOMPARE(rig.kept(), isGood ? 2 : 1);
}

void TstServerTest::aListedOneTakesNoCandidatesPlace()
{
    Rig rig;
    rig.choice = 1;
    rig.offer(ams);
    rig.choice = 0;
    rig.offer();
    for (auto *found : rig.page().findChildren<QPushButton *>()) {
        if (found->text() == u"&Test"_s)
            found->click();
    }
    QCOMPARE(rig.tested(), u"fra"_s);
    rig.serverTest->end(success(401));
    QCOMPARE(rig.kept(), 2);
    QCOMPARE(rig.tested(), u"fra ams"_s);
}

void TstServerTest::aNameIsTestedOnce()
{
    Rig rig;
    rig.offer();
    QVERIFY(!rig.page().offer(u"sami-proxy://other.example.com:8443?name=fra"_s));
    QCOMPARE(rig.questions.size(), 1);
    QVERIFY2(!rig.page().note()->text().isEmpty(), "that is said");
    rig.serverTest->end(success(401));
    QCOMPARE(rig.kept(), 1);
}

void TstServerTest::whatComesWhileApplyingWaits_data()
{
    QTest::addColumn<bool>("byOk");
    QTest::newRow("Apply") << false;
    QTest::newRow("OK would close the dialog") << true;
}

void TstServerTest::whatComesWhileApplyingWaits()
{
    QFETCH(const bool, byOk);
    Rig rig;
    rig.choice = 1;
    rig.engine->holdsAnswers = true;
    rig.changePort();
    rig.button(byOk ? QDialogButtonBox::Ok : QDialogButtonBox::Apply)->click();
    settle();
    rig.dialog.offerServer(ams);
    settle();
    QCOMPARE(rig.questions.size(), 0);
    rig.engine->release();
    settle();
    QCOMPARE(rig.questions.size(), 1);
    QVERIFY(rig.dialog.isVisible());
    QCOMPARE(rig.kept(), 1);
    QCOMPARE(int(rig.store.settings().listen.port), 8081);
}

void TstServerTest::aRuleOfTheServerIsNoFault_data()
{
    QTest::addColumn<int>("forbidden"); ///< so many providers
    QTest::addColumn<QString>("words");
    QTest::newRow("another provider is allowed")
        << 1
        << u"✓ fra works; it is 31 ms away. api.anthropic.com asks for an API key (401), which "
           "this test does not send: all is well. The server's own rules do not allow "
           "api.openai.com."_s;
    QTest::newRow("no well-known one is")
        << 3
        << u"– fra answers, but its own rules do not allow api.openai.com, api.anthropic.com, "
           "generativelanguage.googleapis.com, so what lies beyond it was not tested. It may be "
           "meant for other hosts, or not for this computer."_s;
}

void TstServerTest::aRuleOfTheServerIsNoFault()
{
    QFETCH(const int, forbidden);
    QFETCH(const QString, words);
    Rig rig;
    rig.offer();
    QCOMPARE(rig.serverTest->started.constLast().provider, "api.openai.com"_ba);
    for (int i = 0; i < forbidden; ++i)
        rig.serverTest->end(failureAt(ParentStep::Provider, DialFault::ParentForbids));
    const bool isGood = forbidden < 3;
    if (isGood)
        rig.serverTest->end(success(401));
    QCOMPARE(rig.view().outcome()->text(), words);
    QCOMPARE(rig.kept(), isGood ? 1 : 0);
    if (isGood)
        return;
    QCOMPARE(rig.view().line(ParentStep::Provider)->text(),
             u"–  A provider through it: not allowed by the server's rules"_s);
    QCOMPARE(rig.view().keepButton()->text(), u"&Keep it"_s);
    rig.view().keepButton()->click();
    QCOMPARE(rig.kept(), 1);
}

void TstServerTest::ourOwnHostsAreAskedFor()
{
    const SettingsFixture file;
    file.write(
        "allowed_hosts = *.y.example, 192.0.2.9, x.example:80, llm.example.net, @anthropic\n");
    Rig rig(file);
    rig.offer();
    QCOMPARE(rig.serverTest->started.constLast().provider, "llm.example.net"_ba);
    rig.serverTest->end(failureAt(ParentStep::Provider, DialFault::ParentForbids));
    QCOMPARE(rig.serverTest->started.constLast().provider, "api.anthropic.com"_ba);
    rig.serverTest->end(failureAt(ParentStep::Provider, DialFault::ParentForbids));
    QCOMPARE(rig.serverTest->started.size(), 2);
    QVERIFY2(rig.view().outcome()->text().contains(u"llm.example.net, api.anthropic.com"_s),
             qPrintable(rig.view().outcome()->text()));
}

void TstServerTest::everyOutcomeHasItsSentence_data()
{
    QTest::addColumn<ParentTestOutcome>("outcome");
    QTest::addColumn<QString>("words");
    QTest::newRow("the provider answers")
        << success(404)
        << u"fra works; it is 31 ms away. api.example.com answered with status 404."_s;
    QTest::newRow("it leads there, and nothing more is known")
        << success(0)
        << u"fra works; it is 31 ms away. api.example.com can be reached "
           "through it."_s;
    QTest::newRow("no such name") << failureAt(ParentStep::Name, DialFault::NameNotFound)
                                  << u"The address of fra was not found"_s;
    QTest::newRow("not reached") << failureAt(ParentStep::Tcp, DialFault::ConnectionRefused)
                                 << u"fra could not be reached"_s;
    QTest::newRow("no TLS") << failureAt(ParentStep::Tls, DialFault::TlsProtocol)
                            << u"fra was reached, but no encrypted connection could be set up"_s;
    QTest::newRow("another key") << failureAt(ParentStep::Key, DialFault::PinMismatch)
                                 << u"STOP: the server at the address of fra has another key"_s;
    QTest::newRow("no trust") << failureAt(ParentStep::Key, DialFault::TlsCertificate)
                              << u"The certificate of fra is not one that this computer trusts"_s;
    QTest::newRow("no sign-in") << failureAt(ParentStep::SignIn, DialFault::ParentCredentials)
                                << u"fra was reached, but cannot be used"_s;
    QTest::newRow("the provider refuses")
        << failureAt(ParentStep::Provider, {}, 403)
        << u"fra works, but api.example.com answers with status 403."_s;
    QTest::newRow("the provider is not reached")
        << failureAt(ParentStep::Provider, DialFault::DestinationFailed)
        << u"fra takes the user name and the password, but api.example.com could not be reached"_s;
}

void TstServerTest::everyOutcomeHasItsSentence()
{
    QFETCH(const ParentTestOutcome, outcome);
    QFETCH(const QString, words);
    const config::Parent server = config::parseParent(fra.toUtf8()).value().parent;
    const QString sentence = ServerTestWording::sentence(outcome, server, u"api.example.com"_s);
    QVERIFY2(sentence.startsWith(words), qPrintable(sentence));
    QVERIFY(!sentence.contains(u'%'));
    QVERIFY(sentence.endsWith(u'.'));
}

QTEST_MAIN(TstServerTest)
#include "tst_servertest.moc"
