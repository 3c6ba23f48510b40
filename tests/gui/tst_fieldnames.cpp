// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "gui/app/language.h"
#include "gui/text/fieldnames.h"
#include "gui/widgets/durationedit.h"
#include "settingsdialogrig.h"

#include <QLabel>
#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

namespace {

/// The label's text without mnemonic and colon.
QString plainText(QString label)
{
    label.remove(u'&');
    return label.endsWith(u':') ? label.chopped(1) : label;
}

QString labelOf(const QWidget &dialog, const QWidget *field)
{
    for (const QLabel *label : dialog.findChildren<QLabel *>()) {
        if (label->buddy() == field)
            return plainText(label->text());
    }
    return {};
}

/// What a screen reader says for the field, without the unit that one part adds.
QString heardNameOf(const QWidget *field)
{
    const auto *length = qobject_cast<const DurationEdit *>(field);
    return length ? length->minutes()->accessibleName().section(u": "_s, 0, -2)
                  : field->accessibleName();
}

} // namespace

class TstFieldNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNameIsWhatThePageSays_data();
    void aNameIsWhatThePageSays();
    void theNameStandsInPlaceOfTheVariable();

private:
    Language m_language;
};

void TstFieldNames::aNameIsWhatThePageSays_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("English") << u"en"_s;
    QTest::newRow("Russian") << u"ru"_s;
}

void TstFieldNames::aNameIsWhatThePageSays()
{
    QFETCH(const QString, language);
    m_language.use(language);
    const SettingsDialogRig rig;
    int seen = 0;
    for (const config::Option &option : config::optionTable()) {
        const QWidget *field = rig.input(option.environment);
        if (!field)
            continue;
        const QString name = FieldNames::of(option);
        const QString label = labelOf(rig.dialog, field);
        // A label may continue after the name. One that continues the label above is not a name by
        // itself.
        const bool isSaid = label == name || label.startsWith(name + u' ')
            || (label.startsWith(u'…') && heardNameOf(field) == name);
        QVERIFY2(isSaid, qPrintable(u"the page says “%1”, the messages “%2”"_s.arg(label, name)));
        ++seen;
    }
    QVERIFY2(seen >= 24, qPrintable(QString::number(seen)));
}

void TstFieldNames::theNameStandsInPlaceOfTheVariable()
{
    m_language.use(u"en"_s);
    QCOMPARE(FieldNames::replacedIn(u"set PROXY_PORT, MAX_URL_LENGTH or PATH_TO_NOWHERE"_s),
             u"set “Port”, “Length of a URL” or PATH_TO_NOWHERE"_s);
}

QTEST_MAIN(TstFieldNames)
#include "tst_fieldnames.moc"
