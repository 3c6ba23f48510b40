// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The users of the file on their page: a real file, and the real dialogs.
#include "gui/models/usersmodel.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/listeditor.h"
#include "gui/widgets/passworddialog.h"
#include "gui/widgets/settings/listeningpage.h"
#include "gui/widgets/settings/userspage.h"
#include "gui/widgets/settings/userspanel.h"
#include "gui/widgets/userdialog.h"
#include "proxyrig.h"
#include "settingsdialogrig.h"
#include "users/usersfile.h"
#include "users/userstext.h"

#include <QCheckBox>
#include <QClipboard>
#include <QDateEdit>
#include <QDateTime>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QMimeData>
#include <QPointer>
#include <QSpinBox>
#include <QTableView>
#include <QTcpSocket>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstUsersPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theListShowsTheFileAndWhoIsLetIn();
    void theFirstUserMakesTheFileAndCountsAtOnce();
    void theFirstUserIsAskedForAPasswordAlsoHere();
    void whatWasEditedBesideStaysEdited();
    void anEngineThatRefusesTheFileLeavesNone();
    void anotherUserTouchesNoSetting();
    void aPasswordIsSeenOnce();
    void aPasswordIsMarkedSecret();
    void whatIsWrongIsSaidBeforeItIsDone_data();
    void whatIsWrongIsSaidBeforeItIsDone();
    void limitsAreChangedAndOtherLinesStay();
    void turningOffAsksWhereStreamsRun();
    void removingAsks();
    void aNewPasswordTakesTheOldOnesPlace();
    void aBadFileIsSaidWithItsLine();
    void aFileThatCannotBeChangedIsSaid();
    void changesOfOthersAreSeen();
    void aFileOfTheEnvironmentIsNamedAndItsUsersCanBeChanged();
    void thePairHasNoNameOfTheFile();
    void aMadeUpNameIsNoneOfTheFile();
    void anEmptyListSaysThatNobodyGetsIn();
    void aFileThatIsNotAppliedSaysSo();
    void aClearedFileIsNotReplacedBeforeItIsApplied();
    void aProxyThatRunsTakesTheChangeAtOnce();

private:
    static QByteArray line(const QByteArray &name, const QByteArray &options = {});
};

