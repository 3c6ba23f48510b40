// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/limitspage.h"

#include <QComboBox>
#include <QSpinBox>

namespace sami::gui {

namespace {

// The ranges of the option table.
constexpr int maxConnections = 1'000'000;
constexpr int minUrl = 64;
constexpr int maxUrl = 65536;
constexpr int maxThreads = 64;

} // namespace

LimitsPage::LimitsPage(const SettingsStore &store, QWidget *parent)
    : SettingsPage(store, parent), m_connections(new QSpinBox), m_perClient(new QSpinBox),
      m_url(new QSpinBox), m_threads(new QSpinBox), m_logLevel(new QComboBox)
{
    addNumber(tr("&Connections at once:"), m_connections, 1, maxConnections,
              "MAX_CONCURRENT_CONNECTIONS");
    addHint(tr("The system's limit on open files may lower it."));
    m_perClient->setSpecialValueText(tr("no limit"));
    addNumber(tr("… from one c&lient:"), m_perClient, 0, maxConnections, "MAX_CONNECTIONS_PER_IP");
    m_perClient->setAccessibleName(tr("Connections at once from one client"));
    const auto showUnit = [this](int octets) {
        m_url->setSuffix(tr(" byte(s)", "after the number in the field", octets));
    };
    showUnit(m_url->value());
    connect(m_url, &QSpinBox::valueChanged, this, showUnit);
    addNumber(tr("Length of a &URL:"), m_url, minUrl, maxUrl, "MAX_URL_LENGTH");
    m_threads->setSpecialValueText(tr("one per core, at most 8"));
    addNumber(tr("&Threads:"), m_threads, 0, maxThreads, "PROXY_THREADS");
    addHint(tr("Takes effect after the proxy is restarted."));

    m_logLevel->addItem(tr("Errors only"), int(LogLevel::Error));
    m_logLevel->addItem(tr("One line for each request"), int(LogLevel::Info));
    m_logLevel->addItem(tr("Everything (for finding faults)"), int(LogLevel::Debug));
    addField(tr("Lo&g:"), m_logLevel, { "LOG_LEVEL" });
    connect(m_logLevel, &QComboBox::currentIndexChanged, this, &LimitsPage::touch);
}

void LimitsPage::addNumber(const QString &label, QSpinBox *edit, int least, int most,
                           const char *option)
{
    edit->setRange(least, most);
    addField(label, edit, { option });
    connect(edit, &QSpinBox::valueChanged, this, &LimitsPage::touch);
}

void LimitsPage::load(const config::Settings &settings)
{
    m_connections->setValue(settings.limits.maxConnections);
    m_perClient->setValue(settings.limits.maxConnectionsPerClient);
    m_url->setValue(int(settings.limits.head.maxTargetBytes));
    m_threads->setValue(settings.limits.threads);
    m_logLevel->setCurrentIndex(m_logLevel->findData(int(settings.log.level)));
    touch();
}

void LimitsPage::save(config::Settings &settings) const
{
    settings.limits.maxConnections = m_connections->value();
    settings.limits.maxConnectionsPerClient = m_perClient->value();
    settings.limits.head.maxTargetBytes = m_url->value();
    settings.limits.threads = m_threads->value();
    settings.log.level = LogLevel(m_logLevel->currentData().toInt());
}

} // namespace sami::gui
