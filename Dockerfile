# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# One static program and what it reads, on nothing else. Needs only Debian's packages.

# CMakeLists.txt's version: the build stops when they differ.
ARG VERSION=0.1.0

FROM debian:bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates cmake dpkg-dev g++ ninja-build \
        libcrypt-dev libpcre2-dev libssl-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
# Before our own sources: it takes minutes and changes seldom.
COPY packaging/docker/build-qt.sh /usr/local/bin/
RUN build-qt.sh
WORKDIR /src
COPY CMakeLists.txt CMakePresets.json LICENSE ./
COPY cmake cmake
COPY core core
COPY daemon daemon
ARG VERSION
RUN cmake --preset release -DSAMI_STATIC=ON -DSAMI_BUILD_GUI=OFF -DSAMI_BUILD_TESTS=OFF \
        -DCMAKE_PREFIX_PATH=/opt/qt \
 && cmake --build --preset release \
 && strip build/release/daemon/sami-llm-proxy \
 && version=$(build/release/daemon/sami-llm-proxy --version | head -n 1) \
 && if [ "$version" != "sami-llm-proxy $VERSION" ]; then \
        echo "VERSION=$VERSION, but the program says $version" >&2; exit 1; fi
COPY packaging/licenses packaging/licenses
COPY packaging/docker/collect-licenses.sh packaging/docker/
# Names come from what Docker mounts, /etc/hosts and /etc/resolv.conf: both are read by the C library itself.
RUN root=/image \
 && install -D build/release/daemon/sami-llm-proxy $root/usr/local/bin/sami-llm-proxy \
 && install -D -m 644 /etc/ssl/certs/ca-certificates.crt $root/etc/ssl/certs/ca-certificates.crt \
 && echo 'sami:x:65532:65532::/:/usr/local/bin/sami-llm-proxy' >$root/etc/passwd \
 && echo 'sami:x:65532:' >$root/etc/group \
 && echo 'hosts: files dns' >$root/etc/nsswitch.conf \
 && packaging/docker/collect-licenses.sh $root/licenses \
 && install -d -m 700 -o 65532 -g 65532 /image-state/state

FROM scratch
COPY --from=build /image/ /
# For a volume: a named one takes the owner and the mode from here. PROXY_STATE_DIR=/state uses it.
COPY --from=build --chown=65532:65532 /image-state/ /
ARG VERSION
ARG SOURCE_URL=""
LABEL org.opencontainers.image.title="Sami LLM Proxy" \
      org.opencontainers.image.description="A light forward proxy for LLM API calls" \
      org.opencontainers.image.licenses="MIT AND LGPL-3.0-only AND LGPL-2.1-or-later AND Apache-2.0 AND MPL-2.0 AND GPL-3.0-or-later WITH GCC-exception-3.1 AND BSD-3-Clause AND Zlib" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.source="$SOURCE_URL"
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=5s --retries=3 \
    CMD ["/usr/local/bin/sami-llm-proxy", "--healthcheck"]
ENTRYPOINT ["/usr/local/bin/sami-llm-proxy"]
