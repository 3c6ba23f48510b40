// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <optional>

namespace sami::gui {

class ProxyController;
enum class ProxyState;

/// Ends the program, whoever requests it: lets running streams finish, with or without a time
/// limit, then ends the event loop. Main thread; borrows the controller.
class Departure : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Departure)

public:
    using Limit = std::optional<std::chrono::milliseconds>; ///< empty: as long as it takes

    Departure(ProxyController &controller, std::function<void()> exit, QObject *parent = nullptr);
    ~Departure() override;

    [[nodiscard]] bool isUnderWay() const { return m_isUnderWay; }

    /// Takes no new work and exits once all streams have finished; cuts those that still run at the
    /// limit. A later call can only bring the limit nearer.
    void begin(Limit limit);
    /// The same, but returns only when it is over: some desktops kill a process once it has agreed
    /// to end.
    void wait(std::chrono::milliseconds limit);
    /// Cuts what runs and exits.
    void now();

Q_SIGNALS:
    void over();

private:
    void handleState(ProxyState state);
    void exitOnce();

    ProxyController &m_controller;
    std::function<void()> m_exit;
    QTimer m_limit;
    bool m_isUnderWay = false;
    bool m_isOver = false;
};

} // namespace sami::gui
