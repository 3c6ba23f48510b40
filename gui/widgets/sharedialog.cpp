// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/sharedialog.h"

#include "base/endpoint.h"
#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "gui/text/coretext.h"
#include "gui/text/exposuretext.h"
#include "gui/text/snippets.h"
#include "gui/widgets/announce.h"
#include "gui/widgets/copybutton.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/qrview.h"
#include "gui/widgets/screenfit.h"
#include "gui/widgets/settings/problemnote.h"
#include "gui/widgets/tabchain.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrowest = 600;
/// Visible characters of a value, beside the picture and the buttons.
constexpr int shownCharacters = 24;

} // namespace

ShareDialog::ShareDialog(ProxyController &controller, Machine machine, QWidget *parent)
    : QDialog(parent), m_controller(controller), m_machine(std::move(machine)),
      m_fresh(Sharing::generatePassword())
{
    closeByKey(this);
    setWindowTitle(tr("Phone or another device"));
    m_area = makeScrolling(buildContent(), this);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_apply = buttons->addButton(QString(), QDialogButtonBox::ApplyRole);
    // Only a click opens the proxy, not Enter pressed by habit.
    for (QPushButton *button : { m_apply, buttons->button(QDialogButtonBox::Close) })
        button->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, &ShareDialog::apply);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_area, 1);
    layout->addWidget(buttons);

    connect(m_address, &QComboBox::currentIndexChanged, this, &ShareDialog::refresh);
    connect(&controller, &ProxyController::stateChanged, this, [this] {
        refresh();
        if (std::exchange(m_announcesStart, false))
            announceNews();
    });
    connect(&controller, &ProxyController::settingsChanged, this, &ShareDialog::refresh);
    connect(&controller, &ProxyController::settingsChanged, this, &ShareDialog::lookAtUsers);
    connect(&controller, &ProxyController::usersChanged, this, &ShareDialog::lookAtUsers);
    connect(&m_users, &UsersKeeper::looked, this, &ShareDialog::refresh);
    lookAtUsers();
    listAddresses();
    resize(narrowest, 0);
}

ShareDialog::~ShareDialog() = default;

QWidget *ShareDialog::buildContent()
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins({});
    m_intro = makeWideLabel({}, content);
    m_address = new QComboBox(content);
    QLabel *caption = makeLabel(tr("&Address of this computer:"), content);
    caption->setBuddy(m_address);
    auto *row = new QHBoxLayout;
    row->addWidget(caption);
    row->addWidget(m_address, 1);
    m_changes = makeWideLabel({}, content);
    m_problem = makeProblemNote(content);
    m_exposure = makeWideLabel({}, content);
    m_result = buildResult(content);
    layout->addWidget(m_intro);
    layout->addLayout(row);
    layout->addWidget(m_changes);
    layout->addWidget(m_problem);
    layout->addWidget(m_exposure);
    layout->addWidget(m_result);
    layout->addStretch();
    return content;
}

QGroupBox *ShareDialog::buildResult(QWidget *parent)
{
    auto *box = new QGroupBox(tr("Put this into the device's proxy settings"), parent);
    auto *layout = new QVBoxLayout(box);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_picture = new QrView(box);
    m_picture->setAccessibleName(tr("QR code of the address with the password"));
    auto *top = new QHBoxLayout;
    top->addWidget(m_picture, 0, Qt::AlignTop);
    top->addLayout(form, 1);
    layout->addLayout(top);
    m_host = addValue(form, tr("Host"), Secrecy::Public);
    m_port = addValue(form, tr("Port"), Secrecy::Public);
    m_user = addValue(form, tr("Username"), Secrecy::Public);
    m_password = addValue(form, tr("Password"), Secrecy::Secret);
    m_pictureNote = makeWideLabel({}, box);
    layout->addWidget(m_pictureNote);
    buildHints(box);
    return box;
}

void ShareDialog::buildHints(QWidget *parent)
{
    QLayout *layout = parent->layout();
    layout->addWidget(makeWideLabel(
        tr("Android: Settings › Wi-Fi › your network › Edit › Advanced › Proxy: Manual. It has no "
           "fields for the password: browsers ask for it, other apps may not."),
        parent));
    layout->addWidget(makeWideLabel(
        tr("iPhone: Settings › Wi-Fi › (i) beside your network › Configure Proxy › Manual, with "
           "Authentication switched on."),
        parent));
    m_firewall = makeWideLabel({}, parent);
    layout->addWidget(m_firewall);
}

