// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The protocol between two copies; test_instances.py runs two real ones.
#include "gui/app/singleinstance.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <functional>
#include <memory>

using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Keeps the first copy's event loop running while the second one waits.
bool inAnotherThread(const std::function<bool()> &work)
{
    bool result = false;
    const std::unique_ptr<QThread> thread(QThread::create([&] { result = work(); }));
    thread->start();
    if (!QTest::qWaitFor([&] { return thread->isFinished(); }, 30'000))
        qFatal("the second copy does not come to an end");
    thread->wait();
    return result;
}

} // namespace

class SingleInstanceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void theFirstGetsIt();
    void theSecondDoesNot();
    void anotherSettingsFileIsAnotherProgram();
    void twoWaysToOneFileAreOne();
    void itIsFreeAfterTheEnd();
    void theSecondRaisesTheFirst_data();
    void theSecondRaisesTheFirst();
    void aLinkIsPassedOn_data();
    void aLinkIsPassedOn();
    void quitIsPassedOn();
    void quitWithoutAFirstIsDone();
    void quitGivesUpInTheEnd();
    void quitSeesThatTheFirstDied_data();
    void quitSeesThatTheFirstDied();
    void raiseGivesUpWithoutAnAnswer();
    void whoRaisesTheDeadTakesItsPlace();
    void aStaleSocketIsRemoved();
    void othersCannotConnect();
    void nonsenseIsIgnored_data();
    void nonsenseIsIgnored();

private:
    [[nodiscard]] QString path(const QString &name = u"settings.ini"_s) const
    {
        return m_folder->filePath(name);
    }
    [[nodiscard]] QString socketPath() const;
    [[nodiscard]] bool raises(const QByteArray &token, const QString &link = {}) const
    {
        return SingleInstance(path()).raiseFirst(token, link) == SingleInstance::Answer::Done;
    }

    QTemporaryDir m_runtime;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void SingleInstanceTest::initTestCase()
{
    QVERIFY(m_runtime.isValid());
    QFile::setPermissions(m_runtime.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("XDG_RUNTIME_DIR", m_runtime.path().toLocal8Bit());
    QCOMPARE(QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation), m_runtime.path());
}

void SingleInstanceTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    for (const QString &name : QDir(m_runtime.path()).entryList(QDir::Files | QDir::System))
        QFile::remove(m_runtime.filePath(name));
}

QString SingleInstanceTest::socketPath() const
{
    for (const QString &name : QDir(m_runtime.path()).entryList(QDir::Files | QDir::System)) {
        if (!name.endsWith(".lock"_L1))
            return m_runtime.filePath(name);
    }
    return {};
}

void SingleInstanceTest::theFirstGetsIt()
{
    SingleInstance first(path());
    QVERIFY(first.acquire());
}

void SingleInstanceTest::theSecondDoesNot()
{
    SingleInstance first(path());
    SingleInstance second(path());
    QVERIFY(first.acquire());
    QVERIFY(!second.acquire());
}

void SingleInstanceTest::anotherSettingsFileIsAnotherProgram()
{
    SingleInstance first(path());
    SingleInstance second(path(u"other.ini"_s));
    QVERIFY(first.acquire());
    QVERIFY(second.acquire());
}

void SingleInstanceTest::twoWaysToOneFileAreOne()
{
    QVERIFY(QFile::link(m_folder->path(), m_runtime.filePath(u"link"_s)));
    SingleInstance first(path());
    SingleInstance second(m_runtime.filePath(u"link/settings.ini"_s));
    QVERIFY(first.acquire());
    QVERIFY(!second.acquire());
    QFile::remove(m_runtime.filePath(u"link"_s));
}

void SingleInstanceTest::itIsFreeAfterTheEnd()
{
    {
        SingleInstance first(path());
        QVERIFY(first.acquire());
    }
    SingleInstance second(path());
    QVERIFY(second.acquire());
}

void SingleInstanceTest::theSecondRaisesTheFirst_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("without a token") << QByteArray();
    QTest::newRow("with the desktop's token") << QByteArray("kwin-1234_TIME5678");
}

void SingleInstanceTest::theSecondRaisesTheFirst()
{
    QFETCH(const QByteArray, token);
    SingleInstance first(path());
    QSignalSpy raised(&first, &SingleInstance::raiseRequested);
    QSignalSpy quit(&first, &SingleInstance::quitRequested);
    QVERIFY(first.acquire());
    QVERIFY(inAnotherThread([&] { return raises(token); }));
    QCOMPARE(raised.size(), 1);
    QCOMPARE(raised.first().first().toByteArray(), token);
    QCOMPARE(quit.size(), 0);
}

void SingleInstanceTest::aLinkIsPassedOn_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("link");
    const QString link = u"sami-proxy://ann:s3cr%2Ct@fra.example.com:8443?name=fra"_s;
    QTest::newRow("without a token") << QByteArray() << link;
    QTest::newRow("with a token") << QByteArray("kwin-1234_TIME5678") << link;
    QTest::newRow("what is none") << QByteArray() << u"sami-proxy: \u00e4\nquit"_s;
    QTest::newRow("a long one") << QByteArray("token") << link + QString(4000, u'x');
}

