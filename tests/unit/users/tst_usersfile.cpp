// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/usersfile.h"
#include "users/userstext.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::users;

class TstUsersFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isRead();
    void whatIsKnownIsNotParsedAgain();
    void whatCannotBeReadSaysWhy();
    void aLinkIsReadAndNotChanged();
    void whatWouldNotBeReadAgainIsNotWritten();

private:
    void write(const QByteArray &content);
    [[nodiscard]] QByteArray content() const;
    [[nodiscard]] QString problem() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    QByteArray m_line;
};

void TstUsersFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"users"_s);
    m_line = "anna:" + PasswordHash::make("right", 1000)->text() + '\n';
}

void TstUsersFile::write(const QByteArray &content)
{
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

QByteArray TstUsersFile::content() const
{
    QFile file(m_path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
}

QString TstUsersFile::problem() const
{
    const auto list = UsersFile::read(m_path);
    return list ? u"read"_s : list.error();
}

void TstUsersFile::isRead()
{
    write(m_line);
    const auto list = UsersFile::read(m_path);
    QVERIFY(list);
    QVERIFY(list->find("anna")->hash.verify("right"));
    write("");
    QVERIFY2(UsersFile::read(m_path)->isEmpty(), "nobody is let in, and nothing is wrong");
}

/// Parsing 24,500 users takes a good part of a second, and somebody asks every ten.
void TstUsersFile::whatIsKnownIsNotParsedAgain()
{
    write(m_line);
    const auto known = UsersFile::read(m_path).value();
    QCOMPARE(UsersFile::read(m_path, known)->users(), known.users()); // the same objects
    QVERIFY(UsersFile::read(m_path)->users() != known.users());
    write(m_line + "# one more line\n");
    const auto other = UsersFile::read(m_path, known).value();
    QVERIFY(other.users() != known.users());
    QVERIFY(other.fingerprint() != known.fingerprint());
    write("anna");
    QVERIFY(!UsersFile::read(m_path, known));
    // A list of no file never stands for one.
    write("");
    QVERIFY(!UsersFile::read(m_path, UsersList())->fingerprint().isEmpty());
}

void TstUsersFile::whatCannotBeReadSaysWhy()
{
    QCOMPARE(problem(), u"is not there; sami-llm-proxy user add NAME makes it"_s);
    write("anna:hunter2\n");
    QVERIFY(problem().startsWith(u"line 1: the hash"_s));
    write("#\n" + QByteArray(UsersFile::mostOctets, 'a'));
    QCOMPARE(problem(), u"has more than 4 MiB; that is not a list of users"_s);
    m_path = m_folder->path();
    QVERIFY(problem().contains(u"directory"_s));
}

/// Kubernetes mounts a secret as a link, which a rename would replace with a file.
void TstUsersFile::aLinkIsReadAndNotChanged()
{
    write(m_line);
    const QString link = m_folder->filePath(u"link"_s);
    QVERIFY(QFile::link(m_path, link));
    QCOMPARE(UsersFile::read(link)->users().size(), 1);
    const auto changed = UsersFile::change(
        link, [](const QByteArray &content) { return withoutUser(content, "anna"); });
    QVERIFY(!changed);
    QVERIFY2(changed.error().contains(u"symbolic link"_s), qPrintable(changed.error()));
    QCOMPARE(content(), m_line);
}

void TstUsersFile::whatWouldNotBeReadAgainIsNotWritten()
{
    write(m_line);
    const auto changed = UsersFile::change(m_path, [](const QByteArray &content) {
        return Result<QByteArray, QString>(content + "boris:hunter2\n");
    });
    QVERIFY(!changed && changed.error().startsWith(u"line 2: the hash"_s));
    QCOMPARE(content(), m_line);
    QVERIFY(UsersFile::change(
        m_path, [](const QByteArray &content) { return withoutUser(content, "anna"); }));
    QCOMPARE(content(), "# nobody\n");
}

QTEST_APPLESS_MAIN(TstUsersFile)
#include "tst_usersfile.moc"
