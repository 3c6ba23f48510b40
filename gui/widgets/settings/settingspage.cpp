// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/settingspage.h"

#include "gui/control/settingsstore.h"
#include "gui/text/locktext.h"
#include "gui/text/plaintext.h"
#include "gui/widgets/listeditor.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/settings/optionhelp.h"
#include "gui/widgets/settings/problemnote.h"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace sami::gui {

namespace {

/// The label's text without the mnemonic sign and the colon.
QString plainText(QString label)
{
    label.remove(QLatin1Char('&'));
    if (label.endsWith(QLatin1Char(':')))
        label.chop(1);
    return label;
}

/// The tooltip is for the eye; a screen reader gets the sentence alone.
void explain(QWidget *input, const QString &toolTip, const QString &sentence)
{
    input->setToolTip(PlainText::toolTip(toolTip));
    input->setAccessibleDescription(sentence);
    if (QWidget *part = input->focusProxy())
        part->setAccessibleDescription(sentence);
}

} // namespace

SettingsPage::SettingsPage(const SettingsStore &store, QWidget *parent)
    : QWidget(parent), m_store(store), m_form(new QFormLayout(this))
{
    m_form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    // A long label, in another language, takes a line of its own instead of half the page.
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
}

void SettingsPage::addField(const QString &label, QWidget *input,
                            const QList<const char *> &options)
{
    auto *cell = new QWidget(this);
    auto *layout = new QVBoxLayout(cell);
    layout->setContentsMargins({});
    // A field that does not grow with the page must not grow with the note beneath it either.
    const bool isNarrow =
        qobject_cast<QAbstractSpinBox *>(input) || qobject_cast<QComboBox *>(input);
    layout->addWidget(input, 0, isNarrow ? Qt::AlignLeft : Qt::Alignment());
    auto *note = makeProblemNote(cell);
    layout->addWidget(note);

    if (qobject_cast<QCheckBox *>(input)) {
        m_form->addRow(cell); // a check box is its own label
    } else {
        QLabel *caption = makeLabel(label, this);
        caption->setBuddy(input);
        input->setAccessibleName(plainText(label));
        m_form->addRow(caption, cell);
    }
    registerField(input, label, note, layout, options);
}

void SettingsPage::addList(const QString &label, ListEditor *list,
                           const QList<const char *> &options, const QString &hint)
{
    auto *cell = new QWidget(this);
    auto *layout = new QVBoxLayout(cell);
    layout->setContentsMargins({});
    QLabel *caption = makeLabel(label, cell);
    caption->setBuddy(list);
    layout->addWidget(caption);
    if (!hint.isEmpty())
        layout->addWidget(makeWideLabel(hint, cell));
    layout->addWidget(list, 1);
    m_form->addRow(cell);
    registerField(list, label, nullptr, layout, options);
}

void SettingsPage::setListVisible(ListEditor *list, bool isVisible)
{
    m_form->setRowVisible(list->parentWidget(), isVisible);
}

void SettingsPage::registerField(QWidget *input, const QString &label, QLabel *note,
                                 QVBoxLayout *layout, const QList<const char *> &options)
{
    if (!options.isEmpty()) {
        input->setObjectName(QString::fromLatin1(options.constFirst()));
        explain(input, OptionHelp::toolTip(options, SettingsStore::defaults()),
                OptionHelp::sentence(options.constFirst()));
    }
    m_fields.append({ plainText(label), input, note, {} });
    const QString lock = lockText(options);
    if (!lock.isEmpty()) {
        input->setEnabled(false);
        QLabel *where = makeWideLabel(lock, input->parentWidget());
        where->setObjectName(QStringLiteral("lock"));
        layout->addWidget(where);
    }
}

void SettingsPage::setHelp(QWidget *input, const QString &sentence)
{
    explain(input, OptionHelp::toolTip(sentence), sentence);
}

void SettingsPage::addHint(const QString &text)
{
    m_form->addRow(QString(), makeWideLabel(text, this));
}

QString SettingsPage::lockText(const QList<const char *> &options) const
{
    for (const char *option : options) {
        const QString lock =
            LockText::sentence(m_store.loaded().option(QString::fromLatin1(option)));
        if (!lock.isEmpty())
            return lock;
    }
    return {};
}

void SettingsPage::setProblem(const QWidget *input, const QString &problem)
{
    for (Field &field : m_fields) {
        if (field.input != input)
            continue;
        // A locked value is not for this dialog to judge.
        field.problem = input->isEnabledTo(this) ? problem : QString();
        if (field.note)
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
