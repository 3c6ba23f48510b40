// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include <chrono>

class QDoubleSpinBox;
class QSpinBox;

namespace sami::gui {

/// A length of time in minutes and seconds; a fraction of a second is kept. Main thread.
class DurationEdit : public QWidget
{
    Q_OBJECT

public:
    using Duration = std::chrono::milliseconds;

    /// What the option takes; `decimals` of a second.
    DurationEdit(Duration least, Duration most, int decimals, QWidget *parent = nullptr);

    [[nodiscard]] Duration value() const;
    void setValue(Duration value);
    [[nodiscard]] Duration least() const { return m_least; }
    [[nodiscard]] Duration most() const { return m_most; }
    /// "20 minutes", "1.5 seconds".
    [[nodiscard]] static QString spelled(Duration duration);
    /// Why it cannot be taken; empty when it can.
    [[nodiscard]] QString problem() const;

    /// For those who hear the fields: "Silence: minutes", "Silence: seconds".
    void setFieldName(const QString &name);
    [[nodiscard]] QSpinBox *minutes() const { return m_minutes; }
    [[nodiscard]] QDoubleSpinBox *seconds() const { return m_seconds; }

Q_SIGNALS:
    void changed();

private:
    Duration m_least;
    Duration m_most;
    QSpinBox *m_minutes;
    QDoubleSpinBox *m_seconds;
};

} // namespace sami::gui
