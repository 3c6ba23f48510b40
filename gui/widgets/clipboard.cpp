// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/clipboard.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

namespace sami::gui {

using namespace Qt::StringLiterals;

void copyText(const QString &text, Secrecy secrecy)
{
    auto *data = new QMimeData; // the clipboard takes ownership
    data->setText(text);
    if (secrecy == Secrecy::Secret) {
        // The markers that each desktop's clipboard managers look for; those of other desktops do
        // no harm.
        data->setData(u"x-kde-passwordManagerHint"_s, "secret");
        data->setData(u"application/x-qt-windows-mime;value="
                      "\"ExcludeClipboardContentFromMonitorProcessing\""_s,
                      QByteArray(4, '\0'));
        registerConcealedFormat();
        data->setData(QLatin1StringView(concealedFormat), text.toUtf8());
    }
    QGuiApplication::clipboard()->setMimeData(data);
}

} // namespace sami::gui
