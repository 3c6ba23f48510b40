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

namespace sami::gui {

using server::ParentStep;
using server::ParentTest;

namespace {

constexpr char provider[] = "api.openai.com";

} // namespace

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
    connect(m_close, &QPushButton::clicked, this, &ServerTestView::dismiss);
    hide();
}

ServerTestView::~ServerTestView()
{
    m_test->disconnect(this);
}

void ServerTestView::begin(const config::Parent &server, For purpose, const QString &caFile,
                           const ExitRoute &exit)
{
    m_server = server;
    m_purpose = purpose;
    m_title->setText(tr("Testing %1:").arg(QString::fromUtf8(server.name)));
    m_outcome->clear();
    m_keep->hide();
    m_close->setText(tr("&Cancel the test"));
    m_test->start({ server, provider, caFile, exit });
    showSteps();
    show();
}

void ServerTestView::dismiss()
{
    m_test->cancel();
    m_server = {}; // it holds a password
    hide();
}

void ServerTestView::showSteps()
{
    for (int i = 0; i < server::parentStepCount; ++i) {
        const auto step = ParentStep(i);
        const server::ParentStepState state = m_test->state(step);
        line(step)->setText(ServerTestWording::line(step, state, m_server));
        line(step)->setEnabled(state != server::ParentStepState::Open);
    }
}

void ServerTestView::handleFinished(const server::ParentTestOutcome &outcome)
{
    showSteps();
    const QString sentence =
        ServerTestWording::sentence(outcome, m_server, QString::fromLatin1(provider));
    m_outcome->setText((outcome.isGood ? QStringLiteral("✓ ") : QStringLiteral("✗ ")) + sentence);
    announce(*m_outcome, sentence);
    const bool isOpen = m_purpose == For::Candidate && !outcome.isGood;
    // A server with another key may be an attacker, so the user cannot click this away.
    m_keep->setVisible(isOpen && !outcome.isWrongPin());
    m_close->setText(isOpen && !outcome.isWrongPin() ? tr("Do &not keep it") : tr("&Close"));
    if (m_purpose == For::Candidate && outcome.isGood) {
        m_purpose = For::Listed;
        Q_EMIT kept(m_server);
    }
}

void ServerTestView::keep()
{
    const config::Parent server = m_server;
    dismiss();
    Q_EMIT kept(server);
}

} // namespace sami::gui
