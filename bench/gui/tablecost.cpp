// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The cost of the window: thousands of live rows over a scripted core, sorted by rate, with a
// filter set and the chart shown. Prints one JSON object.
//   sami-bench-table ROWS CHURN_PERCENT TICKS
#include "answers.h"
#include "fakeengine.h"
#include "gui/control/logtap.h"
#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "gui/models/connectionsmodel.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/mainwindow.h"
#include "gui/widgets/trafficchart.h"

#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

/// The CPU time of the whole process, in milliseconds.
double cpuNow()
{
    timespec time {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

/// This process's own memory, in MB; the field `Rss` includes shared libraries.
double memory(const char *field)
{
    QFile file(u"/proc/self/smaps_rollup"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(field))
            return line.simplified().split(' ').at(1).toDouble() / 1024;
    }
    return 0;
}

struct Cost
{
    double median = 0; ///< milliseconds of CPU per tick
    double most = 0;
};

/// Ticks, with everything that follows from them, painting included. The script's churn is not
/// counted.
Cost measure(ProxyController &controller, FakeEngine &engine, int percent, int ticks)
{
    std::vector<double> costs;
    for (int i = 0; i < ticks; ++i) {
        engine.churn(percent);
        const double before = cpuNow();
        controller.tick();
        QApplication::processEvents();
        costs.push_back(cpuNow() - before);
    }
    std::sort(costs.begin(), costs.end());
    return { costs[costs.size() / 2], costs.back() };
}

/// The CPU time of a search through a log that is as long as the window keeps, in milliseconds.
double searchCost(ProxyController &controller)
{
    LogTap full;
    for (int line = 0; line < int(LogTap::capacity); ++line) {
        full.put(QByteArrayLiteral(
            "2026-01-01T00:00:00.000Z info access closed client=192.0.2.1 method=CONNECT "
            "target=api.openai.com:443 status=200 by=client how=fin up=1200 down=48000\n"));
    }
    LogPage page(controller, full, Dialogs::desktop());
    page.show();
    QApplication::processEvents();
    const double before = cpuNow();
    page.search(u"nowhere"_s);
    return cpuNow() - before;
}

} // namespace

int main(int argc, char *argv[])
{
    const QApplication application(argc, argv);
    const int rows = argc > 1 ? std::atoi(argv[1]) : 5000;
    const int percent = argc > 2 ? std::atoi(argv[2]) : 10;
    const int ticks = argc > 3 ? std::atoi(argv[3]) : 60;

    QTemporaryDir folder;
    SettingsStore store({ folder.filePath(u"settings.ini"_s), {}, {} });
    if (!store.open())
        return 1;
    auto *engine = new FakeEngine;
    ProxyController controller(std::unique_ptr<server::Engine>(engine), store);
    start(controller);
    AppActions actions(controller);
    LogTap log;

    double idle = 0;
    double idleResident = 0;
    {
        MainWindow window(controller, actions, log);
        window.show();
        if (!QTest::qWaitForWindowExposed(&window))
            return 1;
        QApplication::processEvents();
        idle = memory("Pss:");
        idleResident = memory("Rss:");
    }

    engine->addConnections(rows);
    const auto began = Clock::now();
    MainWindow window(controller, actions, log);
    window.show();
    if (!QTest::qWaitForWindowExposed(&window))
        return 1;
    QApplication::processEvents();
    window.grab();
    const double firstPaint =
        std::chrono::duration<double, std::milli>(Clock::now() - began).count();

    ConnectionsTab &tab = *window.connections();
    tab.page()->table()->sortByColumn(ConnectionsModel::Rate, Qt::DescendingOrder);
    tab.page()->findChild<QLineEdit *>()->setText(u"api"_s);
    tab.lower()->setCurrentWidget(tab.chart());
    measure(controller, *engine, percent, 5);
    const Cost visible = measure(controller, *engine, percent, ticks);
    const double full = memory("Rss:");
    window.hide();
    const Cost hidden = measure(controller, *engine, percent, ticks);

    std::printf("{\"rows\": %d, \"churn_percent\": %d, \"shown\": %d, \"visible_ms\": %.2f, "
                "\"visible_most_ms\": %.2f, \"hidden_ms\": %.3f, \"first_paint_ms\": %.0f, "
                "\"idle_pss_mb\": %.1f, \"idle_rss_mb\": %.1f, \"full_rss_mb\": %.1f, "
                "\"log_search_ms\": %.0f}\n",
                rows, percent, tab.page()->table()->model()->rowCount(), visible.median,
                visible.most, hidden.median, firstPaint, idle, idleResident, full,
                searchCost(controller));
    return 0;
}
