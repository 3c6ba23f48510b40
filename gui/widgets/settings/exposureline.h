// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "gui/text/exposuretext.h"

#include <QHash>
#include <QList>
#include <QWidget>

class QLabel;
class QPushButton;

namespace sami::gui {

/// Says who could use the proxy with the edited settings, with a button for each fix. Main thread.
class ExposureLine : public QWidget
{
    Q_OBJECT

public:
    explicit ExposureLine(QWidget *parent = nullptr);

    /// `possible` are the fixes available here; `state` is the proxy's current one.
    void refresh(const config::Settings &settings, ProxyState state, quint16 port,
                 const QList<ExposureFix> &possible);

    [[nodiscard]] QString text() const;
    /// Null if the fix is not offered.
    [[nodiscard]] QPushButton *button(ExposureFix fix) const;
    [[nodiscard]] QPushButton *shareButton() const { return m_share; }

Q_SIGNALS:
    void fixRequested(sami::gui::ExposureFix fix);
    /// The user wants to use it from a phone or another computer.
    void shareRequested();

private:
    QLabel *m_icon;
    QLabel *m_text;
    QHash<ExposureFix, QPushButton *> m_buttons;
    QPushButton *m_share;
};

} // namespace sami::gui
