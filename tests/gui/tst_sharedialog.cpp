// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Lets a phone in with the real dialog. zbarimg reads its picture, as a camera would.
#include "answers.h"
#include "gui/widgets/copybutton.h"
#include "gui/widgets/qrview.h"
#include "gui/widgets/sharedialog.h"
#include "guirig.h"
#include "proxyrig.h"
#include "users/passwordhash.h"

#include <QClipboard>
#include <QComboBox>
#include <QGroupBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QPainter>
#include <QProcess>
#include <QPushButton>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

QList<OwnAddress> machine()
{
    return { { u"wlan0"_s, QHostAddress(u"192.168.1.20"_s), 24 },
             { u"wlan0"_s, QHostAddress(u"fd00::20"_s), 64 },
             { u"docker0"_s, QHostAddress(u"172.17.0.1"_s), 16, true } };
}

/// What a QR reader decodes from the picture; null if none is installed.
QString read(const QImage &image)
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"code.png"_s);
    if (!image.save(file))
        return u"not saved"_s;
    QProcess reader;
    reader.start(u"zbarimg"_s,
                 { u"--quiet"_s, u"--raw"_s, u"-Sdisable"_s, u"-Sqrcode.enable"_s, file });
    if (!reader.waitForFinished(20'000))
        return u"no answer"_s;
    return QString::fromUtf8(reader.readAllStandardOutput()).trimmed();
}

bool hasReader()
{
    return !QStandardPaths::findExecutable(u"zbarimg"_s).isEmpty();
}

QPalette darkPalette()
{
    QPalette palette(QColor(0x20, 0x20, 0x20));
    palette.setColor(QPalette::WindowText, Qt::white);
    palette.setColor(QPalette::Text, Qt::white);
    palette.setColor(QPalette::Base, Qt::black);
    return palette;
}

} // namespace

class TstShareDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QGuiApplication::setPalette(QPalette()); }

    void oneClickOpensAndShowsWhatAPhoneAsksFor();
    void itSaysFirstWhatWillChange();
    void nothingIsOfferedWhereNothingIsLeft();
    void theChosenAddressIsShown();
    void aStoppedProxyIsStarted();
    void aHeldSettingIsNamedAndNothingChanges();
    void settingsThatCannotCountAreSaid();
    void aProxyThatCannotStartIsSaid();
    void withoutANetworkThereIsNothingToOpen();
    void theRealCoreIsOpened();
    void aNewUserHasANameOfItsOwn();
    void eachValueIsCopied();
    void aPasswordThatWasNotTakenIsNotOfferedAgain();
    void thePictureIsRead_data();
    void thePictureIsRead();
    void aTextThatIsTooLongHasNoPicture();
};

void TstShareDialog::oneClickOpensAndShowsWhatAPhoneAsksFor()
{
    GuiRig rig;
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    QVERIFY(dialog.result()->isHidden());
    QVERIFY(dialog.applyButton()->isEnabled());
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();

    const config::Settings settings = rig.controller.settings();
    QCOMPARE(settings.listen.address, QHostAddress(QHostAddress::AnyIPv4));
    QCOMPARE(settings.access.allowedClients, QList { policy::ClientEntry::privateClients() });
    QVERIFY(settings.access.credentials);
    QCOMPARE(rig.engine->applied.size(), 1);
    QVERIFY(dialog.applyButton()->isHidden());
    QVERIFY(dialog.result()->isVisible());
    QCOMPARE(dialog.host()->text(), u"192.168.1.20"_s);
    QCOMPARE(dialog.port()->text(), u"8080"_s);
    QCOMPARE(dialog.user()->text().toUtf8(), settings.access.credentials->username);
    QCOMPARE(dialog.password()->text().toUtf8(), settings.access.credentials->password);
    QCOMPARE(dialog.password()->echoMode(), QLineEdit::Password);
    QCOMPARE(dialog.picture()->isVisible(), QrCode::isAvailable());
}

