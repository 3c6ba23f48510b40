// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "testauthority.h"

#include <QFile>
#include <QProcess>

namespace sami::test {

using namespace Qt::StringLiterals;

namespace {

const QStringList newKey { u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s,
                           u"-nodes"_s };

bool writeFile(const QString &name, const QByteArray &content)
{
    QFile file(name);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace

TestAuthority::TestAuthority()
{
    m_valid = run(QStringList { u"req"_s, u"-x509"_s } + newKey
                  + QStringList { u"-days"_s, u"2"_s, u"-subj"_s, u"/CN=Test authority"_s,
                                  u"-keyout"_s, path(u"ca.key"_s), u"-out"_s, caFile() });
}

QString TestAuthority::issue(const QString &file, const QString &names, bool expired)
{
    const QString base = path(file);
    const bool isRequested = run(QStringList { u"req"_s, u"-new"_s } + newKey
                                 + QStringList { u"-subj"_s, u"/CN="_s + file, u"-keyout"_s,
                                                 base + u".key"_s, u"-out"_s, base + u".csr"_s });
    // "openssl ca" is the one command that dates a certificate back in every version.
    const QByteArray configuration = "[ca]\ndefault_ca=a\n[a]\ndatabase=" + base.toUtf8()
        + ".db\nnew_certs_dir=" + m_directory.path().toUtf8()
        + "\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nx509_extensions=x\n"
          "[p]\ncommonName=supplied\n[x]\nsubjectAltName="
        + names.toUtf8() + "\n";
    if (!isRequested || !writeFile(base + u".cnf"_s, configuration)
        || !writeFile(base + u".db"_s, {}))
        return {};
    QStringList arguments { u"ca"_s,           u"-batch"_s, u"-notext"_s,     u"-config"_s,
                            base + u".cnf"_s,  u"-cert"_s,  caFile(),         u"-keyfile"_s,
                            path(u"ca.key"_s), u"-in"_s,    base + u".csr"_s, u"-out"_s,
                            base + u".pem"_s };
    if (expired)
        arguments << u"-startdate"_s << u"20200101000000Z"_s << u"-enddate"_s
                  << u"20200201000000Z"_s;
    else
        arguments << u"-days"_s << u"2"_s;
    return run(arguments) ? base : QString();
}

bool TestAuthority::run(const QStringList &arguments) const
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(u"openssl"_s, arguments);
    const bool succeeded = process.waitForFinished() && process.exitStatus() == QProcess::NormalExit
        && process.exitCode() == 0;
    if (!succeeded)
        qWarning("openssl: %s", process.readAll().constData());
    return succeeded;
}

} // namespace sami::test
