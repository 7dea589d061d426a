# Two ways to the same small image:
#   docker build -t dure .                              builds everything inside
#   bin/build && docker build -t dure --target image-from-dist .    takes the dist/ made here
# Run it with DATABASE_URL and with DURE_ORIGIN, the address where people reach the site:
#   docker run -e DATABASE_URL=postgres://… -e DURE_ORIGIN=http://localhost:8080 -p 8080:8080 dure
# /data keeps uploaded pictures, unless DURE_FILES names a bucket, and is the only folder it writes to.

FROM debian:trixie-slim AS base
ENV PATH=/opt/dure:$PATH \
    DURE_ADDR=0.0.0.0 \
    DURE_PORT=8080 \
    DURE_DATA=/data
# The certificates that vouch for what Dure calls by https.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
RUN install -d -o 10001 -g 10001 -m 0750 /data
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["dure", "healthcheck"]
ENTRYPOINT ["dure"]
CMD ["serve"]

FROM base AS image-from-dist
COPY dist/ /opt/dure/

FROM rust:1.95-trixie AS build
# The toolchain of this image, whatever rust-toolchain.toml would fetch.
ENV RUSTUP_TOOLCHAIN=1.95.0 \
    CARGO_TARGET_DIR=/target
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/* \
    && rustup target add wasm32-unknown-unknown
WORKDIR /source
COPY package.json package-lock.json ./
RUN PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN cargo xtask build --out /out

FROM base AS image
COPY --from=build /out/ /opt/dure/