namespace {

constexpr int usersPage = 1;

/// A settings file that names a users' file with these lines.
struct Fixture : SettingsFixture
{
    explicit Fixture(const QByteArray &users = {}, const QByteArray &settings = {})
    {
        if (!users.isEmpty())
            writeUsers(users);
        write((users.isEmpty() ? QByteArray() : "users_file = " + usersPath().toUtf8() + '\n')
              + settings);
    }
    [[nodiscard]] QString usersPath() const { return folder.filePath(u"users"_s); }
    void writeUsers(const QByteArray &content) const
    {
        QFile file(usersPath());
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write the users");
    }
    [[nodiscard]] QByteArray users() const
    {
        QFile file(usersPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

struct Rig : SettingsDialogRig
{
    explicit Rig(const SettingsFixture &file) : SettingsDialogRig(file)
    {
        start(controller);
        dialog.show();
        dialog.pages()->setCurrentRow(usersPage);
        if (!QTest::qWaitFor([this] { return !panel().words()->text().isEmpty(); }))
            qFatal("the list says nothing");
    }
    [[nodiscard]] UsersPage &page() const { return *dialog.users(); }
    [[nodiscard]] UsersPanel &panel() const { return *page().panel(); }
    [[nodiscard]] QAbstractItemModel &rows() const { return *panel().table()->model(); }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return rows().index(row, column).data().toString();
    }
    void choose(int row) const { panel().table()->selectRow(row); }
    [[nodiscard]] UserDialog *asking() const
    {
        UserDialog *found = nullptr;
        for (auto *each : dialog.findChildren<UserDialog *>())
            found = each->isVisible() ? each : found;
        return found;
    }
    [[nodiscard]] PasswordDialog *shown() const
    {
        PasswordDialog *found = nullptr;
        for (auto *each : dialog.findChildren<PasswordDialog *>())
            found = each->isVisible() ? each : found;
        return found;
    }
    /// Adds by the buttons; the window with the password is open then.
    void add(const QString &name) const
    {
        panel().addButton()->click();
        asking()->name()->setText(name);
        asking()->okButton()->click();
    }
};

bool isRight(const QString &path, const QByteArray &name, const QString &password)
{
    const auto list = users::UsersFile::read(path);
    const users::UserPtr user = list ? list->find(name) : nullptr;
    return user && user->hash.verify(password.toUtf8());
}

} // namespace

QByteArray TstUsersPage::line(const QByteArray &name, const QByteArray &options)
{
    static const QByteArray hash = users::PasswordHash::make("right", 1000)->text();
    return name + ':' + hash + (options.isEmpty() ? QByteArray() : ':' + options) + '\n';
}

void TstUsersPage::theListShowsTheFileAndWhoIsLetIn()
{
    const Fixture file(line("anna", "connections=3;hosts=api.example.com,@openai;note=phone; blue")
                       + line("bob", "disabled") + line("carla", "until=2020-01-31"));
    const Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 3);
    QCOMPARE(rig.cell(0, UsersModel::Name), u"anna"_s);
    QCOMPARE(rig.cell(0, UsersModel::State), u"on"_s);
    QCOMPARE(rig.cell(0, UsersModel::Hosts), u"api.example.com, @openai"_s);
    QCOMPARE(rig.cell(0, UsersModel::AtOnce), u"3"_s);
    QCOMPARE(rig.cell(0, UsersModel::Note), u"phone; blue"_s);
    QCOMPARE(rig.cell(1, UsersModel::State), u"turned off"_s);
    QCOMPARE(rig.cell(1, UsersModel::Hosts), u"all allowed ones"_s);
    QCOMPARE(rig.cell(2, UsersModel::State), u"expired"_s);
    QCOMPARE(rig.page().file()->path(), file.usersPath());
    QVERIFY2(!rig.button(QDialogButtonBox::Apply)->isEnabled(), "to look is no change");
    QVERIFY(!rig.panel().removeButton()->isEnabled());
    rig.choose(1);
    QCOMPARE(rig.panel().switchButton()->text().remove(u'&'), u"Turn on"_s);
    rig.choose(0);
    QCOMPARE(rig.panel().switchButton()->text().remove(u'&'), u"Turn off"_s);
}

void TstUsersPage::theFirstUserMakesTheFileAndCountsAtOnce()
{
    const SettingsFixture file;
    const Rig rig(file);
    QVERIFY(rig.panel().words()->text().contains(u"no file of users yet"_s));
    rig.add(u"anna"_s);
    QTRY_VERIFY(rig.shown());
    QVERIFY(!rig.asking());
    const QString path = rig.store.settings().users.file;
    QCOMPARE(QFileInfo(path).canonicalPath(), QFileInfo(file.path()).canonicalPath());
    QCOMPARE(rig.page().file()->path(), path);
    QVERIFY(isRight(path, "anna", rig.shown()->password()->text()));
    QCOMPARE(QFile::permissions(path)
                 & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
             QFile::Permissions());
    QVERIFY2(!rig.engine->applied.isEmpty() && rig.engine->applied.constLast().users.file == path,
             "the proxy that runs has it");
    SettingsStore again(file.input());
    QVERIFY(again.open());
    QCOMPARE(again.settings().users.file, path);
    QTRY_COMPARE(rig.cell(0, UsersModel::Name), u"anna"_s);
    QVERIFY2(!rig.button(QDialogButtonBox::Apply)->isEnabled(), "nothing is left to apply");
}

void TstUsersPage::theFirstUserIsAskedForAPasswordAlsoHere()
{
    const auto warned = [](const Rig &rig) {
        rig.panel().addButton()->click();
        bool isWarned = false;
        for (const QLabel *label : rig.asking()->findChildren<QLabel *>())
            isWarned = isWarned || (label->isVisible() && label->text().contains(u"So far"_s));
        rig.asking()->reject();
        return isWarned;
    };
    const SettingsFixture open;
    QVERIFY(warned(Rig(open)));
    SettingsFixture pair;
    pair.write(withPassword);
    QVERIFY(!warned(Rig(pair)));
    const Fixture file(line("anna"));
    QVERIFY(!warned(Rig(file)));
}

void TstUsersPage::whatWasEditedBesideStaysEdited()
{
    const SettingsFixture file;
    Rig rig(file);
    rig.dialog.listening()->port()->setValue(4711);
    rig.add(u"anna"_s);
    QTRY_VERIFY(rig.shown());
    QCOMPARE(rig.dialog.listening()->port()->value(), 4711);
    QVERIFY2(rig.store.settings().listen.port != 4711, "it is not applied with the user");
    QVERIFY(rig.button(QDialogButtonBox::Apply)->isEnabled());
}

void TstUsersPage::anEngineThatRefusesTheFileLeavesNone()
{
    const SettingsFixture file;
    const Rig rig(file);
    rig.engine->applyError = u"the moon is full"_s;
    rig.add(u"anna"_s);
    QTRY_VERIFY(rig.asking() && !rig.asking()->problem().isEmpty());
    QVERIFY(rig.asking()->problem().contains(u"the moon is full"_s));
    QVERIFY(!rig.shown());
    QVERIFY(rig.store.settings().users.file.isEmpty());
    QCOMPARE(QDir(file.folder.path()).entryList({ u"*users*"_s }), QStringList());
    // What was typed is still there, and the next try may come about.
    rig.engine->applyError.clear();
    QCOMPARE(rig.asking()->name()->text(), u"anna"_s);
    rig.asking()->okButton()->click();
    QTRY_VERIFY(rig.shown());
}

void TstUsersPage::anotherUserTouchesNoSetting()
{
    const Fixture file("# ours\n" + line("anna"));
    const Rig rig(file);
    const QByteArray settings = file.read();
    const config::Settings before = rig.store.settings();
    rig.panel().addButton()->click();
    rig.asking()->name()->setText(u" Ольга "_s);
    rig.asking()->hosts()->add(u"api.example.com, @openai"_s);
    rig.asking()->hasEnd()->setChecked(true);
    rig.asking()->end()->setDate(QDate(2030, 1, 31));
    rig.asking()->connections()->setValue(4);
    rig.asking()->note()->setText(u"phone"_s);
    rig.asking()->okButton()->click();
    QTRY_VERIFY(rig.shown());
    QCOMPARE(file.read(), settings);
    QVERIFY(file.users().startsWith("# ours\n" + line("anna") + "Ольга:$pbkdf2-sha512$"));
    QVERIFY(file.users().endsWith(
        ":connections=4;hosts=api.example.com,@openai;until=2030-01-31;note=phone\n"));
    QVERIFY2(!rig.engine->applied.isEmpty(), "the proxy looks at the file at once");
    QCOMPARE(rig.engine->applied.constLast(), before);
    QTRY_COMPARE(rig.cell(1, UsersModel::Name), u"Ольга"_s);
    QCOMPARE(rig.panel().table()->currentIndex().row(), 1);
}

void TstUsersPage::aPasswordIsSeenOnce()
{
    const Fixture file(line("anna"), "address = 0.0.0.0\n");
    const Rig rig(file);
    rig.engine->address = { QHostAddress(QHostAddress::AnyIPv4), 8080 };
    rig.add(u"bob"_s);
    QTRY_VERIFY(rig.shown());
    const QPointer<PasswordDialog> dialog(rig.shown());
    const QString password = dialog->password()->text();
    QCOMPARE(password.size(), 24);
    QVERIFY(isRight(file.usersPath(), "bob", password));
    QCOMPARE(dialog->user()->text(), u"bob"_s);
    QCOMPARE(dialog->address()->wholeText(), u"http://bob:%1@192.0.2.7:8080"_s.arg(password));
    QVERIFY(dialog->link()->wholeText().startsWith(
        u"sami-proxy://bob:%1@192.0.2.7:8080"_s.arg(password)));
    dialog->close();
    QTRY_VERIFY(!dialog);
    QVERIFY(!everyText(rig.dialog).contains(password));
    QVERIFY(!file.read().contains(password.toUtf8()));
    QVERIFY(!file.users().contains(password.toUtf8()));
}

void TstUsersPage::aPasswordIsMarkedSecret()
{
    const Fixture file(line("anna"));
    const Rig rig(file);
    rig.add(u"bob"_s);
    QTRY_VERIFY(rig.shown());
    int secrets = 0;
    for (auto *button : rig.shown()->findChildren<QToolButton *>()) {
        if (!button->isVisible() || button->accessibleName() == u"Copy: User name"_s)
            continue;
        button->click();
        const QMimeData *data = QGuiApplication::clipboard()->mimeData();
        QVERIFY(data->text().contains(rig.shown()->password()->text()));
        QVERIFY(data->hasFormat(QString::fromLatin1(concealedFormat)));
        ++secrets;
    }
    QCOMPARE(secrets, 3);
}

void TstUsersPage::whatIsWrongIsSaidBeforeItIsDone_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("note");
    QTest::addColumn<QString>("problem");
    QTest::newRow("a name of the file")
        << u"anna"_s << QString() << QString() << u"of that name already"_s;
    QTest::newRow("the name of the settings' own user")
        << u"admin"_s << QString() << QString() << u"of that name already"_s;
    QTest::newRow("the name that it is about to get")
        << u"root"_s << QString() << QString() << u"of that name already"_s;
    QTest::newRow("a colon") << u"an:na"_s << QString() << QString() << u"cannot have a colon"_s;
    QTest::newRow("a comment") << u"#anna"_s << QString() << QString() << u"makes it a comment"_s;
    QTest::newRow("a host that is none")
        << u"bob"_s << u"a/b"_s << QString() << u"Hosts: write the host alone"_s;
    QTest::newRow("a host that waits to be added")
        << u"bob"_s << u"example.com"_s << QString() << u"Hosts: press"_s;
    QTest::newRow("a note with a control character")
        << u"bob"_s << QString() << u"a\x01z"_s << u"Note: it has a control character"_s;
}