void SingleInstanceTest::aLinkIsPassedOn()
{
    QFETCH(const QByteArray, token);
    QFETCH(const QString, link);
    SingleInstance first(path());
    QSignalSpy raised(&first, &SingleInstance::raiseRequested);
    QSignalSpy offered(&first, &SingleInstance::linkOffered);
    QSignalSpy quit(&first, &SingleInstance::quitRequested);
    QVERIFY(first.acquire());
    QVERIFY(inAnotherThread([&] { return raises(token, link); }));
    QCOMPARE(raised.size(), 1);
    QCOMPARE(raised.first().first().toByteArray(), token);
    QCOMPARE(offered.size(), 1);
    QCOMPARE(offered.first().first().toString(), link);
    QCOMPARE(quit.size(), 0);
}

void SingleInstanceTest::quitIsPassedOn()
{
    auto first = std::make_unique<SingleInstance>(path());
    QVERIFY(first->acquire());
    // It takes a while to end, and the second one waits for that.
    bool isGone = false;
    connect(first.get(), &SingleInstance::quitRequested, this, [&] {
        QTimer::singleShot(200, this, [&] {
            isGone = true;
            first.reset();
        });
    });
    bool wasGone = false;
    QVERIFY(inAnotherThread([&] {
        const bool done = SingleInstance(path()).quitFirst();
        wasGone = isGone;
        return done;
    }));
    QVERIFY(wasGone);
}

void SingleInstanceTest::quitWithoutAFirstIsDone()
{
    QVERIFY(SingleInstance(path()).quitFirst());
    SingleInstance next(path());
    QVERIFY(next.acquire()); // and holds nothing
}

void SingleInstanceTest::quitGivesUpInTheEnd()
{
    SingleInstance first(path());
    QSignalSpy quit(&first, &SingleInstance::quitRequested);
    QVERIFY(first.acquire());
    QVERIFY(!inAnotherThread([&] { return SingleInstance(path()).quitFirst(300ms); }));
    QCOMPARE(quit.size(), 1); // asked once, and it did not comply
}

void SingleInstanceTest::quitSeesThatTheFirstDied_data()
{
    QTest::addColumn<bool>("listens");
    QTest::newRow("before it could be told") << false;
    QTest::newRow("after it was told, before it answered") << true;
}

void SingleInstanceTest::quitSeesThatTheFirstDied()
{
    QFETCH(const bool, listens);
    auto first = std::make_unique<SingleInstance>(path());
    QVERIFY(first->acquire());
    if (!listens)
        QVERIFY(QFile::remove(socketPath()));
    // Only this thread's event loop could answer.
    QElapsedTimer taken;
    taken.start();
    bool isDone = false;
    const std::unique_ptr<QThread> second(
        QThread::create([&] { isDone = SingleInstance(path()).quitFirst(20s); }));
    second->start();
    QThread::msleep(300);
    first.reset();
    QVERIFY(second->wait(30'000));
    QVERIFY(isDone);
    QVERIFY2(taken.elapsed() < 10'000, "it does not wait for the dead");
}

void SingleInstanceTest::raiseGivesUpWithoutAnAnswer()
{
    SingleInstance first(path());
    QVERIFY(first.acquire());
    // In this thread: the first one never comes to answer.
    QCOMPARE(SingleInstance(path()).raiseFirst({}, {}, 300ms), SingleInstance::Answer::Silent);
}

void SingleInstanceTest::whoRaisesTheDeadTakesItsPlace()
{
    auto first = std::make_unique<SingleInstance>(path());
    QVERIFY(first->acquire());
    SingleInstance second(path());
    QVERIFY(!second.acquire());
    // In this thread, the first never answers.
    auto answer = SingleInstance::Answer::Done;
    const std::unique_ptr<QThread> thread(
        QThread::create([&] { answer = SingleInstance(path()).raiseFirst({}, {}, 20s); }));
    thread->start();
    QThread::msleep(300);
    first.reset();
    QVERIFY(thread->wait(15'000));
    QCOMPARE(answer, SingleInstance::Answer::Gone);
    QVERIFY(second.acquire());
}

void SingleInstanceTest::aStaleSocketIsRemoved()
{
    QString stale;
    {
        SingleInstance first(path());
        QVERIFY(first.acquire());
        stale = socketPath();
        QVERIFY(!stale.isEmpty());
    }
    QFile file(stale);
    QVERIFY(!file.exists());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    SingleInstance second(path());
    QVERIFY(second.acquire());
    QVERIFY(inAnotherThread([&] { return raises({}); }));
}

void SingleInstanceTest::othersCannotConnect()
{
    SingleInstance first(path());
    QVERIFY(first.acquire());
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QCOMPARE(QFile::permissions(socketPath()) & others, QFile::Permissions());
}

void SingleInstanceTest::nonsenseIsIgnored_data()
{
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("an unknown word") << QByteArray("dance\n");
    QTest::newRow("an empty line") << QByteArray("\n");
    QTest::newRow("quit and more") << QByteArray("quitter\n");
    QTest::newRow("no line at all") << QByteArray(1'000'000, 'x');
}

void SingleInstanceTest::nonsenseIsIgnored()
{
    QFETCH(const QByteArray, words);
    SingleInstance first(path());
    QSignalSpy raised(&first, &SingleInstance::raiseRequested);
    QSignalSpy quit(&first, &SingleInstance::quitRequested);
    QVERIFY(first.acquire());
    QLocalSocket socket;
    socket.connectToServer(socketPath());
    socket.write(words);
    QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState);
    QCOMPARE(raised.size() + quit.size(), 0);
    QVERIFY(inAnotherThread([&] { return raises({}); }));
}

QTEST_GUILESS_MAIN(SingleInstanceTest)
#include "tst_singleinstance.moc"