QLineEdit *ShareDialog::addValue(QFormLayout *form, const QString &label, Secrecy secrecy)
{
    QWidget *parent = form->parentWidget();
    auto *edit = new QLineEdit(parent);
    edit->setReadOnly(true);
    edit->setMinimumWidth(shownCharacters * fontMetrics().averageCharWidth());
    QLabel *caption = makeLabel(label, parent);
    caption->setBuddy(edit);
    auto *row = new QHBoxLayout;
    row->addWidget(edit, 1);
    if (secrecy == Secrecy::Secret) {
        edit->setEchoMode(QLineEdit::Password);
        m_showPassword = new QToolButton(parent);
        m_showPassword->setCheckable(true);
        m_showPassword->setText(tr("Show"));
        m_showPassword->setAccessibleName(tr("Show the password"));
        connect(m_showPassword, &QToolButton::toggled, this, &ShareDialog::setPasswordShown);
        row->addWidget(m_showPassword);
    }
    row->addWidget(new CopyButton(
        label, [edit] { return edit->text(); }, secrecy, parent));
    form->addRow(caption, row);
    return edit;
}

void ShareDialog::setPasswordShown(bool isShown)
{
    m_password->setEchoMode(isShown ? QLineEdit::Normal : QLineEdit::Password);
}

void ShareDialog::listAddresses()
{
    const QHostAddress before = chosen().address;
    m_own = m_machine();
    const QSignalBlocker blocker(m_address);
    m_address->clear();
    for (const OwnAddress &own : std::as_const(m_own)) {
        const QString address = own.address.toString();
        m_address->addItem(
            own.isVirtual
                ? tr("%1 (%2, a VPN or a virtual network)").arg(address, own.interfaceName)
                : tr("%1 (%2)", "address (name of the network interface)")
                      .arg(address, own.interfaceName));
        if (own.address == before)
            m_address->setCurrentIndex(m_address->count() - 1);
    }
    m_address->setEnabled(m_own.size() > 1);
    refresh();
}

OwnAddress ShareDialog::chosen() const
{
    return m_own.value(m_address->currentIndex());
}

void ShareDialog::lookAtUsers()
{
    m_users.look(m_controller.settings().users.file);
}

bool ShareDialog::knowsUsers() const
{
    const QString &file = m_controller.settings().users.file;
    return file.isEmpty() || file == m_users.found().path;
}

Sharing ShareDialog::plan() const
{
    const QList<users::UserPtr> &others = m_users.found().users;
    const QByteArray name = freeUserName([&others](const QByteArray &wanted) {
        return std::any_of(others.cbegin(), others.cend(),
                           [&wanted](const users::UserPtr &user) { return user->name == wanted; });
    });
    return { m_controller.settings(), chosen(), { name, m_fresh } };
}

void ShareDialog::refresh()
{
    const ProxyState state = m_controller.state();
    m_exposure->setText(
        ExposureText::of(m_controller.settings(), state, m_controller.listenAddress().port)
            .sentence);
    if (m_own.isEmpty()) {
        m_intro->setText(tr("This computer is not connected to a network now: connect it to the "
                            "device's network and open this again."));
        m_changes->hide();
        m_result->hide();
        m_apply->hide();
        showProblem(m_problem, {});
        return;
    }
    const Sharing sharing = plan();
    const bool isDone = sharing.changes().isEmpty() && state != ProxyState::Stopped;
    m_intro->setText(
        isDone && state == ProxyState::Running
            ? tr("A device in this network can use the proxy with these values.")
            : isDone ? tr("With these values a device in this network can use the proxy when it "
                          "runs.")
                     : tr("To let a phone or another computer in this network use the proxy, "
                          "this changes:"));
    m_changes->setVisible(!isDone);
    m_apply->setVisible(!isDone);
    m_result->setVisible(isDone);
    if (isDone)
        showResult();
    else
        showPlan(sharing);
    fitContent();
}

void ShareDialog::showPlan(const Sharing &sharing)
{
    QStringList lines;
    for (const Sharing::Change change : sharing.changes())
        lines.append(u"• "_s + sharing.sentence(change));
    if (m_controller.state() == ProxyState::Stopped)
        lines.append(u"• "_s + tr("The proxy starts."));
    m_changes->setText(lines.join(u'\n'));
    m_apply->setText(sharing.changes().isEmpty() ? tr("Start the proxy")
                                                 : tr("Open for the home network"));
    const QStringList obstacles = sharing.obstacles(m_controller.store());
    m_apply->setEnabled(obstacles.isEmpty() && !m_outstanding && knowsUsers());
    showProblem(m_problem, obstacles.isEmpty() ? m_failure : obstacles.join(u'\n'));
}