void TstUsersPage::whatIsWrongIsSaidBeforeItIsDone()
{
    QFETCH(const QString, name);
    QFETCH(const QString, host);
    QFETCH(const QString, note);
    QFETCH(const QString, problem);
    const Fixture file(line("anna"), withPassword);
    const Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    rig.page().user()->setText(u"root"_s); // not applied yet
    rig.panel().addButton()->click();
    UserDialog *dialog = rig.asking();
    QVERIFY2(dialog->problem().isEmpty() && !dialog->okButton()->isEnabled(),
             "an empty name is no mistake yet");
    dialog->name()->setText(name);
    dialog->hosts()->field()->setText(host);
    dialog->note()->setText(note);
    QVERIFY2(dialog->problem().contains(problem), qPrintable(dialog->problem()));
    QVERIFY(!dialog->okButton()->isEnabled());
    dialog->name()->setText(u"carla"_s);
    dialog->hosts()->field()->clear();
    dialog->note()->clear();
    QVERIFY2(dialog->okButton()->isEnabled(), qPrintable(dialog->problem()));
}

void TstUsersPage::limitsAreChangedAndOtherLinesStay()
{
    const QByteArray before = "# a\n" + line("anna", "until=2030-01-31;note=old") + "\n# b\n";
    const Fixture file(before + line("bob"));
    const Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 2);
    rig.choose(0);
    rig.panel().changeButton()->click();
    UserDialog *dialog = rig.asking();
    QVERIFY(dialog->name()->isReadOnly());
    QVERIFY(dialog->hasEnd()->isChecked());
    QCOMPARE(dialog->end()->date(), QDate(2030, 1, 31));
    QCOMPARE(dialog->note()->text(), u"old"_s);
    dialog->hasEnd()->setChecked(false);
    dialog->connections()->setValue(2);
    dialog->okButton()->click();
    QTRY_COMPARE(rig.cell(0, UsersModel::AtOnce), u"2"_s);
    QCOMPARE(file.users(),
             "# a\n" + line("anna", "connections=2;note=old") + "\n# b\n" + line("bob"));
}

