# `make test` installs what the tests need (PostgreSQL, npm packages) and passes them all.
.PHONY: build test

build:
	cargo build --release

test:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || (apt-get update -qq && apt-get install -y -qq postgresql)
	cargo fmt --all -- --check
	cargo clippy --all-targets -- -D warnings
	cargo test
	target/debug/wenban check
	npm run setup --prefix kiosk/test
	npm run types --prefix kiosk/test
	npm run unit --prefix kiosk/test