void ShareDialog::showResult()
{
    const config::Settings &settings = m_controller.settings();
    const policy::Credentials credentials =
        settings.access.credentials.value_or(policy::Credentials());
    const quint16 port = m_controller.listenAddress().port;
    showProblem(m_problem,
                m_controller.state() == ProxyState::Failed
                    ? CoreText::localized(m_controller.errorText())
                    : m_failure);
    m_host->setText(chosen().address.toString());
    m_port->setText(QString::number(port));
    m_user->setText(QString::fromUtf8(credentials.username));
    m_password->setText(QString::fromUtf8(credentials.password));
    m_picture->setCode(QrCode::of(url().toLatin1()));
    QString note;
    if (!QrCode::isAvailable())
        note = tr("This build of the program shows no QR code: it was made without libqrencode.");
    else if (m_picture->isHidden())
        note = tr("The address is too long for a QR code.");
    else
        note = tr("The picture holds the address with the password: show it only to those who "
                  "may use the proxy. A phone does not set up its proxy from a picture: its "
                  "camera shows the address to copy from; some proxy apps take it as it is.");
    m_pictureNote->setText(note);
    QString firewall;
    if (settings.tls.mode == config::TlsMode::Require)
        firewall = tr("The proxy accepts only TLS, which the proxy settings of phones do not "
                      "support: such a device needs an app that does.")
            + u'\n';
    firewall += tr("A firewall on this computer may have to be told to allow connections to "
                   "port %1.")
                    .arg(port);
    if (settings.listen.port == 0)
        firewall +=
            u' ' + tr("The port changes at each start: choose a fixed one in the settings.");
    m_firewall->setText(firewall);
}

QString ShareDialog::url() const
{
    const config::Settings &settings = m_controller.settings();
    return Snippets::url({ chosen().address, m_controller.listenAddress().port,
                           settings.access.credentials,
                           settings.tls.mode == config::TlsMode::Require },
                         WithPassword::Yes);
}

void ShareDialog::apply()
{
    if (m_outstanding || !knowsUsers())
        return;
    m_failure.clear();
    const Sharing sharing = plan();
    if (sharing.changes().isEmpty()) {
        startProxy();
        return;
    }
    const bool hadFocus = m_apply->hasFocus();
    m_outstanding = std::make_unique<QObject>();
    refresh();
    m_controller.apply(sharing.wanted(), m_outstanding.get(),
                       [this, hadFocus](const ProxyController::Outcome &applied) {
                           endApplying(applied);
                           if (hadFocus && m_apply->isVisible() && m_apply->isEnabled())
                               m_apply->setFocus();
                       });
}

void ShareDialog::endApplying(const Result<void, QString> &applied)
{
    m_outstanding.reset();
    if (!applied)
        m_failure = CoreText::localized(applied.error());
    startProxy();
}

void ShareDialog::startProxy()
{
    if (m_failure.isEmpty() && m_controller.state() == ProxyState::Stopped) {
        m_announcesStart = true;
        m_controller.start();
        return;
    }
    refresh();
    announceNews();
}

void ShareDialog::announceNews()
{
    QLabel *news = m_problem->isHidden() ? m_intro : m_problem;
    announce(*news, news->text());
}

void ShareDialog::fitContent()
{
    if (!isVisible())
        return;
    QLayout *content = m_area->widget()->layout();
    content->activate();
    const QMargins margins = layout()->contentsMargins();
    const int beside = margins.left() + margins.right();
    // A scroll area does not report how narrow its content may be.
    const int wide = qMax(width(), content->minimumSize().width() + beside);
    const int high = layout()->minimumSize().height() - m_area->minimumSizeHint().height()
        + content->totalHeightForWidth(wide - beside);
    resize(QSize(wide, high).boundedTo(roomFor(*this)));
    fitToScreen(*this);
}

bool ShareDialog::focusNextPrevChild(bool isNext)
{
    return focusNextInReadingOrder(*this, isNext);
}

void ShareDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (event->spontaneous())
        return;
    lookAtUsers();
    listAddresses();
    fitToScreen(*this);
}

void ShareDialog::done(int result)
{
    QDialog::done(result);
    // An unused password is not offered again, and a shown one is hidden.
    m_fresh = Sharing::generatePassword();
    m_failure.clear();
    m_outstanding.reset();
    m_announcesStart = false;
    m_showPassword->setChecked(false);
}

} // namespace sami::gui
