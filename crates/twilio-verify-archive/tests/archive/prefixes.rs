//! Breakdowns by prefixes of which not all digits are kept.

use serde_json::json;
use twilio_verify::Attempt;
use twilio_verify_archive::{ArchiveError, Numbers};
use twilio_verify_insights::{By, Label, Table};

use crate::support::{Folder, attempt, key, whole};

fn attempts(numbers: &[&str]) -> Vec<Attempt> {
    let attempts = (0..).zip(numbers).map(|(number, to)| {
        let mut json = whole(number);
        json["channel_data"]["to"] = json!(to);
        attempt(json)
    });
    attempts.collect()
}

fn get(table: &Table, label: &str) -> u64 {
    table.get(&[label.into()]).map_or(0, |counts| counts.attempts)
}

#[tokio::test]
async fn a_prefix_that_no_number_is_kept_with_is_an_error() {
    let attempts = attempts(&["+573003003030", "+4912345", "someone@example.com"]);
    let folder = Folder::of(&attempts, &Numbers::Prefix(key())).await;
    let by = |digits| folder.archive.breakdown().by([By::Country, By::Prefix(digits)]);
    by(8).run().await.unwrap();
    let error = by(9).run().await.unwrap_err();
    assert!(matches!(error, ArchiveError::Digits { kept: 8, .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("prefix:9") && text.contains("--numbers full"), "{text}");
    let filter = folder.archive.breakdown().by([By::Country]);
    let error = filter.destination_prefix("+573003003".parse().unwrap()).run().await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("--numbers full") && !text.contains("57300"), "{text}");
    // Before a file is read: the last column of the file is damaged, and that is not seen.
    let full = Folder::of(&attempts, &Numbers::Full).await;
    let table = full.archive.breakdown().by([By::Prefix(9)]).run().await.unwrap();
    assert_eq!(table, Table::of([By::Prefix(9)], &attempts));
}

/// That of a few long numbers is kept, and that of most is not.
#[tokio::test]
async fn a_prefix_of_more_than_eight_digits_is_an_error_where_numbers_are_cut() {
    let attempts = attempts(&["+2348030001234", "+12025550123"]);
    let folder = Folder::of(&attempts, &Numbers::Prefix(key())).await;
    let error = folder.archive.breakdown().by([By::Prefix(9)]).run().await.unwrap_err();
    assert!(matches!(error, ArchiveError::Digits { kept: 8, .. }), "{error:?}");
    let table = folder.archive.breakdown().by([By::Prefix(8)]).run().await.unwrap();
    assert_eq!((get(&table, "+23480300"), table.other().attempts), (1, 1));
    let filter = folder.archive.breakdown().by([By::Country]);
    let table = filter.destination_prefix("+234803000".parse().unwrap()).run().await.unwrap();
    assert_eq!(table.total().attempts, 1);
}

#[tokio::test]
async fn without_numbers_there_is_no_prefix() {
    let folder = Folder::of(&attempts(&["+573003003030"]), &Numbers::None).await;
    let error = folder.archive.breakdown().by([By::Prefix(1)]).run().await.unwrap_err();
    assert!(error.to_string().contains("--numbers"), "{error}");
    let filter = folder.archive.breakdown().by([By::Country]);
    let error = filter.destination_prefix("+5".parse().unwrap()).run().await.unwrap_err();
    assert!(matches!(error, ArchiveError::Digits { kept: 0, .. }), "{error}");
    folder.archive.breakdown().by([By::Country]).run().await.unwrap();
}

/// A number whose kept part is too short is in no cell: it is not known in which.
#[tokio::test]
async fn short_numbers_are_other() {
    let numbers = [
        "+573003003030",
        "+573003003031",
        "+5731234",
        "+49123",
        "+12",
        "someone@example.com",
        "573003003030",
    ];
    let attempts = attempts(&numbers);
    let folder = Folder::of(&attempts, &Numbers::Prefix(key())).await;
    let table = folder.archive.breakdown().by([By::Prefix(4)]).run().await.unwrap();
    assert_eq!(get(&table, "+5730"), 2);
    assert_eq!(table.get(&[Label::NONE]).unwrap().attempts, 2);
    assert_eq!(table.other().attempts, 3);
    assert_eq!(table.cells().len(), 2);
    assert_eq!(table.total().attempts, 7);
    assert_eq!(
        table.other().cost,
        table
            .get(&[Label::NONE])
            .unwrap()
            .cost
            .iter()
            .map(|(c, cost)| {
                let mut cost = *cost;
                cost.sum = cost.sum / rust_decimal::Decimal::TWO * rust_decimal::Decimal::from(3);
                cost.priced = 3;
                (c, cost)
            })
            .collect()
    );
}

/// A filter is exact, or it is an error.
#[tokio::test]
async fn a_filter_counts_what_is_known() {
    let attempts =
        attempts(&["+573003003030", "+574003003030", "+491711234567", "someone@example.com"]);
    let folder = Folder::of(&attempts, &Numbers::Prefix(key())).await;
    let with = |prefix: &str| {
        folder.archive.breakdown().by([By::Country]).destination_prefix(prefix.parse().unwrap())
    };
    for (prefix, count) in [("+57", 2), ("+5730", 1), ("+57300300", 1), ("+1", 0), ("+49", 1)] {
        assert_eq!(with(prefix).run().await.unwrap().total().attempts, count, "{prefix}");
    }
    // The number may begin with it: the fourth digit is not kept.
    let mut short = whole(9);
    short["channel_data"]["to"] = json!("+5731234");
    folder.add(&[attempt(short)], &Numbers::Prefix(key())).await;
    assert_eq!(with("+573").run().await.unwrap().total().attempts, 2);
    assert_eq!(with("+574003").run().await.unwrap().total().attempts, 1);
    let error = with("+57300").run().await.unwrap_err();
    assert!(matches!(error, ArchiveError::Digits { .. }), "{error}");
}
