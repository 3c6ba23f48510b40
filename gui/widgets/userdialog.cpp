// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/userdialog.h"

#include "config/optionparsers.h"
#include "gui/text/coretext.h"
#include "gui/widgets/announce.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/listeditor.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/screenfit.h"
#include "gui/widgets/settings/problemnote.h"
#include "gui/widgets/tabchain.h"

#include <QCheckBox>
#include <QDateEdit>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QSpinBox>
#include <QVBoxLayout>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostConnections = 1'000'000; // users::parseConnections()
constexpr int usualDays = 30;

QDate today()
{
    return QDateTime::currentDateTimeUtc().date();
}

} // namespace

UserDialog::UserDialog(bool isNew, const QString &warning, QWidget *parent)
    : QDialog(parent), m_content(new QWidget(this)), m_name(new QLineEdit),
      m_hosts(new ListEditor(tr("Hosts"), ListEditor::parserOf(config::parseHosts))),
      m_hasEnd(new QCheckBox(tr("Let the user in only &until:"))), m_end(new QDateEdit),
      m_connections(new QSpinBox), m_note(new QLineEdit), m_problem(makeProblemNote(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    closeByKey(this);
    build(isNew, warning);
    connect(m_name, &QLineEdit::textChanged, this, &UserDialog::validate);
    connect(m_note, &QLineEdit::textChanged, this, &UserDialog::validate);
    connect(m_hosts, &ListEditor::changed, this, &UserDialog::validate);
    connect(m_hasEnd, &QCheckBox::toggled, this, &UserDialog::validate);
}

UserDialog::UserDialog(const QByteArrayList &names, const QString &warning, QWidget *parent)
    : UserDialog(true, warning, parent)
{
    setWindowTitle(tr("Add a user"));
    m_taken = names;
    m_end->setDate(today().addDays(usualDays));
    validate();
}

UserDialog::UserDialog(const users::User &user, QWidget *parent) : UserDialog(false, {}, parent)
{
    m_unchanged = user.name;
    const QString shown = QString::fromUtf8(user.name);
    setWindowTitle(tr("Change %1").arg(shown));
    m_name->setText(shown);
    m_name->setReadOnly(true);
    QStringList hosts;
    for (const policy::HostEntry &entry : user.hosts.entries())
        hosts.append(QString::fromUtf8(entry.toByteArray()));
    m_hosts->setEntries(hosts);
    m_hasEnd->setChecked(user.until.has_value());
    m_end->setDate(user.until.value_or(today().addDays(usualDays)));
    m_connections->setValue(user.connections);
    m_note->setText(QString::fromUtf8(user.note));
    validate();
}

void UserDialog::build(bool isNew, const QString &warning)
{
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    addRow(form, tr("&Name:"), m_name, tr("Name"));
    m_connections->setRange(0, mostConnections);
    m_connections->setSpecialValueText(tr("no limit"));
    addRow(form, tr("At once, at &most:"), m_connections, tr("Requests and tunnels at once"));
    m_end->setCalendarPopup(true);
    m_end->setDisplayFormat(u"yyyy-MM-dd"_s);
    m_end->setAccessibleName(tr("Last day"));
    auto *end = new QHBoxLayout;
    end->addWidget(m_hasEnd);
    end->addWidget(m_end);
    end->addStretch();
    form->addRow(end);
    form->addRow(makeWideLabel(tr("That day still counts; it ends at midnight UTC."), m_content));
    addRow(form, tr("No&te:"), m_note, tr("Note"));

    m_hosts->setExample(tr("api.example.com, *.example.com:443 or @openai, for example"));
    m_hosts->keepShort();
    QLabel *caption = makeLabel(tr("&Hosts:"), m_content);
    caption->setBuddy(m_hosts);
    auto *layout = new QVBoxLayout(m_content);
    layout->setContentsMargins({});
    layout->addLayout(form);
    layout->addWidget(caption);
    layout->addWidget(
        makeWideLabel(tr("While the list is empty, the user may reach what everybody may. What the "
                         "page “Destinations” refuses stays refused."),
                      m_content));
    layout->addWidget(m_hosts);
    QLabel *more = makeWideLabel(warning, m_content);
    more->setVisible(!warning.isEmpty());
    layout->addWidget(more);
    layout->addStretch();

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_ok = buttons->addButton(isNew ? tr("Add") : tr("Save"), QDialogButtonBox::AcceptRole);
    m_ok->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &UserDialog::begin);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *outer = new QVBoxLayout(this);
    outer->addWidget(makeScrolling(m_content, this), 1);
    outer->addWidget(m_problem);
    outer->addWidget(buttons);
    resize(520, 440);
}

void UserDialog::addRow(QFormLayout *form, const QString &label, QWidget *input,
                        const QString &name)
{
    QLabel *caption = makeLabel(label, m_content);
    caption->setBuddy(input);
    input->setAccessibleName(name);
    form->addRow(caption, input);
}

UserWishes UserDialog::wishes() const
{
    UserWishes wishes;
    wishes.name = m_unchanged.isEmpty() ? m_name->text().trimmed().toUtf8() : m_unchanged;
    if (const auto hosts = config::parseHosts(m_hosts->entries().join(u',')))
        wishes.hosts = *hosts;
    if (m_hasEnd->isChecked())
        wishes.until = m_end->date();
    wishes.connections = m_connections->value();
    wishes.note = m_note->text().trimmed().toUtf8();
    return wishes;
}

QString UserDialog::wrong() const
{
    const UserWishes typed = wishes();
    if (m_unchanged.isEmpty()) {
        if (typed.name.isEmpty())
            return tr("type a name");
        if (m_taken.contains(typed.name))
            return tr("there is a user of that name already");
        if (const QString problem = users::nameProblem(typed.name); !problem.isEmpty())
            return CoreText::localized(problem);
    }
    if (const QString problem = m_hosts->problem(); !problem.isEmpty())
        return tr("Hosts: %1").arg(problem);
    if (const QString problem = users::noteProblem(typed.note); !problem.isEmpty())
        return tr("Note: %1").arg(CoreText::localized(problem));
    return {};
}

QString UserDialog::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void UserDialog::validate()
{
    m_end->setEnabled(m_hasEnd->isChecked());
    const QString problem = wrong();
    // An empty name is not a mistake yet.
    showProblem(m_problem, m_name->text().isEmpty() ? QString() : problem);
    m_ok->setEnabled(problem.isEmpty());
}

void UserDialog::begin()
{
    if (!wrong().isEmpty() || !m_content->isEnabled())
        return;
    m_content->setEnabled(false);
    m_ok->setEnabled(false);
    showProblem(m_problem, {});
    Q_EMIT wanted();
}

void UserDialog::fail(const QString &problem)
{
    m_content->setEnabled(true);
    m_ok->setEnabled(true);
    showProblem(m_problem, problem);
    announce(*m_problem, m_problem->text());
}

void UserDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (!event->spontaneous())
        fitToScreen(*this);
}

bool UserDialog::focusNextPrevChild(bool isNext)
{
    return focusNextInReadingOrder(*this, isNext);
}

} // namespace sami::gui
