// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/servicenotifier.h"

namespace sami::daemon {

ServiceNotifier::ServiceNotifier(const QString &) {}

void ServiceNotifier::ready(const QByteArray &) const {}

void ServiceNotifier::reloading() const {}

void ServiceNotifier::stopping(const QByteArray &) const {}

void ServiceNotifier::send(const QByteArray &) const {}

} // namespace sami::daemon
