// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "gui/text/exposuretext.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/copyaddressmenu.h"
#include "gui/widgets/stateicon.h"
#include "gui/widgets/statusbanner.h"
#include "guirig.h"

#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

/// The banner above something else, as in the window.
struct Window
{
    explicit Window(GuiRig &rig, int width = 900)
        : actions(rig.controller), banner(new StatusBanner(rig.controller, actions, &widget)),
          below(new QWidget(&widget))
    {
        auto *layout = new QVBoxLayout(&widget);
        layout->addWidget(banner);
        layout->addWidget(below, 1);
        widget.resize(width, 400);
        widget.show();
    }

    [[nodiscard]] QScrollArea *area() const { return banner->findChild<QScrollArea *>(); }

    QWidget widget;
    AppActions actions;
    StatusBanner *banner;
    QWidget *below;
};

const QString longError =
    u"2001:db8:1234:5678:9abc:def0:1234:5678:8080 is in use by another program: stop that program "
    "or choose another PROXY_PORT. "_s.repeated(6);

QImage iconOf(const Window &window)
{
    for (const QLabel *label : window.banner->findChildren<QLabel *>()) {
        if (!label->pixmap().isNull())
            return label->pixmap().toImage();
    }
    return {};
}

QImage picture(IconState state)
{
    return stateIcon(state, false).pixmap(32, 32).toImage();
}

} // namespace

class TstStatusBanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingMovesWhateverItSays();
    void whatDoesNotFitIsScrolled();
    void itSaysAndShowsWhatIsTrueInEachState();
    void aDrainingProxyIsNotGreen();
    void whatWasCopiedIsSaidBesideTheButton();
    void aLongAddressMovesNothing();
};

void TstStatusBanner::nothingMovesWhateverItSays()
{
    GuiRig rig;
    Window window(rig);
    QVERIFY(QTest::qWaitForWindowExposed(&window.widget));
    const QRect before = window.below->geometry();
    const auto isUnmoved = [&] {
        window.widget.layout()->activate();
        QCoreApplication::processEvents();
        return window.below->geometry() == before;
    };
    config::Settings settings = rig.controller.settings();
    settings.listen.address = QHostAddress(QHostAddress::Any);
    settings.access.hostsMode = policy::HostsMode::Report;
    settings.access.allowedHosts = { policy::HostEntry::parse("@xai").value() };
    QVERIFY(applied(rig.controller, settings));
    QVERIFY2(isUnmoved(), "a longer sentence");
    rig.engine->addConnections(1);
    rig.controller.drain();
    QCOMPARE(rig.controller.state(), ProxyState::Draining);
    QVERIFY2(isUnmoved(), "draining");
    rig.controller.stop();
    QVERIFY2(isUnmoved(), "stopped");
    rig.engine->startError = longError;
    start(rig.controller);
    QCOMPARE(rig.controller.state(), ProxyState::Failed);
    QVERIFY2(isUnmoved(), "a long error");
    window.actions.copyAddressMenu()
        ->action(ClientPlace::ThisComputer, WithPassword::No)
        ->trigger();
    QVERIFY2(isUnmoved(), "copied");
}

void TstStatusBanner::whatDoesNotFitIsScrolled()
{
    GuiRig rig;
    Window window(rig);
    QVERIFY(QTest::qWaitForWindowExposed(&window.widget));
    QCOMPARE(window.area()->verticalScrollBar()->maximum(), 0);
    QCOMPARE(window.area()->focusPolicy(), Qt::NoFocus);
    rig.controller.stop();
    rig.engine->startError = longError;
    start(rig.controller);
    QTRY_VERIFY(window.area()->verticalScrollBar()->maximum() > 0);
    QVERIFY(window.banner->exposure()->height()
            >= window.banner->exposure()->heightForWidth(window.banner->exposure()->width()));
    QVERIFY2(window.area()->focusPolicy() & Qt::TabFocus, "or the keyboard cannot scroll it");
    QVERIFY(!window.area()->accessibleName().isEmpty());
    QVERIFY2(window.banner->exposure()->text().startsWith(longError), "first why");
    // A short text needs no Tab stop any more.
    rig.engine->startError.clear();
    rig.controller.stop();
    QTRY_COMPARE(window.area()->verticalScrollBar()->maximum(), 0);
    QTRY_COMPARE(window.area()->focusPolicy(), Qt::NoFocus);
}

