// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/userspage.h"

#include "config/optionparsers.h"
#include "config/optiontable.h"
#include "gui/control/proxycontroller.h"
#include "gui/text/coretext.h"
#include "gui/widgets/durationedit.h"
#include "gui/widgets/settings/userspanel.h"

#include <QCheckBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSpinBox>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr char attemptsOption[] = "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS";
constexpr char windowOption[] = "AUTH_FAIL_RATE_LIMIT_WINDOW_MS";
constexpr int maxAttempts = 1'000'000;

/// Letters and digits that look like no other and need no escape in a URL or a shell: 24 of them
/// are over 130 bits.
constexpr auto alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"_L1;
constexpr int generatedLength = 24;

QString madeUpPassword()
{
    QString password;
    for (int i = 0; i < generatedLength; ++i)
        password += alphabet.at(QRandomGenerator::system()->bounded(int(alphabet.size())));
    return password;
}

template <typename T> QString problemOf(const config::Parsed<T> &parsed)
{
    return parsed ? QString() : CoreText::localized(parsed.error().constFirst().problem);
}

} // namespace

UsersPage::UsersPage(ProxyController &controller, Ask ask, PickFile pickFile,
                     const QList<OwnAddress> &own, QWidget *parent)
    : SettingsPage(controller.store(), parent),
      m_required(new QCheckBox(tr("Clients must give a &user name and a password"))),
      m_user(new QLineEdit), m_password(new QLineEdit), m_show(new QPushButton(tr("Show"))),
      m_generate(new QPushButton(tr("Generate"))),
      m_file(new FileField(tr("File of users"), tr("All files (*)"), std::move(pickFile))),
      m_panel(new UsersPanel(controller, std::move(ask), own)), m_attempts(new QSpinBox),
      m_window(new DurationEdit(std::chrono::seconds(1), std::chrono::hours(24), 3))
{
    addField(tr("Sign-in"), m_required, {});
    m_required->setEnabled(!isCredentialLocked());
    setHelp(m_required,
            tr("Without it, and without a file of users, everyone who reaches the port may use "
               "the proxy. Turn it on as soon as other devices can."));
    addField(tr("User &name:"), m_user, { config::usernameOption });
    buildPassword();
    buildFile();
    buildGuard();

    connect(m_required, &QCheckBox::toggled, this, &UsersPage::touch);
    connect(m_user, &QLineEdit::textChanged, this, &UsersPage::touch);
    connect(m_password, &QLineEdit::textChanged, this, &UsersPage::touch);
    connect(m_show, &QPushButton::toggled, this, &UsersPage::handleShow);
    connect(m_generate, &QPushButton::clicked, this, &UsersPage::generate);
    connect(m_file, &FileField::changed, this, &UsersPage::touch);
    connect(m_panel, &UsersPanel::changed, this, &UsersPage::touch);
    connect(m_attempts, &QSpinBox::valueChanged, this, &UsersPage::touch);
    connect(m_window, &DurationEdit::changed, this, &UsersPage::touch);
}

void UsersPage::buildPassword()
{
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    // A fixed-width font, in which similar letters differ. A generated password is shown in full.
    m_password->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_password->ensurePolished();
    const QString longest(generatedLength + 1, u'M'); // one more for the cursor
    m_password->setMinimumWidth(m_password->fontMetrics().horizontalAdvance(longest)
                                + m_password->minimumSizeHint().width());
    m_show->setCheckable(true);
    m_show->setAutoDefault(false);
    m_show->setAccessibleName(tr("Show the password"));
    m_generate->setAutoDefault(false);
    m_generate->setAccessibleName(tr("Generate a password"));

    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    layout->addWidget(m_password, 1);
    layout->addWidget(m_show);
    layout->addWidget(m_generate);
    row->setFocusProxy(m_password);
    addField(tr("Pass&word:"), row, { config::passwordOption, config::passwordFileOption });
    m_password->setAccessibleName(tr("Password"));
}

/// The file with more users, each with their own limits.
void UsersPage::buildFile()
{
    m_file->edit()->setPlaceholderText(tr("none"));
    addField(tr("&File of users:"), m_file, { config::usersFileOption });
    form()->addRow(m_panel);
}

