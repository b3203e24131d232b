//! What a table is made of attempts from anywhere.

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use twilio_verify::Attempt;
use twilio_verify_insights::{By, Cost, Counts, Currency, Label, ParseByError, Table, TableError};

fn attempt(fields: Value) -> Attempt {
    let mut json = json!({
        "sid": "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "date_created": "2026-03-02T21:15:10Z",
        "channel": "sms",
        "conversion_status": "converted",
    });
    if let (Value::Object(json), Value::Object(fields)) = (&mut json, fields) {
        json.extend(fields);
    }
    serde_json::from_value(json).unwrap()
}

fn label(by: By, fields: Value) -> Option<String> {
    by.of(&attempt(fields)).as_str().map(str::to_owned)
}

#[test]
fn the_labels_of_an_attempt() {
    let some = |text: &str| Some(text.to_owned());
    let data = |data: Value| json!({ "channel_data": data });
    assert_eq!(label(By::Country, data(json!({ "country": "CO" }))), some("CO"));
    assert_eq!(label(By::Country, json!({})), None);
    assert_eq!(label(By::Channel, json!({ "channel": "pigeon" })), some("pigeon"));
    assert_eq!(label(By::Day, json!({})), some("2026-03-02"));
    assert_eq!(label(By::Hour, json!({})), some("2026-03-02T21"));
    let to = |to: &str| data(json!({ "to": to }));
    assert_eq!(label(By::Prefix(3), to("+573003003030")), some("+573"));
    assert_eq!(label(By::Prefix(15), to("+573003003030")), some("+573003003030"));
    assert_eq!(label(By::Prefix(3), to("someone@example.com")), None);
    assert_eq!(label(By::Prefix(3), to("+")), None);
    let carrier = json!({ "carrier": "Claro", "mcc": "732", "mnc": "101" });
    assert_eq!(label(By::Carrier, data(carrier)), some("Claro"));
    let codes = json!({ "carrier": "", "mcc": "732", "mnc": "101" });
    assert_eq!(label(By::Carrier, data(codes)), some("732/101"));
    assert_eq!(label(By::ErrorCode, data(json!({ "error_code": 0 }))), None);
    assert_eq!(label(By::ErrorCode, data(json!({ "error_code": "30008" }))), some("30008"));
    assert_eq!(
        label(By::Status, data(json!({ "message_status": "DELIVERED" }))),
        some("delivered")
    );
    assert_eq!(label(By::Status, data(json!({ "call_status": "busy" }))), some("busy"));
}

#[test]
fn numbers_are_not_in_debug() {
    let attempts = [attempt(json!({ "channel_data": { "to": "+573003003030" } }))];
    let table = Table::of([By::Channel, By::Prefix(15)], &attempts);
    let text = format!("{table:?}");
    assert!(text.contains("sms") && !text.contains("573"), "{text}");
}

#[test]
fn dimensions_are_parsed_as_they_are_written() {
    for text in [
        "country",
        "channel",
        "service",
        "day",
        "hour",
        "prefix:1",
        "prefix:15",
        "carrier",
        "locale",
        "error-code",
        "status",
    ] {
        assert_eq!(text.parse::<By>().unwrap().to_string(), text);
    }
    for (text, error) in [
        ("countries", ParseByError::Unknown),
        ("", ParseByError::Unknown),
        ("prefix", ParseByError::Digits),
        ("prefix:0", ParseByError::Digits),
        ("prefix:16", ParseByError::Digits),
        ("prefix:-1", ParseByError::Digits),
    ] {
        assert_eq!(text.parse::<By>().unwrap_err(), error, "{text}");
    }
}

#[test]
fn currencies_are_never_added() {
    let price = |value: &str, currency: &str| {
        attempt(json!({ "price": { "value": value, "currency": currency } }))
    };
    let attempts =
        [price("0.05", "usd"), price("0.07", "USD"), price("0.10", "eur"), attempt(json!({}))];
    let total = Table::of([By::Channel], &attempts).total();
    let costs: Vec<_> =
        total.cost.iter().map(|(name, cost)| (name.to_string(), cost.sum, cost.priced)).collect();
    let (eur, usd) = (Decimal::new(10, 2), Decimal::new(12, 2));
    assert_eq!(costs, [("EUR".to_owned(), eur, 1), ("USD".to_owned(), usd, 2)]);
    assert_eq!(
        serde_json::to_value(&total.cost).unwrap(),
        json!({ "EUR": { "sum": "0.10", "priced": 1 }, "USD": { "sum": "0.12", "priced": 2 } })
    );
    // 4 conversions: (0.12 + 4 x 0.05) / 4.
    let fee = Decimal::new(5, 2);
    assert_eq!(total.cost_per_conversion("USD", fee), Some(Decimal::new(8, 2)));
    assert_eq!(total.cost_per_conversion("GBP", fee), None);
    assert_eq!(Counts::new(3, 0, 3).cost_per_conversion("USD", fee), None);
}

