//! Rendering of `dialogs/` templates: minijinja with the desk's filters, undefined names refused.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Template, UndefinedBehavior, Value, context,
    value::{Enumerator, Object, Serde},
};
use serde::Serialize;

use super::script::{BlockTemplate, Say};
use crate::{
    domain::{
        entity::Insurance,
        guide::Chart,
        money::Fen,
        month::Month,
        person::Phone,
        reply::{Block, Fact, Moment, MomentState, Point},
    },
    services::calculate::decimal,
};

/// Before an expression in the name of its template.
const EXPRESSION: char = '=';
/// Before a text.
const TEXT: char = ' ';

/// Renders texts and evaluates expressions over a context of names. Each is compiled once: it is its own name.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Default for Templates {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_loader(|name| {
            Ok(match name.strip_prefix(EXPRESSION) {
                Some(expression) => Some(format!("{{% set value = ({expression}) %}}")),
                None => name.strip_prefix(TEXT).map(str::to_owned),
            })
        });
        environment.add_filter("yuan", |fen: i64| format!("{} 元", Fen(fen).grouped()));
        environment.add_filter("figure", |fen: i64| Fen(fen).grouped());
        environment.add_filter("month", month);
        environment.add_filter("day", day);
        environment.add_filter("length", length);
        environment.add_filter("standard", standard);
        environment.add_filter("insurance", |id: &str| insurance(id).to_owned());
        environment.add_filter("period", period);
        environment.add_filter("masked", |phone: &str| Phone::parse(phone).map(|phone| phone.masked()).unwrap_or_default());
        Self { environment }
    }
}

/// 「2025 年 3 月」
fn month(text: &str) -> Result<String, Error> {
    let month: Month = text.parse().map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("`{text}` is not a month")))?;
    Ok(format!("{} 年 {} 月", month.year(), month.month()))
}

/// 「2025 年 3 月 5 日」
fn day(text: &str) -> Result<String, Error> {
    let date: chrono::NaiveDate = text.parse().map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("`{text}` is not a day")))?;
    Ok(date.format("%Y 年 %-m 月 %-d 日").to_string())
}

/// 「12 年 6 个月」 for a number of months.
fn length(months: i64) -> String {
    match (months / 12, months % 12) {
        (0, rest) => format!("{rest} 个月"),
        (years, 0) => format!("{years} 年"),
        (years, rest) => format!("{years} 年 {rest} 个月"),
    }
}

/// A dated rule's value in its unit: 「9,493.00 元」, 「20%」, 「24 个月」.
fn standard(value: i64, unit: &str) -> Result<String, Error> {
    match unit {
        "fen" => Ok(format!("{} 元", Fen(value).grouped())),
        "days" => Ok(format!("{value} 天")),
        "months" => Ok(format!("{value} 个月")),
        "per-myriad" => Ok(format!("{}%", decimal(value, 100))),
        "thousandths" => Ok(decimal(value, 1_000)),
        _ => Err(Error::new(ErrorKind::InvalidOperation, format!("`{unit}` is no unit"))),
    }
}

/// What residents call an insurance.
pub fn insurance(id: &str) -> &'static str {
    match Insurance::from_id(id) {
        Some(Insurance::Pension) => "职工养老保险",
        Some(Insurance::Medical) => "职工医保",
        Some(Insurance::Unemployment) => "失业保险",
        Some(Insurance::Injury) => "工伤保险",
        Some(Insurance::Maternity) => "生育保险",
        Some(Insurance::ResidentPension) => "居民养老保险",
        Some(Insurance::ResidentMedical) => "居民医保",
        None => "社会保险",
    }
}

/// 「2025 年」, 「2025 年 3 月」 or 「2025 年 3 月至 2025 年 6 月」.
#[expect(clippy::needless_pass_by_value, reason = "a filter's arguments are owned")]
fn period(value: Value) -> Result<String, Error> {
    let text = |name: &str| value.get_attr(name).map(|part| part.to_string());
    let (from, to) = (text("from")?, text("to")?);
    if from == to {
        return month(&from);
    }
    match (from.strip_suffix("-01"), to.strip_suffix("-12")) {
        (Some(first), Some(last)) if first == last => Ok(format!("{first} 年")),
        _ => Ok(format!("{}至 {}", month(&from)?, month(&to)?)),
    }
}