void TstUsersPage::turningOffAsksWhereStreamsRun()
{
    const Fixture file(line("anna"));
    Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    rig.choose(0);
    rig.panel().switchButton()->click();
    QTRY_COMPARE(rig.cell(0, UsersModel::State), u"turned off"_s);
    QVERIFY2(rig.questions.isEmpty(), "nothing is cut");
    QCOMPARE(file.users(), line("anna", "disabled"));
    QVERIFY2(!rig.engine->applied.isEmpty(), "the proxy looks at once");
    rig.panel().switchButton()->click();
    QTRY_COMPARE(rig.cell(0, UsersModel::State), u"on"_s);
    QCOMPARE(file.users(), line("anna"));

    auto row = FakeEngine::makeConnection(1);
    row.user = "anna";
    rig.engine->put(row);
    rig.answer = false;
    rig.panel().switchButton()->click();
    QCOMPARE(rig.questions.size(), 1);
    QVERIFY(rig.questions.constLast().contains(u"will be cut"_s));
    QTest::qWait(50);
    QCOMPARE(file.users(), line("anna"));
    rig.answer = true;
    rig.panel().switchButton()->click();
    QTRY_COMPARE(rig.cell(0, UsersModel::State), u"turned off"_s);
}

void TstUsersPage::removingAsks()
{
    const Fixture file(line("anna") + line("bob"));
    Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 2);
    rig.choose(0);
    rig.answer = false;
    rig.panel().removeButton()->click();
    QCOMPARE(rig.questions.size(), 1);
    QVERIFY(rig.questions.constLast().contains(u"anna"_s));
    rig.answer = true;
    rig.panel().removeButton()->click();
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    QCOMPARE(file.users(), line("bob"));
}

