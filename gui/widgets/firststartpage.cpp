// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/firststartpage.h"

#include "config/exposure.h"
#include "gui/control/proxycontroller.h"
#include "gui/text/plaintext.h"
#include "gui/text/testwording.h"
#include "gui/widgets/copybutton.h"
#include "gui/widgets/copysettingsmenu.h"
#include "gui/widgets/failurestrip.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/screenfit.h"
#include "gui/widgets/tabchain.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrowest = 520;
constexpr int outcomeLines = 3;

QLabel *paragraph(const QString &text, QWidget *parent)
{
    QLabel *label = makeLabel(text, parent);
    label->setWordWrap(true);
    return label;
}

QLabel *makeCaption(const QString &text, QWidget *buddy, QWidget *parent)
{
    QLabel *caption = makeLabel(text, parent);
    caption->setBuddy(buddy);
    return caption;
}

} // namespace

FirstStartPage::FirstStartPage(ProxyController &controller, QMenu *copySettings,
                               MachineAddresses machine, QWidget *parent)
    : QDialog(parent), m_controller(controller), m_machine(std::move(machine))
{
    setWindowTitle(tr("Connect a program"));
    closeByKey(this);
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins({});
    layout->addWidget(paragraph(
        tr("Sami LLM Proxy passes the requests of other programs on to the services that they "
           "name, and shows how long each takes and who ended it. It sees amounts and times, "
           "never what is in an encrypted request. It stays in the tray when its window is "
           "closed."),
        content));
    // The values below are useless until the failure is solved.
    auto *failure = new FailureStrip(controller, FailureStrip::Words::Here, content);
    connect(failure, &FailureStrip::settingsWanted, this, &FirstStartPage::settingsWanted);
    layout->addWidget(failure);

    layout->addWidget(makeValues(copySettings, content));

    auto *test = new QGroupBox(tr("Test the way to a provider"), content);
    buildTest(test);
    layout->addWidget(test);

    m_showAtStart = new QCheckBox(tr("Show this again at the next start"), content);
    layout->addWidget(m_showAtStart);
    m_area = makeScrolling(content, this);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *window = new QVBoxLayout(this);
    window->addWidget(m_area, 1);
    window->addWidget(buttons);
    // The test runs on a click only, and Enter in its address field must not close the dialog.
    m_run->setAutoDefault(false);
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);

    connect(&m_test, &ReachabilityTest::progressed, this, &FirstStartPage::showStages);
    connect(&m_test, &ReachabilityTest::finished, this, &FirstStartPage::showOutcome);
    connect(this, &QDialog::finished, &m_test, &ReachabilityTest::cancel);
    connect(&controller, &ProxyController::stateChanged, this, [this] {
        refresh();
        showWhole();
    });
    connect(&controller, &ProxyController::settingsChanged, this, &FirstStartPage::refresh);
    refresh();
    showStages();
    const QMargins margins = window->contentsMargins();
    const int around = margins.left() + margins.right();
    // A scroll area does not report how narrow its content may be.
    setMinimumWidth(layout->minimumSize().width() + around);
    resize(qMax(narrowest, minimumWidth()), 0);
    showWhole();
}

FirstStartPage::~FirstStartPage() = default;

QWidget *FirstStartPage::makeValues(QMenu *copySettings, QWidget *parent)
{
    auto *values = new QGroupBox(tr("Put this into the program's proxy settings"), parent);
    auto *form = new QFormLayout(values);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    buildValues(form);
    auto *ready = new QPushButton(tr("Copy settings for…"), values);
    ready->setAutoDefault(false);
    ready->setMenu(copySettings);
    form->addRow(makeCaption(tr("Or ready to paste:"), ready, values), ready);
    auto *share = new QPushButton(tr("On a phone or another device…"), values);
    share->setAutoDefault(false);
    connect(share, &QPushButton::clicked, this, &FirstStartPage::shareRequested);
    form->setWidget(form->rowCount(), QFormLayout::FieldRole, share);
    return values;
}

bool FirstStartPage::showsAtStart() const
{
    return m_showAtStart->isChecked();
}

