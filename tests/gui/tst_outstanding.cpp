// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What the window does until the engine answers: the scripted engine holds its answers back, as one
// in another process would.
#include "gui/widgets/failurestrip.h"
#include "gui/widgets/settings/applicationpage.h"
#include "gui/widgets/sharedialog.h"
#include "guirig.h"
#include "presses.h"
#include "settingsdialogrig.h"

#include <QCheckBox>
#include <QDir>
#include <QGroupBox>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

namespace {

using Done = QList<bool>;

/// Records each answer of the controller.
ProxyController::Answer into(QStringList &answers)
{
    return [&answers](const ProxyController::Outcome &outcome) {
        answers.append(outcome ? u"done"_s : outcome.error());
    };
}

config::Settings withPort(config::Settings settings, quint16 port)
{
    settings.listen.port = port;
    return settings;
}

/// A dialog with another port typed in, over an engine that holds its answers back.
struct DialogRig : SettingsDialogRig
{
    DialogRig()
    {
        start(controller);
        engine->holdsAnswers = true;
        QObject::connect(&dialog, &SettingsDialog::applied, &dialog,
                         [this](bool isDone) { done.append(isDone); });
        dialog.show();
        auto *port = inputAs<QSpinBox>("PROXY_PORT");
        if (!port)
            qFatal("there is no field for the port");
        port->setValue(9999);
    }

    Done done;
};

} // namespace

class TstOutstanding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void applyPressedTwiceAppliesOnce();
    void nothingIsEditedMeanwhile();
    void aDialogThatIsClosedMeanwhileStaysClosed();
    void aDialogThatIsClosedMeanwhileComesBackWithTheReason();
    void whatTheEngineRefusesIsSaidAndEditedOn();
    void aRefusalTakesBackOnlyWhatTheDialogSaved();
    void aShareDialogOpenedAgainHearsNoOlderAnswer();
    void theWayOutPressedTwiceIsTakenOnce();
    void aDialogThatIsGoneHearsNothing();
    void aProgramThatQuitsHearsNothing();
    void changesAreMadeOneAfterTheOther();
    void aSecondChangeKeepsTheFirst();
    void whatTheWindowRemembersMeanwhileStays();
    void aProxyThatStoppedMeanwhileRefusesNothing();
    void aProxyThatStoppedMeanwhileHasNothingToTakeBack();
    void aChangeWaitsForTheStart();
    void aStartWaitsForTheChange();
    void aStartThatWasStoppedIsNoRun();
    void aSecondStartIsTheSame();
};

void TstOutstanding::applyPressedTwiceAppliesOnce()
{
    DialogRig rig;
    QPushButton *apply = rig.button(QDialogButtonBox::Apply);
    click(apply);
    QVERIFY2(!apply->isEnabled(), "there is nothing to press twice");
    QVERIFY2(!rig.dialog.error().isEmpty(), "and it is said why");
    rig.dialog.apply();
    settle();
    QCOMPARE(rig.engine->applied.size(), 1);
    QVERIFY(rig.done.isEmpty());
    rig.engine->release();
    settle();
    QCOMPARE(rig.done, Done { true });
    QCOMPARE(rig.engine->applied.size(), 1);
    QCOMPARE(rig.controller.settings().listen.port, 9999);
    QVERIFY(rig.dialog.error().isEmpty());
}

void TstOutstanding::nothingIsEditedMeanwhile()
{
    DialogRig rig;
    QWidget *port = rig.input("PROXY_PORT");
    rig.dialog.apply();
    QVERIFY(!port->isEnabled());
    QVERIFY(!rig.button(QDialogButtonBox::RestoreDefaults)->isEnabled());
    QVERIFY2(rig.button(QDialogButtonBox::Cancel)->isEnabled(), "who does not want to wait may go");
    rig.engine->release();
    settle();
    QVERIFY(port->isEnabled());
    QVERIFY(rig.button(QDialogButtonBox::RestoreDefaults)->isEnabled());
}

