// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/aboutdialog.h"

#include "base/qrcode.h"
#include "base/version.h"
#include "gui/control/keychain.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/stateicon.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr int iconSize = 64;
constexpr int textWidth = 420;

QLabel *makeText(const QString &text, QWidget *parent)
{
    QLabel *label = makeLabel(text, parent);
    label->setWordWrap(true);
    label->setMinimumWidth(textWidth);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

AboutDialog::AboutDialog(QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("About Sami LLM Proxy"));
    closeByKey(this);
    QLabel *icon = makeLabel(this);
    icon->setPixmap(applicationIcon().pixmap(iconSize, iconSize));
    QLabel *name = makeText(u"Sami LLM Proxy "_s + QStringLiteral(SAMI_VERSION), this);
    QFont large = name->font();
    large.setBold(true);
    name->setFont(large);

    auto *words = new QVBoxLayout;
    words->addWidget(name);
    words->addWidget(makeText(tr("A light forward proxy for calls to LLM APIs."), this));
    words->addWidget(makeText(tr("It sees bytes and timing, never prompts or tokens: what comes "
                                 "encrypted is passed on encrypted, and nothing that passes is "
                                 "shown or kept."),
                              this));
    words->addWidget(makeText(tr("MIT licence. Made with Qt %1, which is used under the GNU "
                                 "Lesser General Public License, version 3.")
                                  .arg(QString::fromLatin1(qVersion())),
                              this));
    if (QrCode::isAvailable())
        words->addWidget(makeText(tr("QR codes are made with libqrencode, which is used under the "
                                     "GNU Lesser General Public License, version 2.1."),
                                  this));
    if (makeSystemKeychain())
        words->addWidget(
            makeText(tr("The system's keychain is reached through QtKeychain, which is "
                        "used under the modified BSD licence."),
                     this));
    words->addWidget(makeText(tr("How it works and what it can be trusted with is described in "
                                 "README.md, ARCHITECTURE.md and SECURITY.md, which come with "
                                 "its source."),
                              this));
    words->addStretch();

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *aboutQt = buttons->addButton(tr("About &Qt"), QDialogButtonBox::HelpRole);
    connect(aboutQt, &QPushButton::clicked, qApp, &QApplication::aboutQt);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *top = new QHBoxLayout;
    top->addWidget(icon, 0, Qt::AlignTop);
    top->addLayout(words, 1);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(buttons);
    layout->setSizeConstraint(QLayout::SetFixedSize);
}

} // namespace sami::gui