impl Templates {
    /// The text with its holes filled, trimmed.
    pub fn render(&self, source: &str, context: &Value) -> Result<String, Error> {
        if !source.contains('{') {
            return Ok(source.trim().to_owned());
        }
        self.text(source)?.render(context).map(|text| text.trim().to_owned())
    }

    fn text(&self, source: &str) -> Result<Template<'_, '_>, Error> {
        self.environment.get_template(&format!("{TEXT}{source}"))
    }

    /// The value of an expression.
    pub fn evaluate(&self, source: &str, context: &Value) -> Result<Value, Error> {
        let evaluated = self.environment.get_template(&format!("{EXPRESSION}{source}"))?.render_captured(context)?;
        Ok(evaluated.state().lookup("value").unwrap_or_default())
    }

    /// The names that a text uses; an error when it is no template.
    pub fn names(&self, source: &str) -> Result<HashSet<String>, Error> {
        Ok(self.environment.template_from_str(source)?.undeclared_variables(false))
    }

    /// The names that an expression uses; an error when it is none.
    pub fn names_of_expression(&self, source: &str) -> Result<HashSet<String>, Error> {
        Ok(self.environment.compile_expression(source)?.undeclared_variables(false))
    }

    /// Whether an expression holds.
    pub fn holds(&self, source: &str, context: &Value) -> Result<bool, Error> {
        Ok(self.evaluate(source, context)?.is_true())
    }

    /// A context for each item of what `source` gives: the names of `context`, and the item as `row`.
    fn rows(&self, source: &str, context: &Value) -> Result<Vec<Value>, Error> {
        let items = self.evaluate(source, context)?;
        Ok(items.try_iter()?.map(|row| context! { row, ..context.clone() }).collect())
    }

    /// Every block of `say` whose condition holds.
    pub fn blocks(&self, say: &Say, context: &Value) -> Result<Vec<Block>, Error> {
        let mut blocks = Vec::with_capacity(say.blocks.len());
        for (template, at) in say.blocks.iter().zip(0_u64..) {
            let due = template.when.as_ref().map_or(Ok(true), |when| self.holds(&when.value, context))?;
            if due && let Some(block) = self.block(template, context)? {
                tracing::trace!(block = at);
                blocks.push(block);
            }
        }
        Ok(blocks)
    }

