//! sitegen's own filters and functions, documented in `docs/themes.md`. None of them reaches files,
//! network or clock.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::Asset;
use crate::config::Config;
use crate::route::Route;

/// Registers all of them.
pub(super) fn register(tera: &mut Tera, config: &Config, assets: &[Asset]) {
    register_filters(tera);
    let hrefs: BTreeMap<String, String> =
        assets.iter().map(|asset| (asset.name.clone(), config.base.href(&asset.route))).collect();
    tera.register_function("asset", move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let name: &str = kwargs.must_get("name")?;
        hrefs.get(name).cloned().ok_or_else(|| {
            let known: Vec<&str> = hrefs.keys().map(String::as_str).collect();
            tera::Error::message(format!(
                "there is no asset `{name}`; the theme has {}",
                known.join(", ")
            ))
        })
    });
    let base = config.base.clone();
    tera.register_function("href", move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let path: &str = kwargs.must_get("path")?;
        let (path, rest) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        let route = Route::parse(path).map_err(|why| {
            tera::Error::message(format!("`{path}` is no address of the site: {}", why.0))
        })?;
        Ok(format!("{}{rest}", base.href(&route)))
    });
}

/// Those that assets made from templates have too.
pub(super) fn register_filters(tera: &mut Tera) {
    tera.register_filter("date", date);
    tera.register_filter("number", number);
    tera.register_filter("han", han);
    tera.register_filter("fill", fill);
    tera.register_filter("group_by", group_by);
    tera.register_filter("json", json);
    tera.register_filter("decoded", decoded);
}

/// `{{ post.url | decoded }}`: an address as people read it, `https://example.org/标签/`. Not for
/// `href`.
fn decoded(value: &str, _: Kwargs, _: &State<'_>) -> String {
    crate::route::decode(value)
}

/// `const t = {{ t | json }};`: a literal for a script, which can neither end its element nor break
/// a line. In templates whose names end in `.html` it is escaped like any text, so that it can
/// stand in an attribute.
fn json(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let json = serde_json::to_value(value)
        .map_err(|error| tera::Error::message(format!("this cannot be JSON: {error}")))?;
    Ok(for_script(&json))
}

/// JSON that cannot end its `<script>` nor break a line of JavaScript.
pub fn for_script(json: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in json.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

/// `{{ post.date | date(format="%Y年%-m月%-d日") }}`: formats an RFC 3339 date by strftime's
/// letters, in its own offset.
fn date(value: &str, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let format = kwargs.get::<&str>("format")?.unwrap_or("%Y-%m-%d");
    let pieces = jiff::fmt::temporal::Pieces::parse(value)
        .map_err(|_| tera::Error::message(format!("`{value}` is not a date")))?;
    let civil = pieces.date().to_datetime(pieces.time().unwrap_or(jiff::civil::Time::midnight()));
    let date = jiff::fmt::strtime::format(format, civil)
        .map_err(|error| tera::Error::message(format!("the date format `{format}`: {error}")))?;
    Ok(if kwargs.get::<bool>("han")?.unwrap_or(false) { with_han_numbers(&date) } else { date })
}

/// Returns a date with its numbers in Han characters: years, which have more than two digits, digit
/// by digit.
fn with_han_numbers(date: &str) -> String {
    let mut out = String::new();
    let mut rest = date;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..start]);
        let digits = rest[start..].split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let counting = if digits.len() > 2 { Counting::ByDigits } else { Counting::ByPlaces };
        out.push_str(&han_number(digits, counting));
        rest = &rest[start + digits.len()..];
    }
    out + rest
}

/// `{{ 12345 | number }}`: `12,345`; `{{ 12345 | number(han=true) }}`: 一万二千三百四十五.
fn number(value: i64, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let digits = value.unsigned_abs().to_string();
    if kwargs.get::<bool>("han")?.unwrap_or(false) {
        return Ok(han_number(&digits, Counting::ByPlaces));
    }
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    Ok(if value < 0 { format!("-{out}") } else { out })
}

/// `{{ 2023 | han(digits=true) }}`: 二〇二三; `{{ 12 | han }}`: 十二.
fn han(value: i64, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let by_digits = kwargs.get::<bool>("digits")?.unwrap_or(false);
    let counting = if by_digits { Counting::ByDigits } else { Counting::ByPlaces };
    Ok(han_number(&value.unsigned_abs().to_string(), counting))
}

/// How a number is said in Han characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counting {
    /// 二〇二三.
    ByDigits,
    /// 二千〇二十三.
    ByPlaces,
}

