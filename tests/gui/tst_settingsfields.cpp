// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "gui/app/language.h"
#include "gui/control/certificatefile.h"
#include "gui/widgets/filefield.h"
#include "gui/widgets/settings/destinationspage.h"
#include "gui/widgets/settings/optionhelp.h"
#include "gui/widgets/settings/settingspage.h"
#include "gui/widgets/settings/userspage.h"
#include "presses.h"
#include "settingsdialogrig.h"

#include <QCheckBox>
#include <QDir>
#include <QFontInfo>
#include <QFormLayout>
#include <QStackedWidget>
#include <QStyle>
#include <QStyleOptionFrame>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

namespace {

/// A certificate of nobody, made with "openssl req -x509".
constexpr auto certificate = R"(-----BEGIN CERTIFICATE-----
MIIBhjCCASugAwIBAgIUQpSVqMhUN1VhS6BK77qPhC+kiVUwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMZXhhbXBsZS50ZXN0MCAXDTI2MTEyOTIwMzE1NVoYDzIxMjYx
MTA1MjAzMTU1WjAXMRUwEwYDVQQDDAxleGFtcGxlLnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQtY2h3f3XY+hDO820jsCsyuk8LufWHCfXaFktIAmFQQamr
wls6YKdOTI1HGctg7s9jf7JzCPnKIL95ovhNnHRQo1MwUTAdBgNVHQ4EFgQUHwfP
C69zX7ZTyhbXTRNWQSaF8ngwHwYDVR0jBBgwFoAUHwfPC69zX7ZTyhbXTRNWQSaF
8ngwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA447RUPjdY6iE
OU6XUqa4KJoL+4OtL2SJQtQ2elAlySkCIQCSLgOL+b1fqIdALOuJF77QqCXXZUs5
8Mzc1JtFRB/bPQ==
-----END CERTIFICATE-----
)";

constexpr auto privateKey = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n"
                            "-----END PRIVATE KEY-----\n";

QString written(const QDir &folder, const QString &name, const QByteArray &content)
{
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    return file.fileName();
}

int roomIn(const QLineEdit &edit)
{
    QStyleOptionFrame option;
    option.initFrom(&edit);
    option.lineWidth = edit.style()->pixelMetric(QStyle::PM_DefaultFrameWidth, &option, &edit);
    const int room =
        edit.style()->subElementRect(QStyle::SE_LineEditContents, &option, &edit).width();
    return room - 4; // QLineEdit's own margin
}

/// The widgets beside labels, and those as wide as the form.
QList<QWidget *> fieldsOf(const SettingsPage &page)
{
    QList<QWidget *> fields;
    const QList<QLabel *> labels = page.findChildren<QLabel *>();
    for (QWidget *widget : page.findChildren<QWidget *>()) {
        const bool isLabelled =
            std::any_of(labels.cbegin(), labels.cend(),
                        [widget](const QLabel *label) { return label->buddy() == widget; });
        if (isLabelled || qobject_cast<QCheckBox *>(widget))
            fields.append(widget);
    }
    return fields;
}

} // namespace

class TstSettingsFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFieldExplainsItself_data();
    void everyFieldExplainsItself();
    void everyOptionHasAnExplanationAndADefault();
    void aMadeUpPasswordIsSeenWhole_data() { everyFieldExplainsItself_data(); }
    void aMadeUpPasswordIsSeenWhole();
    void aLongPasswordIsShownFromItsBeginning();
    void browsingBeginsWhereTheFieldPoints();
    void whatIsChosenIsCheckedAtOnce_data();
    void whatIsChosenIsCheckedAtOnce();
    void browsingMayBeCancelled();
    void aLockedFileCannotBeBrowsed();

private:
    Language m_language;
};

void TstSettingsFields::everyFieldExplainsItself_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("English") << u"en"_s;
    QTest::newRow("Russian") << u"ru"_s;
}

