// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a line of piece sizes, then a request head and what follows it.
#include "headfuzzing.h"
#include "http/headwriter.h"

using namespace sami;
using namespace sami::http;
using Status = HeadProgress::Status;

namespace {

bool areEqual(const RequestHead &left, const RequestHead &right)
{
    return left.method == right.method && left.target == right.target
        && left.version == right.version && left.fields == right.fields;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto read = fuzzing::requireSameHoweverCut<RequestHeadParser>({ data, size }, areEqual);
    if (read.progress.status == Status::Failed) {
        const int status = faultStatus(read.progress.error.code);
        fuzzing::require(status == 400 || status == 414 || status == 431 || status == 505,
                         "a fault has a status");
    }
    if (read.progress.status != Status::Complete)
        return 0;
    const QByteArrayView octets = fuzzing::Cuttable(data, size).octets;
    fuzzing::requireLeniencyForConnectAlone(octets.first(read.consumed), read.head);

    QByteArray written;
    writeRequestHead(written, read.head);
    fuzzing::requireReadsAs<RequestHeadParser>(written, read.head, areEqual);
    return 0;
}