#[test]
fn a_price_counts_if_its_currency_is_one() {
    let cost = |price: Value| Counts::of(&attempt(json!({ "price": price }))).cost;
    let none = cost(json!({ "value": "0.05", "currency": " " }));
    assert_eq!(none.get("XXX"), Some(&Cost::new(Decimal::new(5, 2), 1)));
    assert_eq!(none.get("XXX"), none.get(Currency::NONE.as_str()));
    assert!(cost(json!({ "value": "0.05", "currency": "dollars" })).is_empty());
    assert!(cost(json!({ "currency": "usd" })).is_empty());
    for text in ["", "us", "usdt", "us1", "€"] {
        assert!(text.parse::<Currency>().is_err(), "{text}");
    }
}

/// Sums are exact: what doesn't fit is not priced, and nothing is rounded.
#[test]
fn money_is_exact_or_not_counted() {
    let usd: Currency = "usd".parse().unwrap();
    let price = |price: Decimal| Counts::new(1, 0, 1).with_cost(usd, Cost::new(price, 1));
    let mut total = price(Decimal::MAX);
    total += &price(Decimal::new(1, 1));
    assert_eq!((total.attempts, total.cost.get("USD")), (2, Some(&Cost::new(Decimal::MAX, 1))));
    let mut total = Counts::default();
    for _ in 0..1000 {
        total += &price(Decimal::new(1, 6));
    }
    assert_eq!(total.cost.get("USD").unwrap().sum.to_string(), "0.001000");
}

#[test]
fn rates_are_exact_and_judged_from_20_attempts_on() {
    assert_eq!(Counts::new(11, 9, 2).rate().unwrap().to_string(), "81.818181818");
    assert_eq!(Counts::new(0, 0, 0).rate(), None);
    assert_eq!(Counts::new(4, 3, 1).rate().unwrap().to_string(), "75");
    assert!(!Counts::new(19, 9, 10).is_judged());
    assert!(Counts::new(20, 9, 11).is_judged());
}

#[test]
fn an_attempt_without_sid_or_date_is_counted_as_unreadable() {
    let attempts = [
        attempt(json!({})),
        attempt(json!({ "date_created": null })),
        attempt(json!({ "sid": null })),
    ];
    let table = Table::of([By::Channel], &attempts);
    assert_eq!((table.total().attempts, table.unreadable()), (1, 2));
}

#[test]
fn tables_of_other_dimensions_are_not_merged() {
    let one = Table::new([By::Country]);
    assert_eq!(one.clone().merge(&Table::new([By::Channel])).unwrap_err(), TableError::Dimensions);
    let mut table = one;
    let error = table.add(["CO".into(), "sms".into()], &Counts::default()).unwrap_err();
    assert_eq!(error.to_string(), "a cell of this table has 1 labels, not 2");
}