/// Returns a whole number, written in ASCII digits, in Han characters.
fn han_number(text: &str, counting: Counting) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| DIGITS[c.to_digit(10).unwrap_or(0) as usize];
    if counting == Counting::ByDigits || text.len() > 12 {
        return text.chars().map(digit).collect();
    }
    let text = text.trim_start_matches('0');
    if text.is_empty() {
        return "〇".to_owned();
    }
    let mut out = String::new();
    let mut gap = false;
    let mut group_written = false;
    for (index, c) in text.chars().enumerate() {
        let place = text.len() - 1 - index;
        if c == '0' {
            gap = true;
        } else {
            if gap && !out.is_empty() {
                out.push('〇');
            }
            gap = false;
            group_written = true;
            if !(c == '1' && place % 4 == 1 && out.is_empty()) {
                out.push(digit(c));
            }
            match place % 4 {
                1 => out.push('十'),
                2 => out.push('百'),
                3 => out.push('千'),
                _ => {}
            }
        }
        if place > 0 && place.is_multiple_of(4) && std::mem::take(&mut group_written) {
            out.push(if place == 4 { '万' } else { '亿' });
        }
    }
    out
}

/// `{{ t.minutes | fill(n=5) }}`: puts the arguments into `{n}`.
fn fill(value: &str, kwargs: Kwargs, _: &State<'_>) -> String {
    let mut out = value.to_owned();
    for (key, argument) in kwargs.iter() {
        out = out.replace(&format!("{{{key}}}"), &argument.to_string());
    }
    out
}

/// `{% for group in posts | group_by(key="year") %}`: a list of `{key, items}` in the order of
/// first appearance. Tera's own filter of this name makes a map in random order.
fn group_by(value: &Value, kwargs: Kwargs, _: &State<'_>) -> TeraResult<Vec<Value>> {
    let key: &str = kwargs.must_get("key")?;
    let items = value.as_array().ok_or_else(|| tera::Error::message("group_by needs a list"))?;
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for item in items {
        let found = item.get_from_path(key).cloned().unwrap_or_else(Value::none);
        match groups.iter_mut().rev().find(|(key, _)| *key == found) {
            Some((_, list)) => list.push(item.clone()),
            None => groups.push((found, vec![item.clone()])),
        }
    }
    Ok(groups
        .into_iter()
        .map(|(key, items)| {
            Value::from(BTreeMap::from([("key", key), ("items", Value::from(items))]))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str) -> String {
        let mut tera = Tera::new();
        let overrides = crate::config::Overrides { base_url: None, drafts: false, future: false };
        register(
            &mut tera,
            &Config::read("base_url: /sub\n", "site.yaml", &overrides).unwrap(),
            &[],
        );
        tera.add_raw_template("x", template).unwrap();
        let mut context = tera::Context::new();
        context.insert(
            "rows",
            &serde_json::json!([{"k": 2, "v": "a"}, {"k": 1, "v": "b"}, {"k": 2, "v": "c"}]),
        );
        tera.render("x", &context).unwrap()
    }

    #[test]
    fn filters() {
        assert_eq!(
            render("{{ '2023-04-01T09:00:00+08:00' | date(format='%Y年%-m月%-d日') }}"),
            "2023年4月1日"
        );
        assert_eq!(
            render("{{ '2023-04-01T09:00:00+08:00' | date(format='%Y年%-m月%d日', han=true) }}"),
            "二〇二三年四月一日"
        );
        assert_eq!(
            render("{{ 2686 | number(han=true) }} {{ 10 | number(han=true) }}"),
            "二千六百八十六 十"
        );
        assert_eq!(render("{{ 1234567 | number }} {{ 999 | number }}"), "1,234,567 999");
        assert_eq!(
            render(
                "{{ 12 | han }} {{ 105 | han }} {{ 20003 | han }} {{ 110 | han }} {{ 2023 | han(digits=true) }}"
            ),
            "十二 一百〇五 二万〇三 一百一十 二〇二三"
        );
        assert_eq!(render("{{ '约 {n} 分钟' | fill(n=5) }}"), "约 5 分钟");
        assert_eq!(
            render(
                "{% for g in rows | group_by(key='k') %}{{ g.key }}:{% for r in g.items %}{{ r.v }}{% endfor %} {% endfor %}"
            ),
            "2:ac 1:b "
        );
        assert_eq!(render("{{ href(path='/标签/') }}"), "/sub/%E6%A0%87%E7%AD%BE/");
        assert_eq!(
            render("{{ href(path='/标签/') | decoded }} {{ '100%' | decoded }}"),
            "/sub/标签/ 100%"
        );
    }

    #[test]
    fn json_stays_inside_its_script() {
        let json = serde_json::json!({"a": "</script><!-- & \u{2028}"});
        assert_eq!(
            for_script(&json),
            "{\"a\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\"}"
        );
        assert_eq!(
            render("{{ rows | json }}"),
            "[{\"k\":2,\"v\":\"a\"},{\"k\":1,\"v\":\"b\"},{\"k\":2,\"v\":\"c\"}]"
        );
    }
}
