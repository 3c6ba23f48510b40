// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settingsdialog.h"

#include "gui/control/autostart.h"
#include "gui/control/passwordskeeper.h"
#include "gui/control/proxycontroller.h"
#include "gui/control/settingsmix.h"
#include "gui/control/settingsstore.h"
#include "gui/text/coretext.h"
#include "gui/text/plaintext.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/screenfit.h"
#include "gui/widgets/settings/applicationpage.h"
#include "gui/widgets/settings/clientspage.h"
#include "gui/widgets/settings/destinationspage.h"
#include "gui/widgets/settings/encryptionpage.h"
#include "gui/widgets/settings/exitpage.h"
#include "gui/widgets/settings/exposureline.h"
#include "gui/widgets/settings/limitspage.h"
#include "gui/widgets/settings/listeningpage.h"
#include "gui/widgets/settings/problemnote.h"
#include "gui/widgets/settings/serverspage.h"
#include "gui/widgets/settings/timeoutspage.h"
#include "gui/widgets/settings/userspage.h"
#include "gui/widgets/tabchain.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace sami::gui {

namespace {

constexpr int titleMargin = 8;

} // namespace

SettingsDialog::SettingsDialog(ProxyController &controller, SettingsStore &store,
                               Surroundings surroundings, QWidget *parent)
    : QDialog(parent), m_controller(controller), m_store(store),
      m_surroundings(std::move(surroundings)), m_titles(new QListWidget(this)),
      m_stack(new QStackedWidget(this)), m_exposure(new ExposureLine(this)),
      m_error(makeProblemNote(this)), m_buttons(new QDialogButtonBox(this))
{
    setWindowTitle(tr("Settings"));
    closeByKey(this);
    m_titles->setAccessibleName(tr("Pages"));
    buildPages();
    buildButtons();

    // Just wide enough for the longest title and the sign of a problem.
    const int iconSize = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_titles->setIconSize({ iconSize, iconSize });
    const int titleWidth = m_titles->sizeHintForColumn(0);
    m_titles->setFixedWidth(titleWidth + 3 * iconSize);
    // Rows of one height, so that a sign that appears moves no title.
    for (int i = 0; i < m_titles->count(); ++i)
        m_titles->item(i)->setSizeHint(
            { titleWidth, std::max(iconSize, fontMetrics().height()) + titleMargin });

    auto *columns = new QHBoxLayout;
    columns->addWidget(m_titles);
    columns->addWidget(m_stack, 1);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(columns, 1);
    layout->addWidget(m_exposure);
    layout->addWidget(m_error);
    layout->addWidget(m_buttons);

    connect(m_titles, &QListWidget::currentRowChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_exposure, &ExposureLine::fixRequested, this, &SettingsDialog::mend);
    connect(m_exposure, &ExposureLine::shareRequested, this, &SettingsDialog::shareRequested);
    connect(&m_controller, &ProxyController::stateChanged, this, &SettingsDialog::refreshExposure);
    connect(&m_controller, &ProxyController::ticked, this, &SettingsDialog::refreshServers);
    connect(m_titles, &QListWidget::currentRowChanged, this, &SettingsDialog::refreshServers);
    connect(&m_controller, &ProxyController::settingsChanged, this,
            &SettingsDialog::handleSettingsChanged);
    if (const PasswordsKeeper *passwords = m_surroundings.passwords) {
        const auto show = [this, passwords] { m_servers->showPasswordsPlace(passwords->place()); };
        connect(passwords, &PasswordsKeeper::placeChanged, this, show);
        show();
    }
    m_titles->setCurrentRow(0);
    reload();
    resize(760, 600);
}

SettingsDialog::~SettingsDialog() = default;