    fn block(&self, template: &BlockTemplate, context: &Value) -> Result<Option<Block>, Error> {
        if let Some(text) = &template.text {
            let text = self.render(&text.value, context)?;
            return Ok((!text.is_empty()).then_some(Block::Text { text }));
        }
        if let Some(facts) = &template.facts {
            let mut items = Vec::with_capacity(facts.len());
            for (label, value) in facts {
                let value = self.render(&value.value, context)?;
                if !value.is_empty() {
                    items.push(Fact { label: label.clone(), value });
                }
            }
            return Ok((!items.is_empty()).then_some(Block::Facts { items }));
        }
        if let Some(table) = &template.table {
            let cells = table.columns.values().map(|cell| self.text(&cell.value));
            let cells: Vec<_> = cells.collect::<Result<_, _>>()?;
            let mut rows = Vec::new();
            for row in self.rows(&table.rows.value, context)? {
                let cell = |cell: &Template<'_, '_>| cell.render(&row).map(|text| text.trim().to_owned());
                rows.push(cells.iter().map(cell).collect::<Result<_, _>>()?);
            }
            let columns = table.columns.keys().cloned().collect();
            return Ok((!rows.is_empty()).then_some(Block::Table { title: self.title(table.title.as_deref(), context)?, columns, rows }));
        }
        if let Some(list) = &template.list {
            let value = self.evaluate(&list.items.value, context)?;
            let items: Vec<String> = value.try_iter()?.map(|item| item.to_string()).filter(|item| !item.is_empty()).collect();
            return Ok((!items.is_empty()).then_some(Block::List { title: self.title(list.title.as_deref(), context)?, items }));
        }
        if let Some(chart) = &template.steps {
            let value = self.evaluate(&chart.value, context)?;
            if value.is_none() {
                return Ok(None);
            }
            let chart: Chart = serde_json::to_value(value).and_then(serde_json::from_value).map_err(unreadable)?;
            return Ok(Some(Block::Steps { title: None, nodes: chart.nodes, edges: chart.edges }));
        }
        if let Some(timeline) = &template.timeline {
            let mut items = Vec::new();
            for context in self.rows(&timeline.rows.value, context)? {
                let state = match context.get_attr("row")?.get_attr("state")?.as_str() {
                    Some("done") => MomentState::Done,
                    Some("now") => MomentState::Now,
                    _ => MomentState::Todo,
                };
                let note = timeline.note.as_ref().map(|note| self.render(&note.value, &context)).transpose()?;
                items.push(Moment {
                    date: self.render(&timeline.date.value, &context)?,
                    title: self.render(&timeline.title.value, &context)?,
                    note: note.filter(|note| !note.is_empty()),
                    state,
                });
            }
            return Ok((!items.is_empty()).then_some(Block::Timeline { items }));
        }
        if let Some(series) = &template.series {
            let mut points = Vec::new();
            for context in self.rows(&series.rows.value, context)? {
                let value = f64::try_from(self.evaluate(&series.value.value, &context)?)?;
                points.push(Point { label: self.render(&series.label.value, &context)?, value });
            }
            return Ok((points.len() > 1).then_some(Block::Series {
                title: self.title(series.title.as_deref(), context)?,
                unit: series.unit.clone(),
                points,
            }));
        }
        if let Some(sum) = &template.sum {
            let value = self.evaluate(&sum.value, context)?;
            let sum: Sum = serde_json::to_value(value).and_then(serde_json::from_value).map_err(unreadable)?;
            return Ok(Some(Block::Sum { lines: sum.lines, total: sum.total }));
        }
        if let Some(document) = &template.document {
            return Ok(Some(Block::Document {
                title: self.render(&document.title.value, context)?,
                code: self.render(&document.code.value, context)?,
                url: self.render(&document.url.value, context)?,
                check: self.render(&document.check.value, context)?,
            }));
        }
        if let Some(notice) = &template.notice {
            let text = self.render(&notice.text.value, context)?;
            return Ok((!text.is_empty()).then_some(Block::Notice { level: notice.level, text }));
        }
        Ok(None)
    }

    fn title(&self, title: Option<&str>, context: &Value) -> Result<Option<String>, Error> {
        title.map(|title| self.render(title, context)).transpose()
    }
}

#[derive(serde::Deserialize)]
struct Sum {
    lines: Vec<Fact>,
    total: Fact,
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::BadSerialization, "the value has another shape than the block needs").with_source(error)
}

/// A value as templates see it.
pub(super) fn value(of: impl Serialize) -> Value {
    Value::from(Serde(of))
}

/// What a service said: a template sees a few of many values, and only those are turned into what it works with.
pub(super) fn lazily(of: serde_json::Value) -> Value {
    match of {
        serde_json::Value::Object(fields) => {
            Value::from_object(Fields(fields.into_iter().map(|(name, of)| (name, of, OnceLock::new())).collect()))
        }
        other => value(other),
    }
}

#[derive(Debug)]
struct Fields(Vec<(String, serde_json::Value, OnceLock<Value>)>);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let (_, of, seen) = self.0.iter().find(|(name, ..)| name == key)?;
        Some(seen.get_or_init(|| value(of)).clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, ..)| Value::from(name.as_str())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Templates, value};
    use serde_json::json;

    #[test]
    fn filters_speak_chinese() {
        let templates = Templates::default();
        let context = value(json!({"m": "2025-03", "p": {"from": "2025-01", "to": "2025-12"}, "n": 150, "f": 95_500, "i": "pension"}));
        for (source, text) in [
            ("{{ m | month }}", "2025 年 3 月"),
            ("{{ p | period }}", "2025 年"),
            ("{{ n | length }}", "12 年 6 个月"),
            ("{{ f | yuan }}", "955.00 元"),
            ("{{ i | insurance }}", "职工养老保险"),
        ] {
            assert_eq!(templates.render(source, &context).unwrap(), text);
        }
    }

    #[test]
    fn an_unknown_name_is_an_error_not_a_gap() {
        assert!(Templates::default().render("{{ nobody }}", &value(json!({}))).is_err());
    }
}