void TstOutstanding::aDialogThatIsClosedMeanwhileStaysClosed()
{
    DialogRig rig;
    click(rig.button(QDialogButtonBox::Ok));
    QVERIFY2(rig.dialog.isVisible(), "OK closes when it is done");
    rig.dialog.reject();
    rig.engine->release();
    settle();
    QVERIFY(!rig.dialog.isVisible());
    QVERIFY2(rig.controller.settings().listen.port == 9999, "what was ordered is not taken back");
}

void TstOutstanding::aDialogThatIsClosedMeanwhileComesBackWithTheReason()
{
    DialogRig rig;
    rig.engine->applyError = u"in use"_s;
    click(rig.button(QDialogButtonBox::Apply));
    rig.dialog.reject();
    QVERIFY(!rig.dialog.isVisible());
    rig.engine->release();
    settle();
    QVERIFY2(rig.dialog.isVisible(), "nobody would know that nothing has changed");
    QVERIFY2(rig.dialog.error().endsWith(u"in use"_s), qPrintable(rig.dialog.error()));
    QVERIFY2(rig.dialog.shownSettings().listen.port == 9999, "as it was left");
}

void TstOutstanding::whatTheEngineRefusesIsSaidAndEditedOn()
{
    DialogRig rig;
    rig.engine->applyError = u"in use"_s;
    click(rig.button(QDialogButtonBox::Ok));
    rig.engine->release();
    settle();
    QCOMPARE(rig.done, Done { false });
    QVERIFY(rig.dialog.isVisible());
    QVERIFY2(rig.dialog.error().endsWith(u"in use"_s), qPrintable(rig.dialog.error()));
    QVERIFY(rig.input("PROXY_PORT")->isEnabled());
    // This Apply does not close the dialog, although OK was pressed before.
    rig.engine->applyError.clear();
    rig.dialog.apply();
    rig.engine->release();
    settle();
    QCOMPARE(rig.done, Done({ false, true }));
    QVERIFY(rig.dialog.isVisible());
}

void TstOutstanding::aRefusalTakesBackOnlyWhatTheDialogSaved()
{
    DialogRig rig;
    rig.dialog.application()->minimized()->setChecked(true);
    rig.engine->applyError = u"in use"_s;
    rig.dialog.apply();
    Preferences meanwhile = rig.store.preferences();
    QVERIFY(meanwhile.startMinimized);
    meanwhile.pane = u"denied"_s;
    QVERIFY(rig.store.savePreferences(meanwhile));
    rig.engine->release();
    settle();
    QCOMPARE(rig.done, Done { false });
    QVERIFY(!rig.store.preferences().startMinimized);
    QCOMPARE(rig.store.preferences().pane, u"denied"_s);
}

void TstOutstanding::aShareDialogOpenedAgainHearsNoOlderAnswer()
{
    GuiRig rig;
    ShareDialog dialog(rig.controller, [] {
        return QList<OwnAddress> { { u"wlan0"_s, QHostAddress(u"192.168.1.20"_s), 24 } };
    });
    rig.engine->holdsAnswers = true;
    rig.engine->applyError = u"in use"_s;
    dialog.show();
    click(dialog.applyButton());
    QVERIFY2(!dialog.applyButton()->isEnabled(), "there is nothing to press twice");
    dialog.reject();
    dialog.show();
    QVERIFY(dialog.applyButton()->isEnabled());
    rig.engine->applyError.clear();
    click(dialog.applyButton());
    rig.engine->release();
    settle();
    QVERIFY2(dialog.problem()->isHidden(), qPrintable(dialog.problem()->text()));
    QVERIFY2(!dialog.applyButton()->isEnabled(), "the second answer is outstanding");
    rig.engine->release();
    settle();
    QVERIFY(!dialog.result()->isHidden());
}

