// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/passworddialog.h"

#include "gui/text/coretext.h"
#include "gui/widgets/copybutton.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/qrview.h"
#include "gui/widgets/screenfit.h"
#include "gui/widgets/settings/problemnote.h"
#include "gui/widgets/tabchain.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QVBoxLayout>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr int shownCharacters = 26; // room for a whole password

} // namespace

PasswordDialog::PasswordDialog(const NewPassword &made, const ProxyAddress &address,
                               bool isForOthers, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    closeByKey(this);
    setWindowTitle(tr("The password of %1").arg(QString::fromUtf8(made.user.username)));
    ProxyAddress reached = address;
    reached.credentials = made.user;
    QWidget *content = buildContent(made, Snippets::url(reached, WithPassword::Yes), isForOthers);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    // Enter, pressed by habit, would close the only view of the password.
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeScrolling(content, this), 1);
    layout->addWidget(buttons);
    resize(660, 380);
}

QWidget *PasswordDialog::buildContent(const NewPassword &made, const QString &url, bool isForOthers)
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins({});
    layout->addWidget(makeWideLabel(
        tr("The password is shown only once: the program keeps just its hash. Hand it over "
           "before you close this window; a new one can be made at any time."),
        content));
    auto *top = new QHBoxLayout;
    auto *picture = new QrView(content);
    picture->setAccessibleName(tr("QR code of the address with the password"));
    picture->setCode(QrCode::of(url.toLatin1()));
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    top->addWidget(picture, 0, Qt::AlignTop);
    top->addLayout(form, 1);
    layout->addLayout(top);
    m_user =
        addValue(form, tr("User name"), QString::fromUtf8(made.user.username), Secrecy::Public);
    m_password =
        addValue(form, tr("Password"), QString::fromUtf8(made.user.password), Secrecy::Secret);
    m_address = addLongValue(form, tr("Address"), url);
    m_link = addLongValue(form, tr("Link"), QString::fromUtf8(made.link));

    QStringList words;
    words.append(
        picture->isHidden()
            ? tr("The link is for another Sami LLM Proxy (Settings, Servers), the address is for "
                 "everything else. Each holds the password.")
            : tr("The link is for another Sami LLM Proxy (Settings, Servers), the address and the "
                 "picture are for everything else. Each holds the password."));
    if (!made.problem.isEmpty())
        words.append(tr("There is no link: %1").arg(CoreText::localized(made.problem)));
    for (const QString &warning : made.warnings)
        words.append(CoreText::localized(warning));
    if (!isForOthers)
        words.append(tr("The proxy can be reached only from this computer: see the page "
                        "“Listening” for other devices."));
    for (const QString &word : std::as_const(words))
        layout->addWidget(makeWideLabel(word, content));
    layout->addStretch();
    return content;
}

QLineEdit *PasswordDialog::addValue(QFormLayout *form, const QString &label, const QString &value,
                                    Secrecy secrecy)
{
    auto *edit = new QLineEdit(value);
    edit->setReadOnly(true);
    // A fixed-width font, in which similar letters differ. A password is shown in full.
    edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    edit->setMinimumWidth(shownCharacters * edit->fontMetrics().averageCharWidth());
    edit->setCursorPosition(0);
    addRow(form, label, edit, value, secrecy);
    return edit;
}

ElidedLabel *PasswordDialog::addLongValue(QFormLayout *form, const QString &label,
                                          const QString &value)
{
    auto *shown = new ElidedLabel;
    shown->setWholeText(value);
    addRow(form, label, shown, value, Secrecy::Secret);
    return shown;
}

void PasswordDialog::addRow(QFormLayout *form, const QString &label, QWidget *value,
                            const QString &copied, Secrecy secrecy)
{
    auto *field = new QWidget(this);
    auto *row = new QHBoxLayout(field);
    row->setContentsMargins({});
    row->addWidget(value, 1);
    row->addWidget(new CopyButton(
        label, [copied] { return copied; }, secrecy, field));
    QLabel *caption = makeLabel(label + u':', this);
    caption->setBuddy(value);
    value->setAccessibleName(label);
    form->addRow(caption, field);
    form->setRowVisible(field, !copied.isEmpty());
}

void PasswordDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (!event->spontaneous())
        fitToScreen(*this);
}

bool PasswordDialog::focusNextPrevChild(bool isNext)
{
    return focusNextInReadingOrder(*this, isNext);
}

} // namespace sami::gui
