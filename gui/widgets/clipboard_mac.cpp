// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/clipboard.h"

#include <QtGlobal>

#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
#include <QByteArray>
#include <QList>
#include <QUtiMimeConverter>
#include <QVariant>

namespace sami::gui {

namespace {

/// Qt invents a pasteboard name for a format it does not know, but clipboard managers look for the
/// bare name (nspasteboard.org).
class ConcealedType final : public QUtiMimeConverter
{
public:
    QString mimeForUti(const QString &uti) const override { return known(uti); }
    QString utiForMime(const QString &mime) const override { return known(mime); }
    QList<QByteArray> convertFromMime(const QString &, const QVariant &data,
                                      const QString &) const override
    {
        return { data.toByteArray() };
    }
    QVariant convertToMime(const QString &, const QList<QByteArray> &data,
                           const QString &) const override
    {
        return data.value(0);
    }

private:
    static QString known(const QString &name)
    {
        return name == QLatin1StringView(concealedFormat) ? name : QString();
    }
};

} // namespace

void registerConcealedFormat()
{
    static const ConcealedType converter; // registers itself
}

} // namespace sami::gui
#else
namespace sami::gui {

void registerConcealedFormat() {}

} // namespace sami::gui
#endif
