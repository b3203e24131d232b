//! The conversion rate.

use rust_decimal::Decimal;

use crate::attempts::columns::counts::Counts;

/// How the last decimal of the conversion rate is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rounding {
    /// To the nearest; half rounds up.
    HalfUp,
    /// To the nearest; half rounds to the even digit.
    HalfEven,
    /// Down: the remainder is cut off.
    Down,
    /// Up, if there is any remainder.
    Up,
}

/// The conversion rate when there are no attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateOfNone {
    /// JSON null.
    Null,
    /// Zero, as text.
    Zero,
}

/// The format of the conversion rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RateSettings {
    pub(crate) decimals: u32,
    pub(crate) rounding: Rounding,
    pub(crate) of_none: RateOfNone,
}

impl RateSettings {
    /// The maximum, with which any count of attempts fits into 128 bits.
    pub(crate) const MAX_DECIMALS: u32 = 15;
}

impl Default for RateSettings {
    fn default() -> Self {
        Self { decimals: 9, rounding: Rounding::HalfUp, of_none: RateOfNone::Null }
    }
}

/// Returns `converted / total x 100`, rounded to the decimals of the settings. Integers make it exact.
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
            // 0.0000000005 and 0.00000000049…: exactly half, and slightly less.
            (1, 200_000_000_000, "0.000000001"),
            (1, 200_000_000_001, "0.000000000"),
        ] {
            assert_eq!(text(converted, total, RateSettings::default()).unwrap(), expected);
        }
    }

    #[test]
    fn rounding_decimals_and_the_rate_of_none_can_be_set() {
        let set =
            |rounding, decimals| RateSettings { rounding, decimals, of_none: RateOfNone::Zero };
        // 12.5 and 37.5
        for (converted, rounding, expected) in [
            (1, Rounding::HalfUp, "13"),
            (1, Rounding::HalfEven, "12"),
            (3, Rounding::HalfEven, "38"),
            (1, Rounding::Down, "12"),
            (1, Rounding::Up, "13"),
        ] {
            assert_eq!(text(converted, 8, set(rounding, 0)).unwrap(), expected, "{rounding:?}");
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