void TstOutstanding::theWayOutPressedTwiceIsTakenOnce()
{
    GuiRig rig;
    rig.controller.stop();
    rig.engine->startError = u"in use"_s;
    start(rig.controller);
    QCOMPARE(rig.controller.state(), ProxyState::Failed);
    FailureStrip strip(rig.controller, FailureStrip::Words::Elsewhere);
    const QSignalSpy changes(&rig.controller, &ProxyController::settingsChanged);
    strip.wayOut()->click();
    click(strip.wayOut());
    QCOMPARE(changes.size(), 1);
    click(strip.wayOut());
    QCOMPARE(changes.size(), 2);
}

void TstOutstanding::aDialogThatIsGoneHearsNothing()
{
    GuiRig rig;
    rig.engine->holdsAnswers = true;
    QStringList answers;
    {
        QObject context;
        rig.controller.apply(withPort(rig.controller.settings(), 9999), &context, into(answers));
    }
    rig.engine->release();
    settle();
    QVERIFY(answers.isEmpty());
    QCOMPARE(rig.controller.settings().listen.port, 9999);
}

void TstOutstanding::aProgramThatQuitsHearsNothing()
{
    QStringList answers;
    QObject context;
    {
        GuiRig rig;
        rig.controller.apply(withPort(rig.controller.settings(), 9999), &context, into(answers));
        rig.engine->holdsAnswers = true;
        rig.controller.apply(withPort(rig.controller.settings(), 9998), &context, into(answers));
        rig.controller.stop();
    }
    settle();
    QVERIFY(answers.isEmpty());
}

void TstOutstanding::changesAreMadeOneAfterTheOther()
{
    GuiRig rig;
    rig.engine->holdsAnswers = true;
    QStringList answers;
    rig.controller.apply(withPort(rig.controller.settings(), 9998), this, into(answers));
    rig.controller.apply(withPort(rig.controller.settings(), 9999), this, into(answers));
    settle();
    QCOMPARE(rig.engine->applied.size(), 1);
    rig.engine->release();
    settle();
    QCOMPARE(answers, QStringList { u"done"_s });
    QCOMPARE(rig.engine->applied.size(), 2);
    rig.engine->release();
    settle();
    QCOMPARE(answers, QStringList({ u"done"_s, u"done"_s }));
    QCOMPARE(rig.controller.settings().listen.port, 9999);
}

void TstOutstanding::aSecondChangeKeepsTheFirst()
{
    GuiRig rig;
    rig.engine->holdsAnswers = true;
    QStringList answers;
    config::Settings other = rig.controller.settings();
    other.timeouts.silence = std::chrono::minutes(5);
    rig.controller.apply(withPort(rig.controller.settings(), 9999), this, into(answers));
    rig.controller.apply(other, this, into(answers));
    for (int turn = 0; turn < 2; ++turn) {
        rig.engine->release();
        settle();
    }
    QCOMPARE(answers.size(), 2);
    QVERIFY2(rig.controller.settings().listen.port == 9999, "the first is taken back");
    QVERIFY(rig.controller.settings().timeouts.silence == std::chrono::minutes(5));
}

void TstOutstanding::whatTheWindowRemembersMeanwhileStays()
{
    GuiRig rig;
    rig.engine->holdsAnswers = true;
    QStringList answers;
    rig.controller.apply(withPort(rig.controller.settings(), 9999), this, into(answers));
    Preferences preferences = rig.store.preferences();
    preferences.pane = u"denied"_s;
    QVERIFY(rig.store.savePreferences(preferences));
    rig.engine->release();
    settle();
    QCOMPARE(answers, QStringList { u"done"_s });
    SettingsStore next({ rig.store.path(), {}, {} });
    QVERIFY(next.open());
    QCOMPARE(next.settings().listen.port, 9999);
    QCOMPARE(next.preferences().pane, u"denied"_s);
}

