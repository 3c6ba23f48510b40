// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/autostart.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::gui;

class TstAutostart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void anAppImageIsStartedNotWhatIsInIt();
    void comesAndGoes();
    void execSurvivesQuoting_data();
    void execSurvivesQuoting();
    void whatADesktopSwitchedOffIsOff_data();
    void whatADesktopSwitchedOffIsOff();
    void aFolderThatCannotBeWrittenIsAnError();
};

namespace {

/// A temporary XDG configuration folder.
struct Home
{
    QTemporaryDir folder;

    [[nodiscard]] QString path() const
    {
        return folder.filePath(u"autostart/sami-llm-proxy-tray.desktop"_s);
    }
    [[nodiscard]] QByteArray read() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] std::unique_ptr<Autostart> make(const AutostartCommand &command) const
    {
        QProcessEnvironment environment;
        environment.insert(u"XDG_CONFIG_HOME"_s, folder.path());
        return makeAutostart(command, environment);
    }
};

/// Parses the value as a desktop does: first the string escapes, then the words of Exec (Desktop
/// Entry Specification 1.5, "Possible value types" and "The Exec key").
QStringList wordsOf(const QString &value)
{
    QString exec;
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value[i] != u'\\') {
            exec += value[i];
            continue;
        }
        ++i;
        exec += value[i] == u'n' ? u'\n' : value[i] == u't' ? u'\t' : value[i];
    }
    QStringList words;
    QString word;
    bool isQuoted = false;
    for (qsizetype i = 0; i < exec.size(); ++i) {
        const QChar c = exec[i];
        if (c == u'"') {
            isQuoted = !isQuoted;
            if (!isQuoted)
                words.append(std::exchange(word, {}));
        } else if (isQuoted && c == u'\\') {
            word += exec[++i];
        } else if (c == u'%') {
            // A single % would start a field code.
            word += i + 1 < exec.size() && exec[i + 1] == u'%' ? exec[++i] : QChar(u'?');
        } else if (isQuoted) {
            word += u"`$"_s.contains(c) ? QChar(u'?') : c;
        }
    }
    return words;
}

} // namespace

void TstAutostart::initTestCase()
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    QSKIP("the user's own Run key or LaunchAgents folder is not touched");
#endif
}

void TstAutostart::anAppImageIsStartedNotWhatIsInIt()
{
    QProcessEnvironment environment;
    QCOMPARE(autostartCommand(environment, {}).program, QCoreApplication::applicationFilePath());
    environment.insert(u"APPIMAGE"_s, u"/opt/Sami.AppImage"_s);
    const AutostartCommand command = autostartCommand(environment, { u"--minimized"_s });
    QCOMPARE(command.program, u"/opt/Sami.AppImage"_s);
    QCOMPARE(command.arguments, QStringList(u"--minimized"_s));
}

void TstAutostart::comesAndGoes()
{
    const Home home;
    const auto autostart = home.make({ u"/opt/sami/tray"_s, { u"--minimized"_s } });
    QVERIFY(!autostart->isEnabled());
    QVERIFY(autostart->setEnabled(true));
    QVERIFY(autostart->isEnabled());
    QVERIFY(home.read().startsWith("[Desktop Entry]\nType=Application\n"));
    QVERIFY(home.read().contains("\nExec=\"/opt/sami/tray\" \"--minimized\"\n"));
    QVERIFY(autostart->setEnabled(false));
    QVERIFY(!autostart->isEnabled());
    QVERIFY(!QFileInfo::exists(home.path()));
    QVERIFY(autostart->setEnabled(false));
}

void TstAutostart::execSurvivesQuoting_data()
{
    QTest::addColumn<QString>("program");
    QTest::newRow("a plain path") << u"/usr/bin/tray"_s;
    QTest::newRow("blanks") << u"/home/me/My Programs/tray"_s;
    QTest::newRow("what a shell would act on") << u"/x/$HOME `id` \"q\" 'a' & ; |"_s;
    QTest::newRow("backslashes") << u"/x/a\\b\\\\c\\"_s;
    QTest::newRow("percent signs are no field codes") << u"/x/100%f/%%U%"_s;
    QTest::newRow("line ends and tabs") << u"/x/a\nb\tc"_s;
    QTest::newRow("not only ASCII") << u"/дом/прокси"_s;
}

void TstAutostart::execSurvivesQuoting()
{
    QFETCH(QString, program);
    const Home home;
    QVERIFY(home.make({ program, { u"--config"_s, program } })->setEnabled(true));
    QString exec;
    for (const QString &line : QString::fromUtf8(home.read()).split(u'\n')) {
        if (line.startsWith(u"Exec="_s))
            exec = line.mid(5);
    }
    QCOMPARE(wordsOf(exec), QStringList({ program, u"--config"_s, program }));
}

void TstAutostart::whatADesktopSwitchedOffIsOff_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("hidden") << "Hidden=true"_ba;
    QTest::newRow("hidden, with blanks") << "Hidden = true"_ba;
    QTest::newRow("GNOME's own key") << "X-GNOME-Autostart-enabled=false"_ba;
}

void TstAutostart::whatADesktopSwitchedOffIsOff()
{
    QFETCH(QByteArray, line);
    const Home home;
    const auto autostart = home.make({ u"/opt/tray"_s, {} });
    QVERIFY(autostart->setEnabled(true));
    QFile file(home.path());
    QVERIFY(file.open(QIODevice::Append));
    file.write(line + '\n');
    file.close();
    QVERIFY(!autostart->isEnabled());
    QVERIFY(autostart->setEnabled(true));
    QVERIFY(autostart->isEnabled());
}

void TstAutostart::aFolderThatCannotBeWrittenIsAnError()
{
    const Home home;
    QFile inTheWay(home.folder.filePath(u"autostart"_s));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    const auto outcome = home.make({ u"/opt/tray"_s, {} })->setEnabled(true);
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().contains(home.path()), qPrintable(outcome.error()));
}

QTEST_GUILESS_MAIN(TstAutostart)
#include "tst_autostart.moc"
