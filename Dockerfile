# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT

FROM debian:bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake g++ ninja-build qt6-base-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY core core
COPY daemon daemon
RUN cmake --preset release -DSAMI_BUILD_GUI=OFF -DSAMI_BUILD_TESTS=OFF \
 && cmake --build --preset release \
 && strip build/release/daemon/sami-llm-proxy

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libqt6network6 \
 && rm -rf /var/lib/apt/lists/*
COPY LICENSE /licenses/sami-llm-proxy
COPY --from=build /src/build/release/daemon/sami-llm-proxy /usr/local/bin/sami-llm-proxy
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=5s --retries=3 \
    CMD ["/usr/local/bin/sami-llm-proxy", "--healthcheck"]
ENTRYPOINT ["/usr/local/bin/sami-llm-proxy"]