void SettingsDialog::buildPages()
{
    const auto look = [this] {
        ClientsPage::Presence now { {}, m_controller.privateClients() };
        const account::Snapshot snapshot = m_controller.snapshot();
        for (const account::ConnectionSnapshot &connection : snapshot.connections)
            now.connected.append(connection.client.address);
        return now;
    };
    const QList<OwnAddress> &own = m_surroundings.ownAddresses;
    m_listening = new ListeningPage(m_store, own);
    m_users = new UsersPage(m_controller, m_surroundings.ask, m_surroundings.pickFile, own);
    m_clients = new ClientsPage(m_store, own, look, m_surroundings.ask);
    m_destinations = new DestinationsPage(m_store, m_surroundings.ask, m_surroundings.pickFile);
    m_servers = new ServersPage(m_store, m_surroundings.ask, m_surroundings.makeTest);
    m_application = new ApplicationPage(m_store, m_surroundings.autostart != nullptr);
    addPage(tr("Listening"), m_listening);
    addPage(tr("Users"), m_users);
    addPage(tr("Encryption"),
            new EncryptionPage(m_store, m_surroundings.pickFile, m_surroundings.saveFile));
    addPage(tr("Clients"), m_clients);
    addPage(tr("Destinations"), m_destinations);
    addPage(tr("Servers"), m_servers);
    addPage(tr("Way out"), new ExitPage(m_store));
    addPage(tr("Timeouts"), new TimeoutsPage(m_store));
    addPage(tr("Limits and log"), new LimitsPage(m_store));
    addPage(tr("Application"), m_application);
}

void SettingsDialog::addPage(const QString &title, SettingsPage *page)
{
    m_stack->addWidget(makeScrolling(page, m_stack));
    m_titles->addItem(title);
    m_pages.append(page);
    connect(page, &SettingsPage::changed, this, &SettingsDialog::refresh);
}

void SettingsDialog::buildButtons()
{
    m_buttons->setStandardButtons(QDialogButtonBox::Ok | QDialogButtonBox::Apply
                                  | QDialogButtonBox::Cancel | QDialogButtonBox::RestoreDefaults);
    m_buttons->button(QDialogButtonBox::RestoreDefaults)->setText(tr("Defaults of this page"));
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        apply();
        m_closesWhenDone = m_isApplying;
    });
    connect(m_buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this,
            &SettingsDialog::apply);
    connect(m_buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this,
            &SettingsDialog::restoreDefaults);
}

void SettingsDialog::reload()
{
    m_editsAreOf = m_controller.settings();
    load(m_editsAreOf, m_store.preferences(), startsAtLogin());
}

void SettingsDialog::restoreDefaults()
{
    m_pages[m_titles->currentRow()]->showDefaults(m_store.resetSettings());
    refresh();
}

void SettingsDialog::load(const config::Settings &settings, const Preferences &preferences,
                          bool atLogin)
{
    for (SettingsPage *page : m_pages)
        page->load(settings);
    m_servers->loadPreferences(preferences);
    m_application->loadPreferences(preferences);
    m_application->setStartsAtLogin(atLogin);
    refreshServers();
    refresh();
}

void SettingsDialog::refresh()
{
    const QString wrong = m_isApplying ? tr("The settings are being applied.") : problem();
    showProblem(m_error, wrong);
    markPages();
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(wrong.isEmpty());
    m_buttons->button(QDialogButtonBox::Apply)->setEnabled(wrong.isEmpty() && hasChanges());
    refreshExposure();
}

void SettingsDialog::refreshServers()
{
    if (m_servers->isVisible())
        m_servers->showStates(m_controller.servers(), WallClock::now());
}

void SettingsDialog::refreshExposure()
{
    const config::Settings settings = shownSettings();
    const bool isUnmoved = settings.listen == m_controller.settings().listen;
    m_exposure->refresh(settings, m_controller.state(),
                        isUnmoved ? m_controller.listenAddress().port : settings.listen.port,
                        possibleFixes());
}

void SettingsDialog::markPages()
{
    const QIcon sign = style()->standardIcon(QStyle::SP_MessageBoxWarning);
    for (qsizetype i = 0; i < m_pages.size(); ++i) {
        const QString wrong = m_pages[i]->problem();
        QListWidgetItem *title = m_titles->item(int(i));
        title->setIcon(wrong.isEmpty() ? QIcon() : sign);
        title->setToolTip(PlainText::toolTip(wrong));
    }
}

