# `make test` passes all tests on a fresh machine with Rust and Node.
.PHONY: build test

build:
	cargo build --release

test:
	cargo fmt --all -- --check
	cargo clippy --all-targets -- -D warnings
	cargo test
	target/debug/wenban check
	cd kiosk/test && npm ci --no-audit --no-fund --ignore-scripts && npm run unit