void UsersPage::buildGuard()
{
    m_attempts->setRange(1, maxAttempts);
    const auto showUnit = [this](int attempts) {
        m_attempts->setSuffix(tr(" wrong password(s)", "after the number in the field", attempts));
    };
    showUnit(m_attempts->value());
    connect(m_attempts, &QSpinBox::valueChanged, this, showUnit);
    addField(tr("&Block a client after:"), m_attempts, { attemptsOption });
    addField(tr("… wi&thin:"), m_window, { windowOption });
    m_attempts->setAccessibleName(tr("Wrong passwords before a client is blocked"));
    m_window->setFieldName(tr("Wrong passwords are counted for"));
    addHint(
        tr("The block lasts twice as long, at most an hour. “Denied” lists it, and there it can "
           "be lifted."));
}

bool UsersPage::isCredentialLocked() const
{
    return isLocked(config::usernameOption) || isLocked(config::passwordOption)
        || isLocked(config::passwordFileOption);
}

void UsersPage::load(const config::Settings &settings)
{
    m_stored = settings.access.credentials;
    m_required->setChecked(m_stored.has_value());
    m_user->setText(m_stored ? QString::fromUtf8(m_stored->username) : QString());
    m_show->setChecked(false);
    m_password->clear();
    m_password->setPlaceholderText(m_stored ? tr("unchanged") : QString());
    m_file->setPath(settings.users.file);
    m_attempts->setValue(settings.access.guard.maxAttempts);
    m_window->setValue(settings.access.guard.window);
    touch();
}

void UsersPage::save(config::Settings &settings) const
{
    if (!m_required->isChecked()) {
        settings.access.credentials.reset();
    } else {
        // Blanks around a user name do not survive a settings file.
        policy::Credentials wanted { m_user->text().trimmed().toUtf8(),
                                     m_password->text().toUtf8() };
        if (wanted.password.isEmpty() && m_stored)
            wanted.password = m_stored->password;
        if (!wanted.username.isEmpty() && !wanted.password.isEmpty())
            settings.access.credentials = wanted;
    }
    if (!isLocked(config::usersFileOption))
        settings.users.file = m_file->path();
    settings.access.guard.maxAttempts = m_attempts->value();
    if (m_window->problem().isEmpty())
        settings.access.guard.window = m_window->value();
}

void UsersPage::setUpPassword()
{
    m_required->setChecked(true);
    if (m_user->text().trimmed().isEmpty())
        m_user->setText(QString::fromUtf8(
            freeUserName([this](const QByteArray &name) { return m_panel->has(name); })));
    if (m_password->text().isEmpty() && !m_stored)
        generate();
}

void UsersPage::handleShow(bool isShown)
{
    const QString stored = m_stored ? QString::fromUtf8(m_stored->password) : QString();
    m_password->setEchoMode(isShown ? QLineEdit::Normal : QLineEdit::Password);
    if (isShown && m_password->text().isEmpty())
        showFromStart(stored);
    else if (!isShown && m_password->text() == stored)
        m_password->clear();
    m_show->setText(isShown ? tr("Hide") : tr("Show"));
}

void UsersPage::generate()
{
    const QString password = madeUpPassword();
    showFromStart(password);
    m_show->setChecked(true);
    // All of it, with the cursor in front.
    m_password->setSelection(int(password.size()), -int(password.size()));
}

/// People compare the beginning of a password that is longer than the field.
void UsersPage::showFromStart(const QString &password)
{
    m_password->setText(password);
    m_password->setCursorPosition(0);
}

void UsersPage::validate()
{
    const bool isAsked = m_required->isChecked();
    if (!isCredentialLocked()) {
        m_user->setEnabled(isAsked);
        m_password->parentWidget()->setEnabled(isAsked);
    }
    const QString user = m_user->text().trimmed();
    m_panel->setFile(m_file->path());
    m_panel->setReserved(isAsked ? user.toUtf8() : QByteArray());
    setProblem(m_user,
               user.isEmpty()                    ? tr("type a user name")
                   : m_panel->has(user.toUtf8()) ? tr("a user of the file has this name")
                                                 : problemOf(config::parseUsername(user)));
    const QString password = m_password->text();
    setProblem(m_password->parentWidget(),
               password.isEmpty() && !m_stored ? tr("type a password, or press “Generate”")
                                               : problemOf(config::parsePassword(password)));
    setProblem(m_window, m_window->problem());
}

} // namespace sami::gui