QString SettingsDialog::problem() const
{
    for (qsizetype i = 0; i < m_pages.size(); ++i) {
        const QString wrong = m_pages[i]->problem();
        if (!wrong.isEmpty())
            return tr("%1: %2", "a page of the settings, and what is wrong on it")
                .arg(m_titles->item(int(i))->text(), wrong);
    }
    // It would come into a list that applying has just replaced, or into a closed dialog.
    if (m_servers->isTesting())
        return tr("A server is being tested. Wait for the result, or cancel the test.");
    return {};
}

QString SettingsDialog::error() const
{
    return m_error->text();
}

config::Settings SettingsDialog::shownSettings() const
{
    config::Settings settings = m_controller.settings();
    for (const SettingsPage *page : m_pages)
        page->save(settings);
    return settings;
}

Preferences SettingsDialog::shownPreferences() const
{
    Preferences preferences = m_store.preferences();
    m_servers->savePreferences(preferences);
    m_application->savePreferences(preferences);
    return preferences;
}

bool SettingsDialog::startsAtLogin() const
{
    return m_surroundings.autostart && m_surroundings.autostart->isEnabled();
}

bool SettingsDialog::hasChanges() const
{
    return shownSettings() != m_controller.settings() || shownPreferences() != m_store.preferences()
        || m_application->startsAtLogin() != startsAtLogin();
}

void SettingsDialog::apply()
{
    if (m_isApplying || !problem().isEmpty())
        return;
    const config::Settings base = m_controller.settings();
    const config::Settings wanted = shownSettings();
    const bool changesServers = wanted.upstream.parents.list != base.upstream.parents.list
        || shownPreferences().serversOff != m_store.preferences().serversOff;
    setApplying(true);
    if (m_surroundings.passwords && changesServers)
        m_surroundings.passwords->keep(m_servers->servers(), this,
                                       [this, base, wanted] { applyNow(base, wanted); });
    else
        applyNow(base, wanted);
}

void SettingsDialog::applyNow(const config::Settings &base, const config::Settings &wanted)
{
    const Preferences preferencesBefore = m_store.preferences();
    const bool loginBefore = startsAtLogin();
    const bool loginWanted = m_application->startsAtLogin();
    // They may have been changed elsewhere while the keychain was asked.
    const config::Settings now = m_controller.settings();
    const config::Settings next = base == now ? wanted : mergedSettings(base, wanted, now);
    const auto end = [this, preferencesBefore,
                      loginBefore](const ProxyController::Outcome &outcome) {
        endApplying(outcome, preferencesBefore, loginBefore);
    };

    // The proxy comes last: undoing its change could fail, while these are easy to undo.
    ProxyController::Outcome outcome;
    if (loginWanted != loginBefore)
        outcome = m_surroundings.autostart->setEnabled(loginWanted);
    if (outcome)
        outcome = m_store.savePreferences(shownPreferences());
    if (outcome && next != now)
        m_controller.apply(next, this, end);
    else
        QMetaObject::invokeMethod(
            this, [end, outcome] { end(outcome); }, Qt::QueuedConnection);
}

void SettingsDialog::setApplying(bool isApplying)
{
    m_isApplying = isApplying;
    if (isApplying)
        m_focusBefore = focusWidget();
    m_stack->setEnabled(!isApplying);
    m_exposure->setEnabled(!isApplying);
    m_buttons->button(QDialogButtonBox::RestoreDefaults)->setEnabled(!isApplying);
    refresh();
    if (!isApplying && m_focusBefore && m_focusBefore->isEnabled())
        m_focusBefore->setFocus();
}

