// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/durationedit.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSpinBox>

#include <cmath>

namespace sami::gui {

namespace {

constexpr int secondsPerMinute = 60;
constexpr int perSecond = 1000; ///< milliseconds

/// "15", "0.1": without trailing zeros.
class ShortSpinBox final : public QDoubleSpinBox
{
public:
    using QDoubleSpinBox::QDoubleSpinBox;

    QString textFromValue(double value) const override
    {
        return locale().toString(value, 'f', QLocale::FloatingPointShortest);
    }
};

} // namespace

DurationEdit::DurationEdit(Duration least, Duration most, int decimals, QWidget *parent)
    : QWidget(parent), m_least(least), m_most(most), m_minutes(new QSpinBox(this)),
      m_seconds(new ShortSpinBox(this))
{
    m_minutes->setRange(0, int(std::chrono::floor<std::chrono::minutes>(most).count()));
    m_minutes->setSuffix(tr(" min"));
    m_seconds->setDecimals(decimals);
    // Less than a minute: 60 s would be a second way to write 1 min.
    m_seconds->setRange(0, secondsPerMinute - std::pow(10, -decimals));
    m_seconds->setSuffix(tr(" s"));

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_minutes);
    layout->addWidget(m_seconds);
    layout->addStretch();
    setFocusProxy(m_minutes);

    connect(m_minutes, &QSpinBox::valueChanged, this, &DurationEdit::changed);
    connect(m_seconds, &QDoubleSpinBox::valueChanged, this, &DurationEdit::changed);
}

DurationEdit::Duration DurationEdit::value() const
{
    return std::chrono::minutes(m_minutes->value())
        + Duration(std::llround(m_seconds->value() * perSecond));
}

void DurationEdit::setValue(Duration value)
{
    const auto minutes = std::chrono::floor<std::chrono::minutes>(value);
    m_minutes->setValue(int(minutes.count()));
    m_seconds->setValue(double((value - minutes).count()) / perSecond);
}

QString DurationEdit::spelled(Duration duration)
{
    const qint64 whole = duration.count();
    if (whole % (perSecond * secondsPerMinute) == 0 && whole > 0)
        return tr("%n minute(s)", nullptr, int(whole / (perSecond * secondsPerMinute)));
    if (whole % perSecond == 0)
        return tr("%n second(s)", nullptr, int(whole / perSecond));
    return tr("%1 seconds")
        .arg(QLocale().toString(double(whole) / perSecond, 'f', QLocale::FloatingPointShortest));
}

QString DurationEdit::problem() const
{
    const Duration now = value();
    if (now >= m_least && now <= m_most)
        return {};
    return tr("choose a time from %1 to %2").arg(spelled(m_least), spelled(m_most));
}

void DurationEdit::setFieldName(const QString &name)
{
    m_minutes->setAccessibleName(tr("%1: minutes").arg(name));
    m_seconds->setAccessibleName(tr("%1: seconds").arg(name));
}

} // namespace sami::gui