void TstUsersPage::aNewPasswordTakesTheOldOnesPlace()
{
    const Fixture file(line("anna", "note=kept"));
    Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    rig.choose(0);
    rig.answer = false;
    rig.panel().renewButton()->click();
    QCOMPARE(rig.questions.size(), 1);
    rig.answer = true;
    rig.panel().renewButton()->click();
    QTRY_VERIFY(rig.shown());
    QVERIFY(isRight(file.usersPath(), "anna", rig.shown()->password()->text()));
    QVERIFY(!isRight(file.usersPath(), "anna", u"right"_s));
    QVERIFY(file.users().endsWith(":note=kept\n"));
}

void TstUsersPage::aBadFileIsSaidWithItsLine()
{
    const Fixture file(line("anna") + "bob:secret\n");
    const Rig rig(file);
    QTRY_VERIFY(rig.panel().words()->text().contains(u"line 2: the hash"_s));
    QVERIFY(!everyText(rig.dialog).contains(u"bob:secret"_s));
    QCOMPARE(rig.rows().rowCount(), 0);
    QVERIFY2(rig.dialog.error().isEmpty(), "other settings can be applied");
    rig.add(u"carla"_s);
    QTRY_VERIFY(rig.asking()->problem().contains(u"line 2: the hash"_s));
    QCOMPARE(file.users(), line("anna") + "bob:secret\n");
}

void TstUsersPage::aFileThatCannotBeChangedIsSaid()
{
    const Fixture file(line("anna"));
    const QString real = file.folder.filePath(u"real"_s);
    QVERIFY(QFile::rename(file.usersPath(), real));
    QVERIFY(QFile::link(real, file.usersPath()));
    const Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    rig.choose(0);
    rig.panel().switchButton()->click();
    QTRY_VERIFY(rig.panel().note()->text().contains(u"is a symbolic link"_s));
    QVERIFY(rig.panel().note()->isVisible());
    QVERIFY2(rig.panel().switchButton()->isEnabled(), "it may be tried again");
    QVERIFY(rig.engine->applied.isEmpty());
}

void TstUsersPage::changesOfOthersAreSeen()
{
    const Fixture file(line("anna"));
    const Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    rig.choose(0);
    file.writeUsers(line("bob", "disabled") + line("anna"));
    QTRY_COMPARE(rig.rows().rowCount(), 2);
    QVERIFY2(rig.panel().table()->selectionModel()->isRowSelected(0), "who was chosen stays so");
    QVERIFY(QFile::remove(file.usersPath()));
    QTRY_VERIFY(rig.panel().words()->text().contains(u"cannot be shown"_s));
}

void TstUsersPage::aFileOfTheEnvironmentIsNamedAndItsUsersCanBeChanged()
{
    Fixture file;
    file.writeUsers(line("anna"));
    file.environment.insert(u"PROXY_USERS_FILE"_s, file.usersPath());
    const Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    QVERIFY(!rig.page().file()->isEnabledTo(&rig.dialog));
    QVERIFY(everyText(rig.dialog).contains(u"(PROXY_USERS_FILE)"_s));
    rig.choose(0);
    rig.panel().switchButton()->click();
    QTRY_COMPARE(rig.cell(0, UsersModel::State), u"turned off"_s);
}