void SettingsDialog::endApplying(const Result<void, QString> &outcome,
                                 const Preferences &preferencesBefore, bool loginBefore)
{
    const bool wasClosed = std::exchange(m_wasClosed, false);
    const bool closes = std::exchange(m_closesWhenDone, false) && !wasClosed;
    if (!outcome) {
        if (startsAtLogin() != loginBefore)
            static_cast<void>(m_surroundings.autostart->setEnabled(loginBefore));
        // Only the values saved by this dialog: the window may have stored others meanwhile.
        Preferences preferences = m_store.preferences();
        ApplicationPage::copyPreferences(preferencesBefore, preferences);
        preferences.serversOff = preferencesBefore.serversOff;
        static_cast<void>(m_store.savePreferences(preferences));
    }
    if (m_surroundings.passwords)
        m_surroundings.passwords->tidy();
    if (!outcome && wasClosed) {
        show(); // with its edits: while it is applying, showEvent() does not reload
        raise();
    }
    setApplying(false);
    if (outcome) {
        reload();
    } else {
        if (m_editsAreOf != m_controller.settings())
            handleSettingsChanged(); // the settings were changed elsewhere meanwhile
        showProblem(m_error, CoreText::localized(outcome.error()));
    }
    if (outcome && closes)
        accept();
    Q_EMIT applied(bool(outcome));
}

void SettingsDialog::handleSettingsChanged()
{
    if (m_isApplying)
        return;
    // The settings were changed elsewhere, for example from the list of refusals. Edits are kept on
    // top.
    Preferences preferences = shownPreferences();
    preferences.serversOff = m_store.secrets().filledList(preferences.serversOff);
    const bool atLogin = m_application->startsAtLogin();
    const config::Settings now = m_controller.settings();
    const config::Settings merged = mergedSettings(m_editsAreOf, shownSettings(), now);
    m_editsAreOf = now;
    load(merged, preferences, atLogin);
}

QList<ExposureFix> SettingsDialog::possibleFixes() const
{
    QList<ExposureFix> fixes;
    if (!m_store.isLocked("PROXY_AUTH_USERNAME") && !m_store.isLocked("PROXY_AUTH_PASSWORD")
        && !m_store.isLocked("PROXY_AUTH_PASSWORD_FILE"))
        fixes.append(ExposureFix::SetPassword);
    if (!m_store.isLocked("ALLOWED_IPS"))
        fixes.append(ExposureFix::OnlyPrivateNetworks);
    if (!m_store.isLocked("PROXY_ADDRESS"))
        fixes.append(ExposureFix::OnlyThisComputer);
    return fixes;
}

void SettingsDialog::mend(ExposureFix fix)
{
    switch (fix) {
    case ExposureFix::SetPassword:
        openPage(m_users);
        m_users->setUpPassword();
        break;
    case ExposureFix::OnlyPrivateNetworks:
        openPage(m_clients);
        m_clients->allowPrivateOnly();
        break;
    case ExposureFix::OnlyThisComputer:
        openPage(m_listening);
        m_listening->chooseThisComputer();
        break;
    }
}

void SettingsDialog::showServers()
{
    openPage(m_servers);
}

void SettingsDialog::offerServer(const QString &link)
{
    showServers();
    m_closesWhenDone = false; // it waits until the settings are applied
    // Whoever brought it is not kept waiting for the answer.
    QMetaObject::invokeMethod(
        m_servers, [page = m_servers, link] { page->offer(link); }, Qt::QueuedConnection);
}

void SettingsDialog::openPage(const SettingsPage *page)
{
    m_titles->setCurrentRow(int(m_pages.indexOf(page)));
}

void SettingsDialog::done(int result)
{
    QDialog::done(result);
    m_wasClosed = m_isApplying;
    m_servers->dismiss();
    // A password that was typed or shown does not stay in a hidden window.
    if (!m_isApplying)
        reload();
}

bool SettingsDialog::focusNextPrevChild(bool isNext)
{
    return focusNextInReadingOrder(*this, isNext);
}

void SettingsDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (event->spontaneous())
        return;
    m_wasClosed = false;
    if (!m_isApplying)
        reload();
    refreshServers();
    fitToScreen(*this);
}

} // namespace sami::gui