void FirstStartPage::buildValues(QFormLayout *form)
{
    m_place = new QComboBox(form->parentWidget());
    m_place->addItem(tr("on this computer"), int(ClientPlace::ThisComputer));
    m_place->addItem(tr("on another computer"), int(ClientPlace::AnotherComputer));
    connect(m_place, &QComboBox::currentIndexChanged, this, &FirstStartPage::refresh);
    form->addRow(makeCaption(tr("The program runs"), m_place, form->parentWidget()), m_place);
    m_host = addValue(form, tr("Host"), Secrecy::Public);
    m_port = addValue(form, tr("Port"), Secrecy::Public);
    m_type = addValue(form, tr("Type"), Secrecy::Public);
    m_user = addValue(form, tr("Username"), Secrecy::Public);
    m_password = addValue(form, tr("Password"), Secrecy::Secret);
}

QLineEdit *FirstStartPage::addValue(QFormLayout *form, const QString &label, Secrecy secrecy)
{
    QWidget *parent = form->parentWidget();
    auto *edit = new QLineEdit(parent);
    edit->setReadOnly(true);
    QLabel *caption = makeCaption(label, edit, parent);
    auto *row = new QHBoxLayout;
    row->addWidget(edit, 1);
    if (secrecy == Secrecy::Secret) {
        m_showPassword = new QToolButton(parent);
        m_showPassword->setCheckable(true);
        m_showPassword->setText(tr("Show"));
        m_showPassword->setAccessibleName(tr("Show the password"));
        connect(m_showPassword, &QToolButton::toggled, this, &FirstStartPage::setPasswordShown);
        row->addWidget(m_showPassword);
        edit->setEchoMode(QLineEdit::Password);
    }
    auto *copy = new CopyButton(
        label, [edit] { return edit->text(); }, secrecy, parent);
    row->addWidget(copy);
    copy->setEnabled(false);
    connect(edit, &QLineEdit::textChanged, copy,
            [copy](const QString &text) { copy->setEnabled(!text.isEmpty()); });
    form->addRow(caption, row);
    return edit;
}

void FirstStartPage::setPasswordShown(bool isShown)
{
    m_password->setEchoMode(isShown ? QLineEdit::Normal : QLineEdit::Password);
}

void FirstStartPage::buildTest(QWidget *box)
{
    auto *layout = new QVBoxLayout(box);
    layout->addWidget(paragraph(
        tr("One request without a key goes through this proxy when you press the button."), box));
    m_target = new QComboBox(box);
    m_target->setAccessibleName(tr("Provider to test"));
    m_target->addItem(u"OpenAI"_s, u"https://api.openai.com/v1/models"_s);
    m_target->addItem(u"Anthropic"_s, u"https://api.anthropic.com/v1/messages"_s);
    m_target->addItem(u"OpenRouter"_s, u"https://openrouter.ai/api/v1/models"_s);
    m_target->addItem(tr("Own address"), QString());
    m_ownUrl = new QLineEdit(box);
    m_ownUrl->setAccessibleName(tr("Address to test"));
    connect(m_target, &QComboBox::currentIndexChanged, this, [this] {
        const QString url = m_target->currentData().toString();
        m_ownUrl->setReadOnly(!url.isEmpty());
        m_ownUrl->setText(url.isEmpty() ? u"https://"_s : url);
    });
    m_ownUrl->setReadOnly(true);
    m_ownUrl->setText(m_target->currentData().toString());
    m_run = new QPushButton(tr("&Test"), box);
    connect(m_run, &QPushButton::clicked, this, &FirstStartPage::runOrCancel);
    auto *row = new QHBoxLayout;
    row->addWidget(m_target);
    row->addWidget(m_ownUrl, 1);
    row->addWidget(m_run);
    layout->addLayout(row);
    for (QLabel *&stage : m_stages) {
        stage = makeLabel(box);
        layout->addWidget(stage);
    }
    m_outcome = paragraph({}, box);
    m_outcome->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_outcome->setAccessibleName(tr("Result of the test"));
    // Room for most results, so that the page does not jump when one arrives.
    m_outcome->setAlignment(Qt::AlignTop);
    m_outcome->setMinimumHeight(outcomeLines * m_outcome->fontMetrics().lineSpacing());
    layout->addWidget(m_outcome);
}