#[test]
fn cells_in_bulk_are_those_added_one_at_a_time() {
    let by = [By::Country, By::Prefix(15), By::Service];
    let service = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let cells: Vec<([Label; 3], Counts)> = (0_u64..500)
        .map(|number| {
            // Neither sorted nor unique, with short and long texts, and none.
            let number = number * 7_919 % 300;
            let country = (number % 7 > 0).then(|| format!("C{}", number % 7));
            let prefix = format!("+57300{:0width$}", number % 50, width = (number % 9) as usize);
            let labels = [country.into(), prefix.into(), service.into()];
            (labels, Counts::new(number, 0, number))
        })
        .collect();
    let mut single = Table::new(by);
    for (labels, counts) in &cells {
        single.add(labels.clone(), counts).unwrap();
    }
    let bulk = Table::from_cells(by, cells.clone()).unwrap();
    assert_eq!(bulk, single);
    assert_eq!(bulk.cells().len(), single.cells().count());
    assert!(bulk.cells().map(|(labels, _)| labels).is_sorted());
    assert!(single.cells().map(|(labels, _)| labels).is_sorted());
    for (labels, counts) in single.cells() {
        assert_eq!(bulk.get(labels), Some(counts));
    }
    // Half in bulk, half one at a time.
    let mut mixed = Table::from_cells(by, cells[..250].to_vec()).unwrap();
    for (labels, counts) in &cells[250..] {
        mixed.add(labels.clone(), counts).unwrap();
    }
    assert_eq!(mixed, single);
    assert!(mixed.cells().map(|(labels, _)| labels).is_sorted());
    assert_eq!(mixed.clone().min_attempts(100), single.clone().min_attempts(100));
    let twice = mixed.merge(&bulk).unwrap();
    assert_eq!(twice, single.clone().merge(&single).unwrap());

    let error = Table::from_cells(by, [([Label::NONE], Counts::default())]).unwrap_err();
    assert_eq!(error, TableError::Labels { expected: 3, found: 1 });
    let whole = Table::from_cells([], [([], Counts::new(3, 1, 2)), ([], Counts::new(4, 1, 3))]);
    assert_eq!(whole.unwrap().get(&[]), Some(&Counts::new(7, 2, 5)));
}

#[test]
fn a_table_of_another_version_is_named() {
    let mut json = serde_json::to_value(Table::new([By::Country])).unwrap();
    json["version"] = json!(2);
    let error = serde_json::from_value::<Table>(json).unwrap_err().to_string();
    assert!(error.contains("version 2") && error.contains("version 1"), "{error}");
}

fn any_attempt() -> impl Strategy<Value = Attempt> {
    let channel = prop_oneof![Just("sms"), Just("call"), Just("email"), Just("new")];
    let status = prop_oneof![Just("converted"), Just("unconverted"), Just("odd")];
    let country = proptest::option::of(prop_oneof![Just("CO"), Just("US"), Just("DE")]);
    let price = proptest::option::of((0_u32..100, prop_oneof![Just("usd"), Just("eur")]));
    (channel, status, country, price, any::<bool>()).prop_map(
        |(channel, status, country, price, has_date)| {
            let mut fields = json!({
                "channel": channel,
                "conversion_status": status,
                "channel_data": { "country": country },
            });
            if let Some((cents, currency)) = price {
                let value = Decimal::new(i64::from(cents), 3).to_string();
                fields["price"] = json!({ "value": value, "currency": currency });
            }
            if !has_date {
                fields["date_created"] = Value::Null;
            }
            attempt(fields)
        },
    )
}

proptest! {
    /// However attempts are parted, and in whichever order the parts are merged.
    #[test]
    fn merged_parts_are_the_whole(
        attempts in proptest::collection::vec((any_attempt(), 0_usize..4), 0..60),
        least in 0_u64..6,
    ) {
        let by = [By::Country, By::Channel];
        let whole = Table::of(by, attempts.iter().map(|(attempt, _)| attempt));
        let part = |wanted: usize| {
            let part = attempts.iter().filter(|(_, part)| *part == wanted);
            Table::of(by, part.map(|(attempt, _)| attempt))
        };
        let merge = |order: [usize; 4]| {
            order.into_iter().fold(Table::new(by), |sum, index| sum.merge(&part(index)).unwrap())
        };
        prop_assert_eq!(&merge([0, 1, 2, 3]), &whole);
        prop_assert_eq!(&merge([3, 1, 0, 2]), &whole);

        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Table>(&json).unwrap(), &whole);

        let folded = whole.clone().min_attempts(least);
        prop_assert_eq!(folded.total(), whole.total());
        prop_assert!(folded.cells().all(|(_, counts)| counts.attempts >= least));
    }

    #[test]
    fn a_label_is_null_or_a_text(text in proptest::option::of(".*")) {
        let label = Label::from(text.clone());
        prop_assert_eq!(serde_json::to_value(&label).unwrap(), json!(text));
        prop_assert_eq!(label.as_str(), text.as_deref());
    }

    #[test]
    fn labels_are_sorted_as_texts(
        a in proptest::option::of("[a-c+é]{0,16}"),
        b in proptest::option::of("[a-c+é]{0,16}"),
    ) {
        prop_assert_eq!(Label::from(a.clone()).cmp(&Label::from(b.clone())), a.cmp(&b));
    }
}
