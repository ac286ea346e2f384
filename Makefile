# `make test` passes all tests on a fresh machine with Rust and Node.
.PHONY: build test

build:
	cargo build --release

test:
	cargo fmt --all -- --check
	cargo clippy --all-targets -- -D warnings
	cargo test
	target/debug/wenban check
	npm run setup --prefix kiosk/test
	npm run types --prefix kiosk/test
	npm run unit --prefix kiosk/test
