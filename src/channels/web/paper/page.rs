//! Pages without scripts: a certificate for the printer, and the answer to a check code.

use std::{fmt::Write, sync::LazyLock};

use axum::http::HeaderValue;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use qrcode::{Color, EcLevel, QrCode};
use sha2::{Digest, Sha256};

use super::{super::words::paper as words, Section, Sheet};
use crate::desk::papers::Genuine;

/// kiosk.md K42: 12 points at least, squares of 30 mm at least.
const STYLE: &str = "@page{size:A4;margin:20mm}\
body{max-width:48em;margin:2em auto;padding:0 1em;color:#111;background:#fff;font:12pt/1.6 'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}\
h1{font-size:20pt;text-align:center}h2{margin:1.5em 0 0;font-size:14pt}p{margin:.3em 0}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1.5em}dt{color:#444}dd{margin:0}\
table{width:100%;border-collapse:collapse}thead{display:table-header-group}tr{break-inside:avoid}\
th,td{border:.5pt solid #888;padding:.15em .5em;text-align:right}th:nth-child(-n+2),td:nth-child(-n+2){text-align:left}\
footer{display:flex;gap:1.5em;align-items:center;margin-top:1.5em;break-inside:avoid;overflow-wrap:anywhere}\
svg{flex:none;width:30mm;height:30mm}";

/// The headers' policy for these pages: this style, and nothing else.
pub(in super::super) static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// Pages that answer a check are as long as a multiple of this: what comes back is no longer for a code that is known.
const CHECK_BYTES: usize = 4096;

/// A certificate for the printer.
pub(in super::super) fn certificate(sheet: &Sheet) -> String {
    let mut body = String::new();
    let _ = write!(body, "<h1>{}</h1><dl>", Escaped(sheet.title));
    for (label, value) in &sheet.facts {
        let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", Escaped(label), Escaped(value));
    }
    body.push_str("</dl>");
    for section in &sheet.sections {
        insurance(section, &mut body);
    }
    body.push_str("<h2></h2>");
    for note in &sheet.notes {
        let _ = write!(body, "<p>{}</p>", Escaped(note));
    }
    let _ = write!(
        body,
        "<footer>{}<div><p>{}：<strong>{}</strong></p><p>{}</p><p>{}</p></div></footer>",
        squares(&sheet.check),
        words::CODE,
        Escaped(&sheet.code),
        words::SCAN,
        Escaped(&sheet.check)
    );
    whole(sheet.title, &body)
}

fn insurance(section: &Section, body: &mut String) {
    let _ = write!(body, "<h2>{}</h2>", Escaped(section.heading));
    for line in &section.lines {
        let _ = write!(body, "<p>{}</p>", Escaped(line));
    }
    body.push_str("<table><thead><tr>");
    for column in words::COLUMNS {
        let _ = write!(body, "<th>{column}</th>");
    }
    body.push_str("</tr></thead><tbody>");
    for row in &section.rows {
        body.push_str("<tr>");
        for cell in row {
            let _ = write!(body, "<td>{}</td>", Escaped(cell));
        }
        body.push_str("</tr>");
    }
    body.push_str("</tbody></table>");
}

/// The answer to a check code.
pub(in super::super) fn checked(found: Option<&Genuine>) -> String {
    let mut body = String::new();
    match found {
        Some(Genuine { kind, name, issued_on }) => {
            let _ = write!(body, "<h1>{}</h1><dl>", words::GENUINE);
            let issued = super::day(*issued_on);
            for (label, value) in [(words::KIND, words::title(*kind)), (words::NAME, name), (words::ISSUED, &issued)] {
                let _ = write!(body, "<dt>{label}</dt><dd>{}</dd>", Escaped(value));
            }
            let _ = write!(body, "</dl><p>{}</p>", words::COMPARE);
        }
        None => {
            let _ = write!(body, "<h1>{}</h1><p>{}</p>", words::NOT_FOUND, words::WHY_NOT);
        }
    }
    let mut page = whole(words::CHECK_TITLE, &body);
    page.extend(std::iter::repeat_n(' ', page.len().next_multiple_of(CHECK_BYTES) - page.len()));
    page
}

/// A page that says one thing.
pub(in super::super) fn told(title: &str, text: &str) -> String {
    whole(title, &format!("<h1>{}</h1><p>{}</p>", Escaped(title), Escaped(text)))
}

fn whole(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"robots\" content=\"noindex\"><title>{}</title><style>{STYLE}</style></head><body>{body}</body></html>",
        Escaped(title)
    )
}

/// The modules of a QR code, row by row: dark or not. Empty when the text is too long for one.
pub(super) fn modules(text: &str) -> Vec<Vec<bool>> {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return Vec::new() };
    let width = code.width();
    code.into_colors().chunks(width).map(|row| row.iter().map(|color| *color == Color::Dark).collect()).collect()
}

/// A QR code as a drawing.
fn squares(text: &str) -> String {
    let rows = modules(text);
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let width = rows.len();
    format!("<svg viewBox=\"-1 -1 {0} {0}\" role=\"img\" aria-label=\"{1}\"><path d=\"{path}\"/></svg>", width + 2, words::SCAN)
}

/// Text in HTML.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                '\'' => out.write_str("&#39;")?,
                other => out.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Escaped, modules};

    #[test]
    fn a_name_is_never_markup() {
        assert_eq!(Escaped("<b>\"A&B's\"").to_string(), "&lt;b&gt;&quot;A&amp;B&#39;s&quot;");
    }

    #[test]
    fn a_code_of_squares_is_square_with_its_three_corners() {
        let rows = modules("https://desk.example/verify/0123-4567-89AB-CDEF");
        assert!(rows.len() >= 29 && rows.iter().all(|row| row.len() == rows.len()));
        let corner = |x: usize, y: usize| (0..7).all(|at| rows[y][x + at] && rows[y + at][x]);
        assert!(corner(0, 0) && corner(rows.len() - 7, 0) && corner(0, rows.len() - 7));
    }
}
