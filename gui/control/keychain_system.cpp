// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/keychain.h"

#include <QObject>
#include <qt6keychain/keychain.h>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

/// The program's name, as a keychain's own window shows it.
constexpr auto service = "Sami LLM Proxy"_L1;

KeychainFault faultOf(const QKeychain::Job &job)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return { KeychainFault::Kind::NoEntry, {} };
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return { KeychainFault::Kind::Denied, {} };
    default:
        return { KeychainFault::Kind::Unavailable, job.errorString() };
    }
}

/// The job deletes itself once it has finished.
template <typename Finished>
void run(QKeychain::Job *job, const QString &entry, QObject *context, Finished finished)
{
    job->setKey(entry);
    QObject::connect(job, &QKeychain::Job::finished, context, std::move(finished));
    job->start();
}

class SystemKeychain final : public Keychain
{
public:
    void read(const QString &entry, QObject *context,
              std::function<void(const Text &)> answer) override
    {
        run(new QKeychain::ReadPasswordJob(service), entry, context,
            [answer = std::move(answer)](QKeychain::Job *job) {
                if (job->error() != QKeychain::NoError)
                    answer(Unexpected(faultOf(*job)));
                else
                    answer(static_cast<QKeychain::ReadPasswordJob *>(job)->textData());
            });
    }

    void write(const QString &entry, const QString &text, QObject *context,
               std::function<void(const Done &)> answer) override
    {
        auto *job = new QKeychain::WritePasswordJob(service);
        job->setTextData(text);
        run(job, entry, context, [answer = std::move(answer)](QKeychain::Job *ended) {
            if (ended->error() != QKeychain::NoError)
                answer(Unexpected(faultOf(*ended)));
            else
                answer({});
        });
    }

    void remove(const QString &entry, QObject *context,
                std::function<void(const Done &)> answer) override
    {
        run(new QKeychain::DeletePasswordJob(service), entry, context,
            [answer = std::move(answer)](QKeychain::Job *job) {
                const bool isGone =
                    job->error() == QKeychain::NoError || job->error() == QKeychain::EntryNotFound;
                if (!isGone)
                    answer(Unexpected(faultOf(*job)));
                else
                    answer({});
            });
    }
};

} // namespace

std::unique_ptr<Keychain> makeSystemKeychain()
{
    return std::make_unique<SystemKeychain>();
}

} // namespace sami::gui