void TstSettingsFields::everyFieldExplainsItself()
{
    QFETCH(const QString, language);
    m_language.use(language);
    const SettingsDialogRig rig;
    int seen = 0;
    for (const SettingsPage *page : rig.dialog.findChildren<SettingsPage *>()) {
        for (const QWidget *field : fieldsOf(*page)) {
            const QString where = QString::fromLatin1(page->metaObject()->className()) + u' '
                + field->objectName() + u' ' + field->accessibleName();
            const QStringList lines = field->toolTip().split(u'\n');
            QVERIFY2(lines.constFirst().size() > 20, qPrintable(where));
            for (const QString &line : lines)
                QVERIFY2(line.size() <= 90, qPrintable(line));
            QVERIFY2(!field->accessibleDescription().isEmpty(), qPrintable(where));
            ++seen;
            const config::Option *option = config::findOption(field->objectName());
            if (!option)
                continue;
            QVERIFY2(lines.constLast().contains(option->environmentName()), qPrintable(where));
            QVERIFY2(!field->accessibleDescription().contains(option->environmentName()),
                     "the name is for those who look it up, not for those who listen");
            QVERIFY2(!lines.at(lines.size() - 2).section(u": "_s, 1).trimmed().isEmpty(),
                     qPrintable(field->toolTip()));
        }
    }
    QVERIFY2(seen >= 28, qPrintable(QString::number(seen)));
}

void TstSettingsFields::everyOptionHasAnExplanationAndADefault()
{
    m_language.use(u"en"_s);
    const SettingsDialogRig rig;
    const config::Settings defaults = SettingsStore::defaults();
    for (const config::Option &option : config::optionTable()) {
        if (!rig.input(option.environment))
            continue;
        QVERIFY2(!OptionHelp::sentence(option.environment).isEmpty(), option.environment);
        QVERIFY2(!OptionHelp::defaultValue(option.environment, defaults).isEmpty(),
                 option.environment);
    }
    QCOMPARE(OptionHelp::defaultValue("PROXY_TIMEOUT_MS", defaults), u"20 minutes"_s);
    QCOMPARE(OptionHelp::defaultValue("PROXY_TCP_KEEPALIVE_S", defaults), u"30 seconds"_s);
    QCOMPARE(OptionHelp::defaultValue("PROXY_PAGES", defaults), u"everyone"_s);
    QCOMPARE(OptionHelp::defaultValue("PROXY_ADDRESS", defaults), u"127.0.0.1"_s);
    config::Settings others = defaults;
    others.limits.maxConnectionsPerClient = 4;
    QCOMPARE(OptionHelp::defaultValue("MAX_CONNECTIONS_PER_IP", others), u"4"_s);
}

void TstSettingsFields::aMadeUpPasswordIsSeenWhole()
{
    QFETCH(const QString, language);
    m_language.use(language);
    SettingsDialogRig rig;
    rig.dialog.resize(0, 0); // as small as possible
    rig.dialog.show();
    rig.dialog.pages()->setCurrentRow(1);
    QVERIFY(QTest::qWaitForWindowExposed(&rig.dialog));
    UsersPage *page = rig.dialog.users();
    page->required()->setChecked(true);
    click(page->generateButton());
    const QLineEdit *password = page->password();
    const int wanted = password->fontMetrics().horizontalAdvance(password->displayText());
    QVERIFY2(wanted <= roomIn(*password),
             qPrintable(u"wants %1, has %2"_s.arg(wanted).arg(roomIn(*password))));
    QVERIFY(QFontInfo(password->font()).fixedPitch());
    QVERIFY(!page->showButton()->accessibleName().isEmpty());
    QVERIFY(page->showButton()->isChecked());
}

void TstSettingsFields::aLongPasswordIsShownFromItsBeginning()
{
    m_language.use(u"en"_s);
    const SettingsFixture file;
    file.write("auth_username = admin\nauth_password = " + QByteArray(200, 'x') + "\n");
    SettingsDialogRig rig(file);
    click(rig.dialog.users()->showButton());
    QCOMPARE(rig.dialog.users()->password()->text().size(), 200);
    QCOMPARE(rig.dialog.users()->password()->cursorPosition(), 0);
    click(rig.dialog.users()->generateButton());
    QCOMPARE(rig.dialog.users()->password()->cursorPosition(), 0);
    QCOMPARE(rig.dialog.users()->password()->selectedText(),
             rig.dialog.users()->password()->text());
}

