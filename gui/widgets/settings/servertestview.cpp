// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/servertestview.h"

#include "gui/text/servertestwording.h"
#include "gui/widgets/announce.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/settings/problemnote.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sami::gui {

using server::ParentStep;
using server::ParentTest;

ServerTestView::ServerTestView(const MakeParentTest &make, QWidget *parent)
    : QWidget(parent), m_test(make()), m_title(makeWideLabel({}, this)),
      m_outcome(makeWideLabel({}, this)),
      m_keep(new QPushButton(tr("&Keep it all the same"), this)),
      m_close(new QPushButton(tr("&Close"), this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_title);
    for (QLabel *&line : m_lines) {
        line = makeLabel(this);
        layout->addWidget(line);
    }
    layout->addWidget(m_outcome);
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : { m_keep, m_close }) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    layout->addLayout(buttons);
    connect(m_test.get(), &ParentTest::progressed, this, &ServerTestView::showSteps);
    connect(m_test.get(), &ParentTest::finished, this, &ServerTestView::handleFinished);
    connect(m_keep, &QPushButton::clicked, this, &ServerTestView::keep);
    connect(m_close, &QPushButton::clicked, this, &ServerTestView::goOn);
    hide();
}

ServerTestView::~ServerTestView()
{
    m_test->disconnect(this);
}

bool ServerTestView::isUndecided() const
{
    return !isHidden() && m_trial.purpose == For::Candidate;
}

bool ServerTestView::isTesting() const
{
    return (m_isRunning && m_trial.purpose == For::Candidate) || !m_waiting.isEmpty();
}

bool ServerTestView::hasCandidate(const QByteArray &name) const
{
    return (isUndecided() && m_trial.server.name == name)
        || std::any_of(m_waiting.begin(), m_waiting.end(), [&name](const Trial &trial) {
               return trial.purpose == For::Candidate && trial.server.name == name;
           });
}

void ServerTestView::begin(const Trial &trial)
{
    if (isUndecided()) {
        m_waiting.append(trial);
        showTitle();
        Q_EMIT changed();
        return;
    }
    run(trial);
}

void ServerTestView::run(const Trial &trial)
{
    m_trial = trial;
    m_forbidden.clear();
    m_outcome->clear();
    m_keep->hide();
    m_close->setText(tr("&Cancel the test"));
    m_isRunning = true;
    ask();
    showTitle();
    show();
    Q_EMIT changed();
}

void ServerTestView::ask()
{
    m_provider = m_trial.providers.takeFirst();
    m_test->start({ m_trial.server, m_provider, m_trial.caFile, m_trial.exit });
    showSteps();
}

void ServerTestView::showTitle()
{
    QString words = tr("Testing %1:").arg(QString::fromUtf8(m_trial.server.name));
    if (!m_waiting.isEmpty())
        words += QLatin1Char(' ') + tr("(then %n more)", nullptr, int(m_waiting.size()));
    m_title->setText(words);
}

void ServerTestView::dismiss()
{
    m_waiting.clear();
    goOn();
}

void ServerTestView::goOn()
{
    m_test->cancel();
    m_isRunning = false;
    m_trial = {}; // its password
    hide();
    if (!m_waiting.isEmpty())
        run(m_waiting.takeFirst());
    else
        Q_EMIT changed();
}

void ServerTestView::showSteps()
{
    for (int i = 0; i < server::parentStepCount; ++i) {
        const auto step = ParentStep(i);
        const server::ParentStepState state = m_test->state(step);
        line(step)->setText(ServerTestWording::line(step, state, m_trial.server));
        line(step)->setEnabled(state != server::ParentStepState::Open);
    }
}

void ServerTestView::handleFinished(const server::ParentTestOutcome &outcome)
{
    const QString provider = QString::fromLatin1(m_provider);
    if (outcome.isForbidden()) {
        m_forbidden.append(provider);
        if (!m_trial.providers.isEmpty()) {
            ask();
            return;
        }
    }
    m_isRunning = false;
    showSteps();
    if (outcome.isForbidden()) {
        line(ParentStep::Provider)->setText(ServerTestWording::forbiddenLine(m_trial.server));
        tell(QStringLiteral("– "), ServerTestWording::forbidden(m_trial.server, m_forbidden));
    } else {
        QString words = ServerTestWording::sentence(outcome, m_trial.server, provider);
        if (!m_forbidden.isEmpty())
            words += QLatin1Char(' ') + ServerTestWording::alsoForbidden(m_forbidden);
        tell(outcome.isGood ? QStringLiteral("✓ ") : QStringLiteral("✗ "), words);
    }
    const bool isOpen = m_trial.purpose == For::Candidate && !outcome.isGood;
    // Whoever answers with another key is nobody to talk to, whatever a person is used to click.
    m_keep->setVisible(isOpen && !outcome.isWrongPin());
    m_keep->setText(outcome.isForbidden() ? tr("&Keep it") : tr("&Keep it all the same"));
    m_close->setText(isOpen && !outcome.isWrongPin() ? tr("Do &not keep it") : tr("&Close"));
    if (m_trial.purpose == For::Candidate && outcome.isGood) {
        m_trial.purpose = For::Listed;
        Q_EMIT kept(m_trial.server);
        if (!m_waiting.isEmpty())
            goOn();
    }
    Q_EMIT changed();
}

void ServerTestView::tell(const QString &sign, const QString &sentence)
{
    m_outcome->setText(sign + sentence);
    announce(*m_outcome, sentence);
}

void ServerTestView::keep()
{
    Q_EMIT kept(config::Parent(m_trial.server));
    goOn();
}

} // namespace sami::gui