void FirstStartPage::showWhole()
{
    const QMargins margins = layout()->contentsMargins();
    QLayout *content = m_area->widget()->layout();
    content->activate();
    const int text = content->totalHeightForWidth(width() - margins.left() - margins.right());
    const int wanted = layout()->minimumSize().height() - m_area->minimumSizeHint().height() + text;
    if (wanted > height())
        resize(width(), qMin(wanted, roomFor(*this).height()));
}

bool FirstStartPage::focusNextPrevChild(bool isNext)
{
    return focusNextInReadingOrder(*this, isNext);
}

void FirstStartPage::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (!event->spontaneous())
        fitToScreen(*this);
}

ClientPlace FirstStartPage::place() const
{
    return ClientPlace(m_place->currentData().toInt());
}

void FirstStartPage::refresh()
{
    const bool hasOthers =
        CopySettingsMenu::addressFor(ClientPlace::AnotherComputer, m_controller, m_machine())
            .has_value();
    m_place->setEnabled(hasOthers);
    m_place->setToolTip(PlainText::toolTip(
        hasOthers ? QString() : tr("Other computers cannot reach this address")));
    if (!hasOthers) {
        const QSignalBlocker blocker(m_place);
        m_place->setCurrentIndex(0);
    }
    const auto address = CopySettingsMenu::addressFor(place(), m_controller, m_machine());
    m_host->setText(address ? address->host.toString() : QString());
    m_port->setText(address ? QString::number(address->port) : QString());
    m_type->setText(address && address->requiresTls ? u"https"_s : u"http"_s);
    const auto &credentials = m_controller.settings().access.credentials;
    for (QLineEdit *edit : { m_user, m_password })
        edit->setPlaceholderText(credentials ? QString()
                                     : config::asksForPassword(m_controller.settings())
                                     ? tr("each user's own")
                                     : tr("none: leave it empty"));
    m_user->setText(credentials ? QString::fromUtf8(credentials->username) : QString());
    m_password->setText(credentials ? QString::fromUtf8(credentials->password) : QString());
    m_showPassword->setEnabled(credentials.has_value());
}

QUrl FirstStartPage::target() const
{
    return QUrl(m_ownUrl->text().trimmed());
}

void FirstStartPage::runOrCancel()
{
    if (m_test.isRunning()) {
        m_test.cancel();
        return;
    }
    const auto address =
        CopySettingsMenu::addressFor(ClientPlace::ThisComputer, m_controller, m_machine());
    m_outcome->clear();
    const config::Settings &settings = m_controller.settings();
    m_test.start({ { address->host, address->port },
                   address->credentials,
                   target(),
                   settings.upstream.caFile,
                   [this](const SocketAddress &from) { m_controller.expectOwn(from); },
                   settings.tls.mode == config::TlsMode::Require,
                   config::comesFromBalancer(settings, address->host) });
    showStages();
}

void FirstStartPage::showStages()
{
    for (int i = 0; i < testStageCount; ++i) {
        const auto stage = TestStage(i);
        const StageState state = m_test.state(stage);
        const QString word = TestWording::state(state);
        m_stages[size_t(i)]->setText(TestWording::sign(state) + u"  "_s + TestWording::stage(stage)
                                     + (word.isEmpty() ? QString() : u": "_s + word));
        m_stages[size_t(i)]->setEnabled(state != StageState::Open);
    }
    m_run->setText(m_test.isRunning() ? tr("&Cancel") : tr("&Test"));
    m_target->setEnabled(!m_test.isRunning());
    m_ownUrl->setEnabled(!m_test.isRunning());
}

void FirstStartPage::showOutcome(const TestOutcome &outcome)
{
    showStages();
    // A name without a place to break would widen the window.
    const QString host =
        fontMetrics().elidedText(target().host(), Qt::ElideMiddle, m_outcome->width() / 2);
    m_outcome->setText((TestWording::isReached(outcome.verdict) ? u"✓ "_s : u"✗ "_s)
                       + TestWording::sentence(outcome, host));
    // A window does not grow by itself when its text wraps into more lines.
    m_outcome->parentWidget()->layout()->activate();
    showWhole();
    m_area->ensureWidgetVisible(m_outcome);
}

} // namespace sami::gui