void TstShareDialog::itSaysFirstWhatWillChange()
{
    GuiRig rig;
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    const QStringList lines = dialog.changes()->text().split(u'\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].contains(u"0.0.0.0"_s));
    QVERIFY(lines[1].contains(u"private networks"_s));
    QVERIFY(lines[2].contains(u"password"_s));
    QVERIFY2(rig.engine->applied.isEmpty(), "nothing is changed by looking");
    // Users press Enter out of habit.
    QTest::keyClick(&dialog, Qt::Key_Return);
    QVERIFY(rig.engine->applied.isEmpty());
}

void TstShareDialog::nothingIsOfferedWhereNothingIsLeft()
{
    GuiRig rig({ u"--address=0.0.0.0"_s, u"--auth-username=ann"_s, u"--auth-password=horse"_s });
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    QVERIFY(dialog.applyButton()->isHidden());
    QVERIFY(dialog.result()->isVisible());
    QCOMPARE(dialog.user()->text(), u"ann"_s);
}

void TstShareDialog::theChosenAddressIsShown()
{
    GuiRig rig({ u"--address=0.0.0.0"_s, u"--auth-username=ann"_s, u"--auth-password=horse"_s });
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    QCOMPARE(dialog.address()->count(), 3);
    QVERIFY(dialog.address()->itemText(0).contains(u"192.168.1.20"_s));
    QVERIFY(dialog.address()->itemText(2).contains(u"virtual"_s));
    dialog.address()->setCurrentIndex(2);
    QCOMPARE(dialog.host()->text(), u"172.17.0.1"_s);
    // The proxy does not listen on IPv6, so the plan differs.
    dialog.address()->setCurrentIndex(1);
    QVERIFY(dialog.result()->isHidden());
    QVERIFY(dialog.changes()->text().contains(u"(::)"_s));
}

void TstShareDialog::aStoppedProxyIsStarted()
{
    GuiRig rig({ u"--address=0.0.0.0"_s, u"--auth-username=ann"_s, u"--auth-password=horse"_s });
    rig.controller.stop();
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    QVERIFY(dialog.result()->isHidden());
    QCOMPARE(dialog.applyButton()->text(), u"Start the proxy"_s);
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();
    QCOMPARE(rig.controller.state(), ProxyState::Running);
    QVERIFY(dialog.result()->isVisible());
}

void TstShareDialog::aHeldSettingIsNamedAndNothingChanges()
{
    GuiRig rig({ u"--address=127.0.0.1"_s });
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    QVERIFY(!dialog.applyButton()->isEnabled());
    QVERIFY2(dialog.problem()->isVisible() && dialog.problem()->text().contains(u"--address"_s)
                 && dialog.problem()->text().contains(u"0.0.0.0"_s),
             qPrintable(dialog.problem()->text()));
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();
    QVERIFY(rig.engine->applied.isEmpty());
}

void TstShareDialog::settingsThatCannotCountAreSaid()
{
    GuiRig rig;
    rig.engine->applyError = u"<b>0.0.0.0:8080</b> is in use"_s;
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    const config::Settings before = rig.controller.settings();
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();
    QVERIFY(rig.controller.settings() == before);
    QVERIFY(dialog.result()->isHidden());
    QVERIFY(dialog.applyButton()->isVisible() && dialog.applyButton()->isEnabled());
    QVERIFY2(dialog.problem()->text().contains(u"<b>0.0.0.0:8080</b> is in use"_s),
             qPrintable(dialog.problem()->text()));
    QCOMPARE(dialog.problem()->textFormat(), Qt::PlainText);
    rig.engine->applyError.clear();
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();
    QVERIFY(dialog.result()->isVisible());
    QVERIFY(dialog.problem()->isHidden());
}

void TstShareDialog::aProxyThatCannotStartIsSaid()
{
    GuiRig rig;
    rig.controller.stop();
    rig.engine->startError = u"the port is taken"_s;
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();
    QCOMPARE(rig.controller.state(), ProxyState::Failed);
    QVERIFY(dialog.problem()->isVisible());
    QVERIFY(dialog.problem()->text().contains(u"the port is taken"_s));
    QVERIFY2(!dialog.applyButton()->isVisible(), "it is tried again by itself");
}

void TstShareDialog::withoutANetworkThereIsNothingToOpen()
{
    GuiRig rig;
    QList<OwnAddress> own;
    ShareDialog dialog(rig.controller, [&own] { return own; });
    dialog.show();
    QVERIFY(dialog.applyButton()->isHidden());
    QVERIFY(dialog.result()->isHidden());
    // Once there is an address, reopening the dialog is enough.
    dialog.close();
    own = machine();
    dialog.show();
    QVERIFY(dialog.applyButton()->isVisible());
}

void TstShareDialog::theRealCoreIsOpened()
{
    test::ProxyRig rig;
    start(*rig.controller);
    QCOMPARE(rig.controller->state(), ProxyState::Running);
    ShareDialog dialog(*rig.controller, machine);
    dialog.show();
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();
    QVERIFY2(dialog.result()->isVisible(), qPrintable(dialog.problem()->text()));
    const SocketAddress where = rig.controller->listenAddress();
    QCOMPARE(where.address, QHostAddress(QHostAddress::AnyIPv4));
    QCOMPARE(dialog.port()->text(), QString::number(where.port));
}

void TstShareDialog::aNewUserHasANameOfItsOwn()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"users"_s);
    const QByteArray hash = users::PasswordHash::make("right", 1000)->text();
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly)
            && file.write("proxy:" + hash + "\nproxy-2:" + hash + '\n') > 0);
    file.close();
    const test::ProxyRig rig({ "--users-file=" + path.toUtf8() });
    QVERIFY(rig.isGood);
    ShareDialog dialog(*rig.controller, machine);
    dialog.show();
    QVERIFY2(!dialog.applyButton()->isEnabled(), "the names are not known yet");
    QTRY_VERIFY(dialog.applyButton()->isEnabled());
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    QTRY_COMPARE(rig.controller->state(), ProxyState::Running);
    QVERIFY2(dialog.problem()->isHidden(), qPrintable(dialog.problem()->text()));
    QCOMPARE(dialog.user()->text(), u"proxy-3"_s);
    QCOMPARE(rig.controller->settings().access.credentials->username, "proxy-3"_ba);
}

