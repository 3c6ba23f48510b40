// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "testauthority.h"

#include <QFile>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

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
    // "openssl ca" is the only command that backdates a certificate in every version.
    const QByteArray configuration = "[ca]\ndefault_ca=a\n[a]\ndatabase=" + base.toUtf8()
        + ".db\nnew_certs_dir=" + m_directory.path().toUtf8()
        + "\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nx509_extensions=x\n"
          "[p]\ncommonName=supplied\n[x]\n"
        + (names.isEmpty() ? "basicConstraints=CA:FALSE" : "subjectAltName=" + names.toUtf8())
        + "\n";
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
    // Not QProcess: ThreadSanitizer cannot follow its vfork().
    std::vector<QByteArray> storage { "openssl" };
    for (const QString &argument : arguments)
        storage.push_back(argument.toUtf8());
    std::vector<char *> pointers;
    for (QByteArray &argument : storage)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const QString log = path(u"openssl.log"_s);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.toUtf8().constData(),
                                       O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t process = 0;
    const int error =
        ::posix_spawnp(&process, "openssl", &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    int status = -1;
    const bool succeeded = error == 0 && ::waitpid(process, &status, 0) == process
        && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    QFile output(log);
    if (!succeeded && output.open(QIODevice::ReadOnly))
        qWarning("openssl: %s", output.readAll().constData());
    return succeeded;
}

} // namespace sami::test
