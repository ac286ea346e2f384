# `make run` builds everything, fills a demo store on first start and serves the desk.
# `make bench` times whole turns against a bare echo, and the parts of understanding.
# `make test` installs what the tests need (PostgreSQL, Chromium, a Chinese font, a reader of PDF, npm packages) and passes them all.
.PHONY: build run packages test bench

build:
	cargo build --release

run: build
	target/release/wenban serve --demo 2000

packages:
	@missing=; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	[ -x /usr/bin/chromium ] || missing="$$missing chromium"; \
	[ -x /usr/bin/pdftotext ] || missing="$$missing poppler-utils"; \
	[ -d /usr/share/fonts/opentype/noto ] || missing="$$missing fonts-noto-cjk"; \
	[ -z "$$missing" ] || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; }

test: packages
	cargo fmt --all -- --check
	cargo clippy --workspace --all-targets -- -D warnings
	npm ci --prefix tests/oidc
	cargo test --workspace -- --include-ignored
	target/debug/wenban check
	npm run setup --prefix kiosk/test
	npm test --prefix kiosk/test

bench:
	@[ -x /usr/bin/wrk ] || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk; }
	cargo bench --bench turn
	cargo bench --bench understanding