void TstStatusBanner::itSaysAndShowsWhatIsTrueInEachState()
{
    GuiRig rig;
    Window window(rig);
    const auto isAsTold = [&](IconState icon) {
        const Exposure exposure = ExposureText::of(
            rig.controller.settings(), rig.controller.state(), rig.controller.listenAddress().port);
        return exposure.icon == icon && iconOf(window) == picture(icon)
            && window.banner->exposure()->text().endsWith(exposure.sentence);
    };
    QVERIFY(isAsTold(IconState::Running));
    config::Settings settings = rig.controller.settings();
    settings.access.allowedClients = { policy::ClientEntry::parse("192.0.2.0/24").value() };
    QVERIFY(applied(rig.controller, settings));
    QVERIFY2(isAsTold(IconState::Warning), "the list shuts this computer out");
    QVERIFY2(window.banner->exposure()->text().startsWith(u"Nobody can use it: "_s),
             qPrintable(window.banner->exposure()->text()));
    settings.listen.address = QHostAddress(QHostAddress::AnyIPv4);
    settings.access.allowedClients.clear();
    QVERIFY(applied(rig.controller, settings));
    QVERIFY(isAsTold(IconState::Warning));
    rig.controller.stop();
    QVERIFY(isAsTold(IconState::Stopped));
    QVERIFY(window.banner->exposure()->text().startsWith(u"Nobody can use it now."_s));
    rig.engine->startError = u"no"_s;
    start(rig.controller);
    QVERIFY(isAsTold(IconState::Failed));
    QVERIFY(window.banner->exposure()->text().startsWith(u"no\nNobody can use it now."_s));
}

void TstStatusBanner::aDrainingProxyIsNotGreen()
{
    GuiRig rig;
    Window window(rig);
    rig.engine->addConnections(1);
    rig.controller.drain();
    QCOMPARE(rig.controller.state(), ProxyState::Draining);
    QVERIFY(iconOf(window) != picture(IconState::Running));
    QCOMPARE(iconOf(window), picture(IconState::Draining));
    QVERIFY(window.banner->exposure()->text().startsWith(u"It takes no new requests"_s));
}

void TstStatusBanner::whatWasCopiedIsSaidBesideTheButton()
{
    GuiRig rig({ u"--auth-username=ann"_s, u"--auth-password=correct horse"_s });
    Window window(rig);
    QVERIFY(QTest::qWaitForWindowExposed(&window.widget));
    QVERIFY(window.banner->copied()->text().isEmpty());
    auto *button = window.banner->findChildren<QToolButton *>().constFirst();
    QCOMPARE(button->defaultAction(), window.actions.copyAddress()->menuAction());
    QCOMPARE(button->popupMode(), QToolButton::InstantPopup);
    window.actions.copyAddressMenu()
        ->action(ClientPlace::ThisComputer, WithPassword::Yes)
        ->trigger();
    QCOMPARE(window.banner->copied()->text(), u"✓ Copied with the password: 127.0.0.1:8080"_s);
    QCOMPARE(window.banner->copied()->accessibleName(),
             u"Copied with the password: 127.0.0.1:8080"_s);
    QTRY_VERIFY_WITH_TIMEOUT(window.banner->copied()->text().isEmpty(),
                             int(StatusBanner::copiedFor.count()) + 5000);
}

void TstStatusBanner::aLongAddressMovesNothing()
{
    GuiRig rig;
    rig.engine->address = { QHostAddress(u"2001:db8:1234:5678:9abc:def0:1234:5678"_s), 65535 };
    Window window(rig, 700);
    QVERIFY(QTest::qWaitForWindowExposed(&window.widget));
    const int width = window.widget.minimumSizeHint().width();
    window.actions.copyAddressMenu()
        ->action(ClientPlace::ThisComputer, WithPassword::No)
        ->trigger();
    QCOMPARE(window.widget.minimumSizeHint().width(), width);
    const QLabel *copied = window.banner->copied();
    QVERIFY(copied->fontMetrics().horizontalAdvance(copied->text()) <= copied->width());
}

QTEST_MAIN(TstStatusBanner)
#include "tst_statusbanner.moc"
