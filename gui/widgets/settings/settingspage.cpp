// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/settingspage.h"

#include "config/optiontable.h"
#include "gui/control/settingsstore.h"
#include "gui/widgets/settings/problemnote.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace sami::gui {

SettingsPage::SettingsPage(const SettingsStore &store, QWidget *parent)
    : QWidget(parent), m_store(store), m_form(new QFormLayout(this))
{
    m_form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    // A long label of another language takes a line of its own instead of half the page.
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
}

void SettingsPage::addField(const QString &label, QWidget *input,
                            const QList<const char *> &options)
{
    auto *cell = new QWidget(this);
    auto *layout = new QVBoxLayout(cell);
    layout->setContentsMargins({});
    layout->addWidget(input);
    auto *note = makeProblemNote(cell);
    layout->addWidget(note);

    QString plain = label;
    plain.remove(QLatin1Char('&'));
    if (plain.endsWith(QLatin1Char(':')))
        plain.chop(1);
    if (qobject_cast<QCheckBox *>(input)) {
        m_form->addRow(cell); // it is its own label
    } else {
        auto *caption = new QLabel(label, this);
        caption->setBuddy(input);
        input->setAccessibleName(plain);
        m_form->addRow(caption, cell);
    }

    QStringList names;
    for (const char *option : options)
        names.append(QString::fromLatin1(option));
    if (!names.isEmpty()) {
        input->setObjectName(names.constFirst());
        input->setToolTip(tr("Environment variable: %1").arg(names.join(QStringLiteral(", "))));
    }
    m_fields.append({ plain, input, note, {} });
    const QString lock = lockText(options);
    if (!lock.isEmpty()) {
        input->setEnabled(false);
        auto *where = new QLabel(lock, cell);
        where->setObjectName(QStringLiteral("lock"));
        where->setWordWrap(true);
        layout->addWidget(where);
    }
}

void SettingsPage::addHint(const QString &text)
{
    auto *hint = new QLabel(text, this);
    hint->setWordWrap(true);
    m_form->addRow(QString(), hint);
}

QString SettingsPage::lockText(const QList<const char *> &options) const
{
    for (const char *option : options) {
        const config::EffectiveOption &effective =
            m_store.loaded().option(QString::fromLatin1(option));
        if (effective.source == config::Source::Environment)
            return tr("Set by the environment (%1); it cannot be changed here.")
                .arg(effective.option->environmentName());
        if (effective.source == config::Source::CommandLine)
            return tr("Set on the command line (%1); it cannot be changed here.")
                .arg(effective.option->flag());
    }
    return {};
}

void SettingsPage::setProblem(const QWidget *input, const QString &problem)
{
    for (Field &field : m_fields) {
        if (field.input != input)
            continue;
        // A locked value is not this dialog's to judge.
        field.problem = input->isEnabledTo(this) ? problem : QString();
        showProblem(field.note, field.problem);
    }
}

bool SettingsPage::isLocked(const char *option) const
{
    return m_store.isLocked(option);
}

QString SettingsPage::problem() const
{
    for (const Field &field : m_fields) {
        if (!field.problem.isEmpty())
            return QStringLiteral("%1: %2").arg(field.label, field.problem);
    }
    return {};
}

void SettingsPage::touch()
{
    validate();
    Q_EMIT changed();
}

} // namespace sami::gui
