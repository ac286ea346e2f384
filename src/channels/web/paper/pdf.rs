//! A certificate as PDF. What is printed is the same, byte for byte, whenever it is printed.

use std::{path::Path, sync::Arc};

use krilla::{
    Document,
    color::luma,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use skrifa::{
    FontRef, MetadataProvider as _,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
};

use super::{super::words::paper as words, Section, Sheet, page::modules};

/// A4 in points, and its margin of 20 mm.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 56.7;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// kiosk.md K42: 12 points at least, squares of 30 mm at least.
const SIZE: f32 = 12.0;
const SQUARES: f32 = 85.1;
const LINE: f32 = 18.0;
const TITLE: f32 = 20.0;
const HEADING: f32 = 14.0;
/// Where the values beside the labels begin.
const LABELS: f32 = 84.0;
/// What a line stands above the bottom of its cell.
const RISE: f32 = 5.0;
/// Where the text of a page ends and the squares at its foot begin.
const FOOT: f32 = PAGE.1 - MARGIN - SQUARES;
const BOTTOM: f32 = FOOT - QUIET;
/// White around the squares, four of them wide, so that they are found.
const QUIET: f32 = 11.0;
/// The columns' widths; [`WIDTH`] together. The first two are flush left.
const COLUMNS: [f32; 6] = [44.0, 116.0, 40.0, 121.8, 80.0, 80.0];
/// The face for mainland China in Noto Sans CJK's collection.
const FACE: u32 = 2;
/// No line begins with one of these.
const HANGING: &str = "，。；：、） 元";

/// The font's collection of faces, or the one face of its file.
fn face(data: &[u8]) -> Result<(FontRef<'_>, u32), String> {
    let found = FontRef::from_index(data, FACE).map(|font| (font, FACE)).or_else(|_| FontRef::new(data).map(|font| (font, 0)));
    found.map_err(|error| error.to_string())
}

fn read(font: &Path) -> Result<Arc<Vec<u8>>, String> {
    std::fs::read(font).map(Arc::new).map_err(|error| format!("{}: {error}", font.display()))
}

/// Whether a font has what is printed; says why not.
pub(in super::super) fn can_print(font: &Path) -> Result<(), String> {
    let data = read(font)?;
    let (face, _) = face(&data)?;
    let charmap = face.charmap();
    let text = words::COLUMNS.concat() + words::GENUINE + "0123456789-*.,ABCXYZ";
    match text.chars().find(|c| charmap.map(*c).is_none()) {
        Some(missing) => Err(format!("{} has no {missing}", font.display())),
        None => Ok(()),
    }
}

/// The PDF of a sheet. The font is read each time: a certificate is rare, and the font takes 19 MB.
pub(in super::super) fn pdf(sheet: &Sheet, font: &Path) -> Result<Vec<u8>, String> {
    let data = read(font)?;
    let (font_ref, index) = face(&data)?;
    let font = Font::new(data.clone().into(), index).ok_or("the font cannot be embedded")?;
    let pen = Pen {
        charmap: font_ref.charmap(),
        metrics: font_ref.glyph_metrics(Size::unscaled(), LocationRef::default()),
        units: font.units_per_em(),
        font,
    };
    let mut layout = Layout { pen: &pen, pages: vec![Vec::new()], y: MARGIN };
    layout.sheet(sheet);
    let pages = layout.pages;
    let [(_, name), ..] = &sheet.facts;
    let mut document = Document::new();
    for (number, marks) in (1..).zip(&pages) {
        let mut page = document.start_page_with(PageSettings::from_wh(PAGE.0, PAGE.1).ok_or("no page of this size")?);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
        for mark in marks {
            pen.draw(&mut surface, mark);
        }
        for mark in foot(sheet, &words::page(name, number, pages.len())) {
            pen.draw(&mut surface, &mark);
        }
        squares(&mut surface, &sheet.check);
        surface.finish();
        page.finish();
    }
    let metadata = Metadata::new().title(sheet.title.to_owned()).language("zh-CN".to_owned());
    document.set_metadata(metadata);
    document.finish().map_err(|error| format!("{error:?}"))
}

/// Something at its place on a page.
enum Mark {
    /// Where it begins on its base line, and how large it is.
    Text { x: f32, y: f32, size: f32, text: String },
    /// A thin line from left to right.
    Rule { y: f32 },
}

/// The foot of every page, but for its squares.
fn foot(sheet: &Sheet, page: &str) -> Vec<Mark> {
    let lines = [format!("{}：{}", words::CODE, sheet.code), words::SCAN.to_owned(), sheet.check.clone(), page.to_owned()];
    let mut y = FOOT + SIZE + RISE;
    let line = |text| {
        let mark = Mark::Text { x: MARGIN + SQUARES + SIZE, y, size: SIZE, text };
        y += LINE;
        mark
    };
    lines.into_iter().map(line).chain([Mark::Rule { y: BOTTOM }]).collect()
}

/// The squares at the foot, as one shape.
fn squares(surface: &mut Surface<'_>, text: &str) {
    let rows = modules(text);
    let unit = SQUARES / u16::try_from(rows.len()).map_or(1.0, f32::from);
    let mut shape = PathBuilder::new();
    for (row, y) in rows.iter().zip(0_u16..) {
        for (_, x) in row.iter().zip(0_u16..).filter(|(dark, _)| **dark) {
            let rect = Rect::from_xywh(MARGIN + f32::from(x) * unit, FOOT + f32::from(y) * unit, unit, unit);
            if let Some(rect) = rect {
                shape.push_rect(rect);
            }
        }
    }
    if let Some(shape) = shape.finish() {
        surface.draw_path(&shape);
    }
}

/// Writes with one font.
struct Pen<'a> {
    charmap: Charmap<'a>,
    metrics: GlyphMetrics<'a>,
    /// Of the font, in an em.
    units: f32,
    font: Font,
}

