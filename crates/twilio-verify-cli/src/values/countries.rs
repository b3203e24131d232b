//! Reads countries by their ISO 3166-1 alpha-2 codes, with hints for other codes
//! and for names.

use twilio_verify::{Country, MessagingCountry};

/// Codes that are not a country's, and the country that is meant: codes in use
/// outside the standard, codes of languages, and codes that ISO 3166 withdrew.
const OTHER_CODES: [(&str, &str); 30] = [
    ("UK", "GB"),
    ("EN", "GB"),
    ("EL", "GR"),
    // Languages.
    ("CS", "CZ"),
    ("DA", "DK"),
    ("HE", "IL"),
    ("HI", "IN"),
    ("HY", "AM"),
    ("JA", "JP"),
    ("KA", "GE"),
    ("KK", "KZ"),
    ("KO", "KR"),
    ("SQ", "AL"),
    ("UR", "PK"),
    ("ZH", "CN"),
    // Withdrawn.
    ("BU", "MM"),
    ("DD", "DE"),
    ("DY", "BJ"),
    ("FX", "FR"),
    ("HV", "BF"),
    ("NH", "VU"),
    ("RH", "ZW"),
    ("SF", "FI"),
    ("SU", "RU"),
    ("TP", "TL"),
    ("VD", "VN"),
    ("WK", "UM"),
    ("YD", "YE"),
    ("ZR", "CD"),
    // Some customs offices and banks use it for Kosovo.
    ("KV", "XK"),
];

/// Reads a country's code, in either case. If the text is another code or a name
/// of a country, the error names the right code. It never repeats the text.
pub(crate) fn country(text: &str) -> Result<Country, String> {
    const EXPECTED: &str = "expected an ISO 3166-1 alpha-2 code, such as CO";
    text.parse().map_err(|_| match meant(text) {
        Some(country) => hint(EXPECTED, text, &country),
        None => EXPECTED.to_owned(),
    })
}

/// Reads the country of a messaging configuration: a country's code, or `all`.
pub(crate) fn messaging_country(text: &str) -> Result<MessagingCountry, String> {
    const EXPECTED: &str = "expected an ISO 3166-1 alpha-2 code such as CO, or `all`";
    text.parse().map_err(|_| match meant(text) {
        Some(country) => hint(EXPECTED, text, &country),
        None => EXPECTED.to_owned(),
    })
}

fn hint(expected: &str, text: &str, country: &Country) -> String {
    match country.name() {
        // The user may not know which country a code is for.
        Some(name) if text.len() <= 3 => format!("{expected}; did you mean {country} ({name})?"),
        _ => format!("{expected}; did you mean {country}?"),
    }
}

/// Returns the country that a text other than its code means.
fn meant(text: &str) -> Option<Country> {
    let text = text.trim();
    let code = OTHER_CODES.iter().find(|(other, _)| other.eq_ignore_ascii_case(text));
    if let Some((_, code)) = code {
        return code.parse().ok();
    }
    if let Ok(country) = text.parse() {
        return Some(country);
    }
    if let Ok(country) = celes::Country::from_alpha3(text) {
        return Some(country.into());
    }
    let name = plain(text);
    let named = |country: &&Country| country.name().is_some_and(|own| plain(own) == name);
    if let Some(country) = Country::ALL.iter().find(named) {
        return Some(country.clone());
    }
    let known = celes::Country::from_name(&name).or_else(|_| celes::Country::from_alias(&name));
    known.ok().map(Country::from)
}

/// Returns the letters of a name, in lower case and without their marks.
fn plain(name: &str) -> String {
    let letters = name.to_lowercase();
    let letters = letters.chars().filter(|character| character.is_alphanumeric());
    letters.map(without_mark).collect()
}

/// Returns a letter without its mark, for the marks in names of countries.
fn without_mark(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use twilio_verify::Country;

    use super::{OTHER_CODES, country, messaging_country};

    #[test]
    fn codes_are_read_in_either_case() {
        assert_eq!(country("CO"), Ok(Country::CO));
        assert_eq!(country("co"), Ok(Country::CO));
        assert_eq!(messaging_country("gB").unwrap().as_str(), "GB");
        assert_eq!(messaging_country("all").unwrap().as_str(), "all");
    }

    #[test]
    fn another_code_or_a_name_yields_a_hint() {
        for (text, code) in [
            ("UK", "GB"),
            ("uk", "GB"),
            ("EN", "GB"),
            ("EL", "GR"),
            ("COL", "CO"),
            ("usa", "US"),
            ("Colombia", "CO"),
            ("united kingdom", "GB"),
            ("England", "GB"),
            ("Côte d'Ivoire", "CI"),
            ("cote d’ivoire", "CI"),
            ("curacao", "CW"),
            ("Turkey", "TR"),
            ("Samoa", "WS"),
            ("The Netherlands", "NL"),
            (" CO ", "CO"),
        ] {
            for error in [country(text).expect_err(text), messaging_country(text).expect_err(text)]
            {
                assert!(error.contains(&format!("did you mean {code}")), "{text}: {error}");
                assert!(!error.contains(text.trim()) || text.len() <= 4, "{text}: {error}");
            }
        }
    }

    #[test]
    fn every_other_code_is_none_of_the_standard_and_leads_to_one() {
        for (other, code) in OTHER_CODES {
            assert!(other.parse::<Country>().is_err(), "{other}");
            let hint = format!("did you mean {code} ");
            assert!(country(other).expect_err(other).contains(&hint), "{other}");
        }
        for known in Country::ALL {
            let name = known.name().unwrap();
            let error = country(name).expect_err(name);
            assert!(error.ends_with(&format!("did you mean {known}?")), "{name}: {error}");
        }
    }

    #[test]
    fn what_is_no_country_is_not_repeated() {
        for text in ["", "ZZ", "Atlantis", "+573003003030"] {
            let error = country(text).expect_err(text);
            assert_eq!(error, "expected an ISO 3166-1 alpha-2 code, such as CO");
        }
    }
}