void TstUsersPage::thePairHasNoNameOfTheFile()
{
    const Fixture file(line("anna"), withPassword);
    const Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    rig.page().user()->setText(u"anna"_s);
    QVERIFY2(rig.dialog.error().contains(u"a user of the file has this name"_s),
             qPrintable(rig.dialog.error()));
    rig.page().user()->setText(u"ann"_s);
    QVERIFY(rig.dialog.error().isEmpty());
}

void TstUsersPage::aMadeUpNameIsNoneOfTheFile()
{
    const Fixture file(line("proxy"));
    const Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    rig.page().setUpPassword();
    QCOMPARE(rig.page().user()->text(), u"proxy-2"_s);
    QVERIFY2(rig.dialog.error().isEmpty(), qPrintable(rig.dialog.error()));
}

void TstUsersPage::anEmptyListSaysThatNobodyGetsIn()
{
    const Fixture file("# nobody\n");
    const Rig rig(file);
    QTRY_VERIFY(rig.panel().words()->text().contains(u"nobody can use the proxy"_s));
    rig.page().required()->setChecked(true);
    rig.page().user()->setText(u"admin"_s);
    QVERIFY(!rig.panel().words()->text().contains(u"nobody can use the proxy"_s));
}

void TstUsersPage::aFileThatIsNotAppliedSaysSo()
{
    const Fixture file;
    file.writeUsers(line("anna"));
    const Rig rig(file);
    rig.page().file()->setPath(file.usersPath());
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    QVERIFY(rig.panel().words()->text().contains(u"once the file is applied"_s));
    rig.choose(0);
    rig.panel().switchButton()->click();
    QTRY_COMPARE(rig.cell(0, UsersModel::State), u"turned off"_s);
    QVERIFY2(rig.engine->applied.isEmpty(), "no proxy has that file");
}

void TstUsersPage::aClearedFileIsNotReplacedBeforeItIsApplied()
{
    const Fixture file(line("anna"));
    Rig rig(file);
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    rig.page().file()->setPath({});
    QTRY_COMPARE(rig.rows().rowCount(), 0);
    QVERIFY2(!rig.panel().addButton()->isEnabled(), "anna would be shut out at once");
    const QString words = rig.panel().words()->text();
    QVERIFY2(words.contains(QDir::toNativeSeparators(file.usersPath())), qPrintable(words));
    // Back as it was.
    rig.page().file()->setPath(file.usersPath());
    QTRY_COMPARE(rig.rows().rowCount(), 1);
    QVERIFY(rig.panel().addButton()->isEnabled());
    // Applied: the old file is no longer the proxy's.
    rig.page().file()->setPath({});
    QVERIFY(applied(rig.dialog));
    QTRY_VERIFY(rig.panel().addButton()->isEnabled());
    rig.add(u"bob"_s);
    QTRY_VERIFY(rig.shown());
    QVERIFY(rig.store.settings().users.file != file.usersPath());
    QCOMPARE(file.users(), line("anna"));
}

void TstUsersPage::aProxyThatRunsTakesTheChangeAtOnce()
{
    const Fixture file(line("anna"));
    test::ProxyRig rig({ "--users-file=" + file.usersPath().toUtf8() });
    QVERIFY(rig.isGood);
    rig.controller->start();
    QTRY_COMPARE(rig.controller->state(), ProxyState::Running);
    const auto answer = [&rig] {
        QTcpSocket client;
        client.connectToHost(QHostAddress(QHostAddress::LocalHost),
                             rig.controller->listenAddress().port);
        client.write("CONNECT a.example:25 HTTP/1.1\r\nHost: a.example:25\r\n"
                     "Proxy-Authorization: Basic "
                     + QByteArray("bob:right").toBase64() + "\r\n\r\n");
        if (!QTest::qWaitFor([&client] { return client.canReadLine(); }))
            return QByteArray();
        return client.readLine().split(' ').value(1);
    };
    QCOMPARE(answer(), "407"_ba);
    file.writeUsers(line("anna") + line("bob"));
    rig.controller->takeUsers();
    settle();
    QCOMPARE(answer(), "403"_ba); // signed in: it is the port that is refused
}

QTEST_MAIN(TstUsersPage)
#include "tst_userspage.moc"