impl Pen<'_> {
    fn glyph(&self, c: char) -> skrifa::GlyphId {
        self.charmap.map(c).unwrap_or_default()
    }

    /// In ems.
    fn advance(&self, c: char) -> f32 {
        self.metrics.advance_width(self.glyph(c)).unwrap_or_default() / self.units
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.advance(c)).sum::<f32>() * size
    }

    fn draw(&self, surface: &mut Surface<'_>, mark: &Mark) {
        match mark {
            Mark::Text { x, y, size, text } => {
                let glyph = |(at, c): (usize, char)| {
                    let id = GlyphId::new(self.glyph(c).to_u32());
                    KrillaGlyph::new(id, self.advance(c), 0.0, 0.0, 0.0, at..at + c.len_utf8(), None)
                };
                let glyphs: Vec<KrillaGlyph> = text.char_indices().map(glyph).collect();
                surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, self.font.clone(), text, *size, false);
            }
            Mark::Rule { y } => {
                let mut line = PathBuilder::new();
                if let Some(rect) = Rect::from_xywh(MARGIN, *y, WIDTH, 0.5) {
                    line.push_rect(rect);
                }
                if let Some(line) = line.finish() {
                    surface.draw_path(&line);
                }
            }
        }
    }

    /// A text in lines of `width` at most. Words and numbers stay whole.
    fn lines(&self, text: &str, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut used = 0.0;
        let whole = |one: char, next: char| one.is_ascii_graphic() && next.is_ascii_graphic() || HANGING.contains(next);
        let letters: Vec<char> = text.chars().collect();
        for piece in letters.chunk_by(|one, next| whole(*one, *next)) {
            let piece: String = piece.iter().collect();
            let wide = self.width(&piece, SIZE);
            if used + wide > width
                && let Some(line) = lines.last()
                && !line.is_empty()
            {
                lines.push(String::new());
                used = 0.0;
            }
            used += wide;
            if let Some(line) = lines.last_mut() {
                line.push_str(&piece);
            }
        }
        lines
    }
}

/// Pages as they fill.
struct Layout<'a> {
    pen: &'a Pen<'a>,
    pages: Vec<Vec<Mark>>,
    /// Where the next line begins.
    y: f32,
}

impl Layout<'_> {
    fn sheet(&mut self, sheet: &Sheet) {
        self.y += TITLE;
        self.text((PAGE.0 - self.pen.width(sheet.title, TITLE)) / 2.0, TITLE, sheet.title);
        self.y += LINE / 2.0;
        for (label, value) in &sheet.facts {
            self.y += LINE;
            self.text(MARGIN, SIZE, label);
            self.text(MARGIN + LABELS, SIZE, value);
        }
        for section in &sheet.sections {
            self.section(section);
        }
        self.y += LINE / 2.0;
        for note in &sheet.notes {
            self.paragraph(note);
        }
    }

    fn section(&mut self, section: &Section) {
        // A heading stands with its lines, and a row of its table at least.
        self.room(LINE * 7.0);
        self.y += LINE * 1.6;
        self.text(MARGIN, HEADING, section.heading);
        for line in &section.lines {
            self.paragraph(line);
        }
        self.head();
        for row in &section.rows {
            if self.y + LINE > BOTTOM {
                self.turn();
                self.y += LINE;
                self.text(MARGIN, SIZE, &words::continued(section.heading));
                self.head();
            }
            self.row(row.each_ref().map(String::as_str));
        }
    }

    fn head(&mut self) {
        self.y += RISE;
        self.mark(Mark::Rule { y: self.y });
        self.row(words::COLUMNS);
    }

    fn row(&mut self, cells: [&str; 6]) {
        let base = self.y + LINE - RISE;
        let mut x = MARGIN;
        for ((cell, width), left) in cells.into_iter().zip(COLUMNS).zip([true, true, false, false, false, false]) {
            let at = if left { x } else { x + width - self.pen.width(cell, SIZE) };
            self.mark(Mark::Text { x: at, y: base, size: SIZE, text: cell.to_owned() });
            x += width;
        }
        self.y += LINE;
        self.mark(Mark::Rule { y: self.y });
    }

    fn paragraph(&mut self, text: &str) {
        for line in self.pen.lines(text, WIDTH) {
            self.room(LINE);
            self.y += LINE;
            self.text(MARGIN, SIZE, &line);
        }
    }

    fn text(&mut self, x: f32, size: f32, text: &str) {
        self.mark(Mark::Text { x, y: self.y, size, text: text.to_owned() });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// A new page when this one has less room.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }
}
