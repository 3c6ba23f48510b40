// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/serverintake.h"

#include "gui/control/linkfile.h"
#include "gui/control/settingsstore.h"
#include "gui/control/testproviders.h"
#include "gui/text/coretext.h"
#include "gui/text/serverwording.h"
#include "gui/widgets/settings/problemnote.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QUrl>
#include <QVBoxLayout>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

ServerIntake::ServerIntake(const SettingsStore &store, Ask ask, const MakeParentTest &makeTest,
                           IsListed isListed, QWidget *parent)
    : QWidget(parent), m_store(store), m_ask(std::move(ask)), m_isListed(std::move(isListed)),
      m_field(new QLineEdit), m_note(makeProblemNote(this)), m_test(new ServerTestView(makeTest))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    m_field->setPlaceholderText(u"sami-proxy://…"_s);
    m_field->setAccessibleName(tr("Link of a server"));
    m_field->setClearButtonEnabled(true);
    auto *add = new QPushButton(tr("&Add…"));
    auto *pasteButton = new QPushButton(tr("&Paste"));
    pasteButton->setAccessibleName(tr("Paste a link"));
    auto *top = new QHBoxLayout;
    top->addWidget(m_field, 1);
    for (QPushButton *button : { add, pasteButton }) {
        button->setAutoDefault(false);
        top->addWidget(button);
    }
    layout->addLayout(top);
    layout->addWidget(m_note);
    layout->addWidget(m_test);
    m_field->installEventFilter(this);
    setFocusProxy(m_field);

    connect(add, &QPushButton::clicked, this, [this] { offer(m_field->text()); });
    connect(pasteButton, &QPushButton::clicked, this, &ServerIntake::paste);
    connect(m_field, &QLineEdit::textEdited, this, [this] { showProblem(m_note, {}); });
    connect(m_test, &ServerTestView::kept, this, &ServerIntake::take);
}

bool ServerIntake::isLocked() const
{
    return m_store.isLocked("PROXY_PARENTS") || m_store.isLocked("PROXY_PARENTS_PASSWORD_FILE");
}

QString ServerIntake::problemOf(const Result<config::ParentEntry, QString> &parsed) const
{
    if (isLocked())
        return tr("the list of servers is set elsewhere, and cannot be changed here");
    if (!parsed)
        return CoreText::localized(parsed.error());
    if (parsed->parent.isDirect())
        return tr("use the box below the list for that");
    if (parsed->lacksPassword)
        return tr("the password is missing: write USER:PASSWORD@ before the host");
    if (m_isListed(parsed->parent.name))
        return tr("a server of this name is in the list already");
    if (m_test->hasCandidate(parsed->parent.name))
        return tr("a server of this name is being tested already");
    return {};
}

bool ServerIntake::mustWait() const
{
    return m_isAsking || (!isEnabled() && !isLocked());
}

bool ServerIntake::offer(const QString &text)
{
    if (mustWait()) {
        m_waiting.append(text);
        return false;
    }
    const auto parsed = config::parseParent(text.trimmed().toUtf8());
    const QString problem = problemOf(parsed);
    showProblem(m_note, problem);
    const bool isAgreed = problem.isEmpty() && agree(parsed->parent);
    // After the answer, not in a question's own event loop.
    QMetaObject::invokeMethod(this, &ServerIntake::offerNext, Qt::QueuedConnection);
    return isAgreed;
}

bool ServerIntake::agree(const config::Parent &server)
{
    const Question question {
        tr("Add a server"),
        ServerWording::question(server),
        { tr("Test it first"), server.usesTls() ? tr("Add it") : tr("Add it without encryption") }
    };
    const QScopedValueRollback asking(m_isAsking, true);
    const std::optional<int> chosen = m_ask(this, question);
    if (!chosen)
        return false;
    m_field->clear();
    if (*chosen == 0)
        begin(server, ServerTestView::For::Candidate);
    else
        take(server);
    return true;
}

void ServerIntake::offerNext()
{
    if (!m_waiting.isEmpty() && !mustWait())
        offer(m_waiting.takeFirst());
}

void ServerIntake::changeEvent(QEvent *event)
{
    // The settings were being applied.
    if (event->type() == QEvent::EnabledChange)
        QMetaObject::invokeMethod(this, &ServerIntake::offerNext, Qt::QueuedConnection);
    QWidget::changeEvent(event);
}

void ServerIntake::begin(const config::Parent &server, ServerTestView::For purpose)
{
    const config::Settings &settings = m_store.settings();
    m_test->begin({ server, purpose, testProviders(settings.access), settings.upstream.caFile,
                    settings.upstream.exit });
}

void ServerIntake::test(const config::Parent &server)
{
    begin(server, ServerTestView::For::Listed);
}

void ServerIntake::take(const config::Parent &server)
{
    if (m_isListed(server.name))
        showProblem(m_note, tr("a server of this name is in the list already")); // by now
    else
        Q_EMIT taken(server);
}

Result<QString, QString> ServerIntake::linkIn(const QMimeData &data)
{
    const QUrl url = data.urls().value(0);
    return url.isLocalFile() ? linkOfFile(url.toLocalFile())
                             : data.text().trimmed().section(u'\n', 0, 0);
}

void ServerIntake::offerFound(const Result<QString, QString> &link)
{
    if (link)
        offer(*link);
    else
        showProblem(
            m_note,
            tr("the file %1", "what is wrong with it").arg(CoreText::localized(link.error())));
}

void ServerIntake::paste()
{
    const auto link = linkIn(*QGuiApplication::clipboard()->mimeData());
    if (link)
        m_field->setText(*link);
    offerFound(link);
}

void ServerIntake::clear()
{
    m_field->clear();
    showProblem(m_note, {});
}

void ServerIntake::dismiss()
{
    clear();
    m_waiting.clear();
    m_test->dismiss();
}

bool ServerIntake::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            offer(m_field->text()); // and not the dialog's OK
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace sami::gui
