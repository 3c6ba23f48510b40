// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/autostart.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;
using namespace sami::gui;

/// Start at login on macOS, tested on every Unix: it only writes files.
class TstLaunchAgent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void comesAndGoes();
    void isWhatLaunchdReads();
    void wordsSurviveXml_data();
    void wordsSurviveXml();
    void aFolderThatCannotBeWrittenIsAnError();

private:
    std::unique_ptr<QTemporaryDir> m_home;
    [[nodiscard]] QString path() const
    {
        return m_home->filePath(u"Library/LaunchAgents/sami-llm-proxy-tray.plist"_s);
    }
    /// The names and texts of the list's elements, in order; empty if it is not well-formed.
    [[nodiscard]] QStringList read() const;
};

void TstLaunchAgent::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("HOME", QFile::encodeName(m_home->path()));
}

QStringList TstLaunchAgent::read() const
{
    QFile file(path());
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QStringList found;
    QXmlStreamReader xml(&file);
    while (!xml.atEnd()) {
        switch (xml.readNext()) {
        case QXmlStreamReader::StartElement:
            found.append(xml.name().toString());
            break;
        case QXmlStreamReader::Characters:
            if (!xml.isWhitespace())
                found.last().append(u'=').append(xml.text());
            break;
        default:
            break;
        }
    }
    return xml.hasError() ? QStringList() : found;
}

void TstLaunchAgent::comesAndGoes()
{
    const auto autostart = makeAutostart({ u"/x/tray"_s, {} }, {});
    QVERIFY(!autostart->isEnabled());
    QVERIFY(autostart->setEnabled(true));
    QVERIFY(autostart->isEnabled());
    QVERIFY(QFileInfo::exists(path()));
    QVERIFY(autostart->setEnabled(false));
    QVERIFY(!autostart->isEnabled());
    QVERIFY(!QFileInfo::exists(path()));
    QVERIFY(autostart->setEnabled(false));
}

void TstLaunchAgent::isWhatLaunchdReads()
{
    const QString program =
        u"/Applications/Sami LLM Proxy.app/Contents/MacOS/sami-llm-proxy-tray"_s;
    QVERIFY(makeAutostart({ program, { u"--minimized"_s } }, {})->setEnabled(true));
    QCOMPARE(read(),
             QStringList({ u"plist"_s, u"dict"_s, u"key=Label"_s, u"string=sami-llm-proxy-tray"_s,
                           u"key=ProgramArguments"_s, u"array"_s, u"string="_s + program,
                           u"string=--minimized"_s, u"key=RunAtLoad"_s, u"true"_s,
                           u"key=ProcessType"_s, u"string=Interactive"_s }));
}

void TstLaunchAgent::wordsSurviveXml_data()
{
    QTest::addColumn<QString>("word");
    QTest::newRow("what XML would act on") << u"/x/<a> & \"b\" 'c' ]]>"_s;
    QTest::newRow("not only ASCII") << u"/дом/прокси"_s;
}

void TstLaunchAgent::wordsSurviveXml()
{
    QFETCH(QString, word);
    QVERIFY(makeAutostart({ word, { u"--config"_s, word } }, {})->setEnabled(true));
    QCOMPARE(read().filter(u"string=/"_s),
             QStringList({ u"string="_s + word, u"string="_s + word }));
}

void TstLaunchAgent::aFolderThatCannotBeWrittenIsAnError()
{
    QFile inTheWay(m_home->filePath(u"Library"_s));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    const auto outcome = makeAutostart({ u"/x/tray"_s, {} }, {})->setEnabled(true);
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().contains(path()), qPrintable(outcome.error()));
}

QTEST_GUILESS_MAIN(TstLaunchAgent)
#include "tst_launchagent.moc"
