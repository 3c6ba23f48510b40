// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/announce.h"

#include <QAccessible>
#include <QWidget>

namespace sami::gui {

void announce(QWidget &place, const QString &text)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    QAccessibleAnnouncementEvent event(&place, text);
#else
    // A screen reader reads an alert with the name of its widget.
    Q_UNUSED(text)
    QAccessibleEvent event(&place, QAccessible::Alert);
#endif
    QAccessible::updateAccessibility(&event);
}

} // namespace sami::gui
