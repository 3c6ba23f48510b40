// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include <chrono>

class QDoubleSpinBox;
class QSpinBox;

namespace sami::gui {

/// Edits a duration in minutes and seconds; keeps fractions of a second. Main thread.
class DurationEdit : public QWidget
{
    Q_OBJECT

public:
    using Duration = std::chrono::milliseconds;

    /// `least` and `most` are the option's range; `decimals` are those of the seconds.
    DurationEdit(Duration least, Duration most, int decimals, QWidget *parent = nullptr);

    [[nodiscard]] Duration value() const;
    void setValue(Duration value);
    [[nodiscard]] Duration least() const { return m_least; }
    [[nodiscard]] Duration most() const { return m_most; }
    /// "20 minutes", "1.5 seconds".
    [[nodiscard]] static QString spelled(Duration duration);
    /// Why the value is out of range; empty if it is not.
    [[nodiscard]] QString problem() const;

    /// For screen readers: "Silence: minutes", "Silence: seconds".
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
