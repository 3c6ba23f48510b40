// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/peercertificates.h"

#include <openssl/x509.h>

namespace sami::net {

PeerCertificates &PeerCertificates::ofThisThread()
{
    thread_local PeerCertificates certificates;
    return certificates;
}

bool PeerCertificates::Before::operator()(const Entry &left, const Entry &right) const
{
    return X509_cmp(left.certificate, right.certificate) < 0;
}

PeerCertificates::Held PeerCertificates::share(x509_st *shown)
{
    if (const auto known = m_known.find({ shown }); known != m_known.end())
        return known->held.lock();
    X509_up_ref(shown);
    Held held(shown, [this](x509_st *certificate) { forget(certificate); });
    m_known.insert({ shown, held });
    return held;
}

void PeerCertificates::forget(x509_st *certificate)
{
    m_known.erase({ certificate });
    X509_free(certificate);
}

} // namespace sami::net
