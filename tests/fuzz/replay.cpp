// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Runs a fuzz target over files, with any compiler: how ctest replays the corpora.
#include "fuzzing.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> inputsOf(const fs::path &path)
{
    if (!fs::is_directory(path))
        return { path };
    std::vector<fs::path> inputs;
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(path)) {
        if (entry.is_regular_file())
            inputs.push_back(entry.path());
    }
    std::sort(inputs.begin(), inputs.end());
    return inputs;
}

/// False when the file cannot be read.
bool replay(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> content { std::istreambuf_iterator<char>(file), {} };
    if (!file.good() && !file.eof())
        return false;
    // Said before, so that the last line names the input that ended the program.
    std::printf("%s\n", path.string().c_str());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(content.data()), content.size());
    return true;
}

} // namespace

int main(int argc, char *argv[])
{
    std::size_t count = 0;
    for (int i = 1; i < argc; ++i) {
        for (const fs::path &path : inputsOf(argv[i])) {
            if (!replay(path)) {
                std::fprintf(stderr, "cannot be read: %s\n", path.string().c_str());
                return EXIT_FAILURE;
            }
            ++count;
        }
    }
    std::printf("%zu inputs\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
