// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/copybutton.h"

#include "gui/widgets/announce.h"

#include <utility>

namespace sami::gui {

CopyButton::CopyButton(const QString &what, std::function<QString()> text, Secrecy secrecy,
                       QWidget *parent)
    : QToolButton(parent), m_what(what), m_text(std::move(text)), m_secrecy(secrecy)
{
    setFocusPolicy(Qt::StrongFocus);
    showWord(false);
    m_timer.setSingleShot(true);
    m_timer.setInterval(saidFor);
    connect(&m_timer, &QTimer::timeout, this, [this] { showWord(false); });
    connect(this, &QToolButton::clicked, this, &CopyButton::copy);
}

QSize CopyButton::sizeHint() const
{
    const auto width = [this](const QString &word) {
        return fontMetrics().size(Qt::TextShowMnemonic, word).width();
    };
    QSize size = QToolButton::sizeHint();
    const int widest = std::max(width(tr("Copy")), width(tr("Copied")));
    return size + QSize(widest - width(text()), 0);
}

void CopyButton::copy()
{
    const QString text = m_text();
    if (text.isEmpty())
        return;
    copyText(text, m_secrecy);
    showWord(true);
    m_timer.start();
    announce(*this, accessibleName());
}

void CopyButton::showWord(bool isCopied)
{
    setText(isCopied ? tr("Copied") : tr("Copy"));
    setAccessibleName(isCopied ? tr("Copied: %1").arg(m_what) : tr("Copy: %1").arg(m_what));
}

} // namespace sami::gui
