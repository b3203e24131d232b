//! The summary: counting, and the conversion rate.

use rust_decimal::Decimal;

use crate::filter::SummaryFilter;
use crate::settings::{RateOfNone, RateSettings, Rounding};
use crate::store::Columns;

/// How many attempts there were, and how many of them converted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) total: u64,
    pub(crate) converted: u64,
}

/// Attempts judged at a time: few enough for their marks to stay in the nearest cache.
const BLOCK: usize = 4096;

pub(crate) fn count(columns: &Columns, filter: &SummaryFilter) -> Counts {
    let common = &filter.common;
    let service = match common.service.map(|service| columns.service_index(service)) {
        Some(None) => return Counts::default(),
        Some(index) => index,
        None => None,
    };
    let range = columns.range(common.period);
    let mut counts = Counts::default();
    let mut marks = [0_u8; BLOCK];
    for start in range.clone().step_by(BLOCK) {
        let block = start..range.end.min(start + BLOCK);
        let marks = &mut marks[..block.len()];
        marks.fill(1);
        // One column after the other, without a branch, so that each loop is vectorised, and a column
        // that is not asked for is not read.
        if let Some(service) = service {
            keep(marks, &columns.service[block.clone()], |value| {
                value == service
            });
        }
        if let Some(country) = common.country {
            let letters = u16::from_ne_bytes(country.letters());
            keep(marks, &columns.country[block.clone()], |value| {
                u16::from_ne_bytes(value) == letters
            });
        }
        if let Some(channel) = common.channel {
            keep(marks, &columns.channel[block.clone()], |value| {
                value == channel as u8
            });
        }
        if let Some(prefix) = filter.prefix {
            keep(marks, &columns.number[block.clone()], |value| {
                prefix.matches(value)
            });
        }
        let converted = marks
            .iter()
            .zip(&columns.converted[block])
            .map(|(mark, converted)| mark & converted);
        counts.converted += u64::from(converted.map(u32::from).sum::<u32>());
        counts.total += u64::from(marks.iter().copied().map(u32::from).sum::<u32>());
    }
    counts
}

fn keep<T: Copy>(marks: &mut [u8], column: &[T], wanted: impl Fn(T) -> bool) {
    for (mark, value) in marks.iter_mut().zip(column) {
        *mark &= u8::from(wanted(*value));
    }
}

/// `converted / total x 100`, with as many decimals as the settings say: in whole numbers, so exact.
pub(crate) fn rate(counts: Counts, settings: &RateSettings) -> Option<Decimal> {
    let decimals = settings.decimals.min(RateSettings::MAX_DECIMALS);
    let total = u128::from(counts.total);
    if total == 0 {
        return match settings.of_none {
            RateOfNone::Null => None,
            RateOfNone::Zero => Some(Decimal::new(0, decimals)),
        };
    }
    let scaled = u128::from(counts.converted) * 100 * 10_u128.pow(decimals);
    let (quotient, twice_rest) = (scaled / total, scaled % total * 2);
    let up = match settings.rounding {
        Rounding::HalfUp => twice_rest >= total,
        Rounding::HalfEven => twice_rest > total || (twice_rest == total && quotient % 2 == 1),
        Rounding::Down => false,
        Rounding::Up => twice_rest > 0,
    };
    let mantissa = i128::try_from(quotient + u128::from(up)).ok()?;
    Decimal::try_from_i128_with_scale(mantissa, decimals).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(converted: u64, total: u64, settings: RateSettings) -> Option<String> {
        rate(Counts { total, converted }, &settings).map(|rate| rate.to_string())
    }

    #[test]
    fn the_rate_has_nine_decimals_rounded_half_up() {
        for (converted, total, expected) in [
            (9, 11, "81.818181818"),
            (1, 2, "50.000000000"),
            (2, 3, "66.666666667"),
            (0, 5, "0.000000000"),
            (5, 5, "100.000000000"),
            (u64::MAX, u64::MAX, "100.000000000"),
            // 0.0000000005 and 0.00000000049…: the half, and just less.
            (1, 200_000_000_000, "0.000000001"),
            (1, 200_000_000_001, "0.000000000"),
        ] {
            assert_eq!(
                text(converted, total, RateSettings::default()).unwrap(),
                expected
            );
        }
    }

    #[test]
    fn rounding_decimals_and_the_rate_of_none_can_be_set() {
        let set = |rounding, decimals| RateSettings {
            rounding,
            decimals,
            of_none: RateOfNone::Zero,
        };
        // 12.5 and 37.5
        for (converted, rounding, expected) in [
            (1, Rounding::HalfUp, "13"),
            (1, Rounding::HalfEven, "12"),
            (3, Rounding::HalfEven, "38"),
            (1, Rounding::Down, "12"),
            (1, Rounding::Up, "13"),
        ] {
            assert_eq!(
                text(converted, 8, set(rounding, 0)).unwrap(),
                expected,
                "{rounding:?}"
            );
        }
        assert_eq!(text(1, 3, set(Rounding::Down, 2)).unwrap(), "33.33");
        assert_eq!(
            text(u64::MAX - 1, u64::MAX, set(Rounding::Down, 99)).unwrap(),
            "99.999999999999999"
        );
        assert_eq!(text(0, 0, set(Rounding::Down, 2)).unwrap(), "0.00");
        assert_eq!(text(0, 0, RateSettings::default()), None);
    }
}