void TstOutstanding::aProxyThatStoppedMeanwhileRefusesNothing()
{
    GuiRig rig;
    rig.engine->holdsAnswers = true;
    rig.engine->applyError = u"the proxy is not running"_s;
    QStringList answers;
    rig.controller.apply(withPort(rig.controller.settings(), 9999), this, into(answers));
    rig.controller.stop();
    rig.engine->release();
    settle();
    QCOMPARE(answers, QStringList { u"done"_s });
    SettingsStore next({ rig.store.path(), {}, {} });
    QVERIFY(next.open());
    QVERIFY2(next.settings().listen.port == 9999, "as for one that was stopped before");
}

void TstOutstanding::aProxyThatStoppedMeanwhileHasNothingToTakeBack()
{
    GuiRig rig;
    rig.engine->holdsAnswers = true;
    QStringList answers;
    rig.controller.apply(withPort(rig.controller.settings(), 9999), this, into(answers));
    rig.controller.stop();
    // A folder in the file's place.
    QVERIFY(QDir().mkpath(rig.store.path()));
    rig.engine->release();
    settle();
    QCOMPARE(answers.size(), 1);
    QVERIFY2(answers.first().contains(rig.store.path()), qPrintable(answers.first()));
    QVERIFY2(!answers.first().contains(u"not running"_s), qPrintable(answers.first()));
    QCOMPARE(rig.engine->applied.size(), 1);
    QVERIFY(rig.controller.settings().listen.port != 9999);
}

void TstOutstanding::aChangeWaitsForTheStart()
{
    GuiRig rig;
    rig.controller.stop();
    rig.engine->holdsAnswers = true;
    QStringList answers;
    rig.controller.start();
    rig.controller.apply(withPort(rig.controller.settings(), 9999), this, into(answers));
    settle();
    QVERIFY(rig.engine->applied.isEmpty());
    QVERIFY(rig.controller.state() == ProxyState::Stopped);
    rig.engine->release();
    settle();
    QVERIFY(rig.controller.state() == ProxyState::Running);
    QCOMPARE(rig.engine->applied.size(), 1);
    rig.engine->release();
    settle();
    QCOMPARE(answers, QStringList { u"done"_s });
}

void TstOutstanding::aStartWaitsForTheChange()
{
    GuiRig rig;
    rig.controller.stop();
    const int starts = rig.engine->starts;
    QStringList answers;
    rig.controller.apply(withPort(rig.controller.settings(), 9999), this, into(answers));
    rig.controller.start();
    QCOMPARE(rig.engine->starts, starts);
    settle();
    QCOMPARE(answers, QStringList { u"done"_s });
    QCOMPARE(rig.engine->starts, starts + 1);
    QVERIFY2(rig.engine->effective()->settings.listen.port == 9999, "it runs with older settings");
}

void TstOutstanding::aStartThatWasStoppedIsNoRun()
{
    GuiRig rig;
    rig.controller.stop();
    settle();
    QSignalSpy states(&rig.controller, &ProxyController::stateChanged);
    rig.engine->holdsAnswers = true;
    rig.controller.start();
    rig.controller.stop();
    rig.engine->release();
    settle();
    QVERIFY(rig.controller.state() == ProxyState::Stopped);
    QVERIFY(states.isEmpty());
    QVERIFY2(!rig.engine->running, "the engine was not told");
    start(rig.controller);
    rig.engine->release();
    settle();
    QVERIFY(rig.controller.state() == ProxyState::Running);
}

void TstOutstanding::aSecondStartIsTheSame()
{
    GuiRig rig;
    rig.controller.stop();
    const int starts = rig.engine->starts;
    rig.engine->holdsAnswers = true;
    rig.controller.start();
    rig.controller.start();
    rig.engine->release();
    settle();
    QCOMPARE(rig.engine->starts, starts + 1);
    QVERIFY(rig.controller.state() == ProxyState::Running);
}

QTEST_MAIN(TstOutstanding)
#include "tst_outstanding.moc"