void TstSettingsFields::browsingBeginsWhereTheFieldPoints()
{
    m_language.use(u"en"_s);
    SettingsDialogRig rig;
    FileField *field = rig.dialog.destinations()->caFile();
    click(field->browseButton());
    QCOMPARE(rig.wishes.size(), 1);
    QCOMPARE(rig.wishes.constLast().start, QDir::homePath());
    QVERIFY(rig.wishes.constLast().filter.contains(u"*.pem"_s));
    QVERIFY(!rig.wishes.constLast().title.isEmpty());

    const QTemporaryDir folder;
    field->setPath(folder.filePath(u"not/there.pem"_s));
    click(field->browseButton());
    QCOMPARE(rig.wishes.constLast().start, folder.path());
    const QString there = written(QDir(folder.path()), u"ca.pem"_s, certificate);
    field->setPath(there);
    click(field->browseButton());
    QCOMPARE(rig.wishes.constLast().start, there);
}

void TstSettingsFields::whatIsChosenIsCheckedAtOnce_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("problem");
    QTest::newRow("a certificate") << QByteArray(certificate) << QString();
    QTest::newRow("a key beside its certificate")
        << QByteArray(privateKey) + certificate << QString();
    QTest::newRow("a private key") << QByteArray(privateKey) << u"is a private key"_s;
    QTest::newRow("a certificate that was cut")
        << QByteArray("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
        << u"none of its certificates can be read"_s;
    const QByteArrayList lines = QByteArray(certificate).split('\n');
    const QByteArray der = QByteArray::fromBase64(lines.mid(1, lines.size() - 3).join());
    QTest::newRow("a certificate in binary form") << der << u"DER"_s;
    QTest::newRow("some other text") << "hello"_ba << u"has no PEM certificate"_s;
    QTest::newRow("nothing") << ""_ba << u"has no PEM certificate"_s;
}

void TstSettingsFields::whatIsChosenIsCheckedAtOnce()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, problem);
    m_language.use(u"en"_s);
    const QTemporaryDir folder;
    SettingsDialogRig rig;
    rig.picked = written(QDir(folder.path()), u"picked.pem"_s, content);
    FileField *field = rig.dialog.destinations()->caFile();
    click(field->browseButton());
    QCOMPARE(field->path(), rig.picked);
    QCOMPARE(rig.dialog.error().isEmpty(), problem.isEmpty());
    QVERIFY2(rig.dialog.error().contains(problem), qPrintable(rig.dialog.error()));
    const auto notes = field->parentWidget()->findChildren<QLabel *>();
    const bool isSaidHere =
        std::any_of(notes.cbegin(), notes.cend(), [&problem](const QLabel *note) {
            return !note->isHidden() && note->text().contains(problem);
        });
    QCOMPARE(isSaidHere, !problem.isEmpty());
    QCOMPARE(applied(rig.dialog), problem.isEmpty());
}

void TstSettingsFields::browsingMayBeCancelled()
{
    m_language.use(u"en"_s);
    SettingsDialogRig rig;
    FileField *field = rig.dialog.destinations()->caFile();
    click(field->browseButton());
    QCOMPARE(field->path(), QString());
    QVERIFY(rig.dialog.error().isEmpty());
    QVERIFY(CertificateFile::problem(QDir::tempPath()).contains(u"directory"_s));
#ifdef Q_OS_UNIX
    QCOMPARE(CertificateFile::problem(u"/dev/zero"_s), u"is not a file"_s);
#endif
}

void TstSettingsFields::aLockedFileCannotBeBrowsed()
{
    m_language.use(u"en"_s);
    const QTemporaryDir folder;
    SettingsFixture file;
    file.environment.insert(u"PROXY_UPSTREAM_CA_FILE"_s,
                            written(QDir(folder.path()), u"ca.pem"_s, certificate));
    const SettingsDialogRig rig(file);
    QVERIFY(!rig.dialog.destinations()->caFile()->browseButton()->isEnabledTo(&rig.dialog));
    QVERIFY(!rig.dialog.destinations()->caFile()->edit()->isEnabledTo(&rig.dialog));
}

QTEST_MAIN(TstSettingsFields)
#include "tst_settingsfields.moc"