void TstShareDialog::eachValueIsCopied()
{
    GuiRig rig({ u"--address=0.0.0.0"_s, u"--auth-username=ann"_s, u"--auth-password=horse"_s });
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    const QList<CopyButton *> buttons = dialog.findChildren<CopyButton *>();
    QStringList copied;
    for (CopyButton *button : buttons) {
        const int width = button->width();
        QTest::mouseClick(button, Qt::LeftButton);
        copied.append(QGuiApplication::clipboard()->text());
        QCOMPARE(button->text(), u"Copied"_s);
        QVERIFY(button->accessibleName().startsWith(u"Copied: "_s));
        dialog.layout()->activate();
        QCOMPARE(button->width(), width);
        QCOMPARE(
            QGuiApplication::clipboard()->mimeData()->hasFormat(u"x-kde-passwordManagerHint"_s),
            copied.last() == u"horse"_s);
    }
    QCOMPARE(copied, (QStringList { u"192.168.1.20"_s, u"8080"_s, u"ann"_s, u"horse"_s }));
    QTRY_COMPARE_WITH_TIMEOUT(buttons.first()->text(), u"Copy"_s,
                              int(CopyButton::saidFor.count()) + 5000);
}

void TstShareDialog::aPasswordThatWasNotTakenIsNotOfferedAgain()
{
    GuiRig rig;
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    QVERIFY2(dialog.password()->text().isEmpty(), "not before it counts");
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();
    const QString first = dialog.password()->text();
    dialog.close();
    config::Settings settings = rig.controller.settings();
    settings.access.credentials.reset();
    QVERIFY(applied(rig.controller, settings));
    dialog.show();
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    settle();
    QVERIFY(!dialog.password()->text().isEmpty());
    QVERIFY(dialog.password()->text() != first);
}

void TstShareDialog::thePictureIsRead_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<QString>("expected");
    QTest::newRow("light") << u"ann"_s << u"horse"_s << false
                           << u"http://ann:horse@192.168.1.20:8080"_s;
    QTest::newRow("in a dark theme")
        << u"ann"_s << u"horse"_s << true << u"http://ann:horse@192.168.1.20:8080"_s;
    QTest::newRow("what is special in a URL is encoded")
        << u"a b"_s << u"p@ss word/ü?#"_s << false
        << u"http://a%20b:p%40ss%20word%2F%C3%BC%3F%23@192.168.1.20:8080"_s;
    QTest::newRow("a long password makes a larger picture")
        << u"ann"_s << u"0123456789abcdef"_s.repeated(10) << false
        << u"http://ann:"_s + u"0123456789abcdef"_s.repeated(10) + u"@192.168.1.20:8080"_s;
}

void TstShareDialog::thePictureIsRead()
{
    if (!QrCode::isAvailable())
        QSKIP("this build has no libqrencode");
    if (!hasReader())
        QSKIP("zbarimg is not installed");
    QFETCH(QString, user);
    QFETCH(QString, password);
    QFETCH(bool, isDark);
    QFETCH(QString, expected);
    if (isDark)
        QGuiApplication::setPalette(darkPalette());
    GuiRig rig(
        { u"--address=0.0.0.0"_s, u"--auth-username="_s + user, u"--auth-password="_s + password });
    ShareDialog dialog(rig.controller, machine);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    const QImage window = dialog.grab().toImage();
    QCOMPARE(read(window), expected);

    // Alone, as held before a camera: black on white, with a white margin.
    const QImage code = dialog.picture()->grab().toImage();
    QCOMPARE(read(code), expected);
    const auto qr = QrCode::of(expected.toLatin1());
    QVERIFY(qr);
    const int side = code.width() / (qr->size() + 2 * QrCode::quietZone);
    QVERIFY(side >= 3);
    for (int i = 0; i < code.width(); ++i) {
        for (int depth = 0; depth < QrCode::quietZone * side; ++depth) {
            QCOMPARE(code.pixelColor(i, depth), QColor(Qt::white));
            QCOMPARE(code.pixelColor(depth, i), QColor(Qt::white));
        }
    }
    QCOMPARE(code.pixelColor(QrCode::quietZone * side, QrCode::quietZone * side),
             QColor(Qt::black));
    // Level M tolerates a spot over a few per cent of it.
    QImage spotted = code;
    QPainter painter(&spotted);
    const int spot = code.width() / 8;
    painter.fillRect(code.width() / 2, code.height() / 2, spot, spot, Qt::white);
    painter.end();
    QCOMPARE(read(spotted), expected);
}

void TstShareDialog::aTextThatIsTooLongHasNoPicture()
{
    QVERIFY(!QrCode::of(QByteArray()));
    QVERIFY(!QrCode::of(QByteArray(2332, 'x')));
    QCOMPARE(QrCode::of(QByteArray(2331, 'x')).has_value(), QrCode::isAvailable());
}

QTEST_MAIN(TstShareDialog)
#include "tst_sharedialog.moc"
