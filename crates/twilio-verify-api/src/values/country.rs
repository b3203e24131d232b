//! Countries, by their ISO 3166-1 alpha-2 codes.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

#[cfg(feature = "schemas")]
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check;
use crate::response::lenient::{Lenient, text};
use crate::values::into_value::from_text;

/// A country: its ISO 3166-1 alpha-2 code, such as `CO`.
///
/// There is a constant for every assigned code, and for Kosovo (`XK`). `FromStr` accepts the code
/// in upper or lower case, and rejects a code that isn't assigned. In a response, any text is kept.
///
/// ```
/// use twilio_verify_api::Country;
///
/// assert_eq!("co".parse::<Country>()?, Country::CO);
/// assert_eq!(Country::CO.name(), Some("Colombia"));
/// # Ok::<(), twilio_verify_api::CountryError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country(Cow<'static, str>);

/// Why a text is not a country's code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a country: expected an ISO 3166-1 alpha-2 code, two letters such as `CO`")]
pub struct CountryError;

macro_rules! countries {
    ($($code:ident $name:literal,)*) => {
        impl Country {
            /// All countries, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            $(
                #[doc = $name]
                pub const $code: Self = Self(Cow::Borrowed(stringify!($code)));
            )*

            /// Returns the country's name in English, or `None` for a code that isn't assigned.
            pub fn name(&self) -> Option<&'static str> {
                match self.code() {
                    $(stringify!($code) => Some($name),)*
                    _ => None,
                }
            }
        }
    };
}

impl Country {
    /// Returns the code: two upper-case letters, unless a response held something else.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl From<celes::Country> for Country {
    fn from(country: celes::Country) -> Self {
        Self(Cow::Borrowed(country.alpha2))
    }
}

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        celes::Country::from_alpha2(text).map(Self::from).map_err(|_| CountryError)
    }
}

impl check::Value for Country {
    /// Returns a fault for a text that is not a country, which a response may hold.
    fn fault(&self) -> Option<String> {
        let parsed = self.code().parse::<Self>();
        parsed.err().map(|error| error.to_string())
    }
}

impl check::Blank for Country {
    fn blank() -> Self {
        Self(Cow::Borrowed(""))
    }
}

from_text!(Country);

impl AsRef<str> for Country {
    fn as_ref(&self) -> &str {
        self.code()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({})", self.code())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Lenient<'de> for Country {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let text = text(deserializer)?.filter(|text| !text.is_empty());
        Ok(text.map(|text| text.parse().unwrap_or_else(|_| Self(Cow::Owned(text.into_owned())))))
    }
}

#[cfg(feature = "schemas")]
impl JsonSchema for Country {
    fn schema_name() -> Cow<'static, str> {
        "Country".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "iso-country-code" })
    }
}

countries! {
    AD "Andorra",
    AE "United Arab Emirates",
    AF "Afghanistan",
    AG "Antigua and Barbuda",
    AI "Anguilla",
    AL "Albania",
    AM "Armenia",
    AO "Angola",
    AQ "Antarctica",
    AR "Argentina",
    AS "American Samoa",
    AT "Austria",
    AU "Australia",
    AW "Aruba",
    AX "Åland Islands",
    AZ "Azerbaijan",
    BA "Bosnia and Herzegovina",
    BB "Barbados",
    BD "Bangladesh",
    BE "Belgium",
    BF "Burkina Faso",
    BG "Bulgaria",
    BH "Bahrain",
    BI "Burundi",
    BJ "Benin",
    BL "Saint Barthélemy",
    BM "Bermuda",
    BN "Brunei Darussalam",
    BO "Bolivia",
    BQ "Bonaire, Sint Eustatius and Saba",
    BR "Brazil",
    BS "Bahamas",
    BT "Bhutan",
    BV "Bouvet Island",
    BW "Botswana",
    BY "Belarus",
    BZ "Belize",
    CA "Canada",
    CC "Cocos (Keeling) Islands",
    CD "Congo (Democratic Republic)",
    CF "Central African Republic",
    CG "Congo",
    CH "Switzerland",
    CI "Côte d'Ivoire",
    CK "Cook Islands",
    CL "Chile",
    CM "Cameroon",
    CN "China",
    CO "Colombia",
    CR "Costa Rica",
    CU "Cuba",
    CV "Cabo Verde",
    CW "Curaçao",
    CX "Christmas Island",
    CY "Cyprus",
    CZ "Czechia",
    DE "Germany",
    DJ "Djibouti",
    DK "Denmark",
    DM "Dominica",
    DO "Dominican Republic",
    DZ "Algeria",
    EC "Ecuador",
    EE "Estonia",
    EG "Egypt",
    EH "Western Sahara",
    ER "Eritrea",
    ES "Spain",
    ET "Ethiopia",
    FI "Finland",
    FJ "Fiji",
    FK "Falkland Islands",
    FM "Micronesia",
    FO "Faroe Islands",
    FR "France",
    GA "Gabon",
    GB "United Kingdom",
    GD "Grenada",
    GE "Georgia",
    GF "French Guiana",
    GG "Guernsey",
    GH "Ghana",
    GI "Gibraltar",
    GL "Greenland",
    GM "Gambia",
    GN "Guinea",
    GP "Guadeloupe",
    GQ "Equatorial Guinea",
    GR "Greece",
    GS "South Georgia and the South Sandwich Islands",
    GT "Guatemala",
    GU "Guam",
    GW "Guinea-Bissau",
    GY "Guyana",
    HK "Hong Kong",
    HM "Heard Island and McDonald Islands",
    HN "Honduras",
    HR "Croatia",
    HT "Haiti",
    HU "Hungary",
    ID "Indonesia",
    IE "Ireland",
    IL "Israel",
    IM "Isle of Man",
    IN "India",
    IO "British Indian Ocean Territory",
    IQ "Iraq",
    IR "Iran",
    IS "Iceland",
    IT "Italy",
    JE "Jersey",
    JM "Jamaica",
    JO "Jordan",
    JP "Japan",
    KE "Kenya",
    KG "Kyrgyzstan",
    KH "Cambodia",
    KI "Kiribati",
    KM "Comoros",
    KN "Saint Kitts and Nevis",
    KP "North Korea",
    KR "South Korea",
    KW "Kuwait",
    KY "Cayman Islands",
    KZ "Kazakhstan",
    LA "Laos",
    LB "Lebanon",
    LC "Saint Lucia",
    LI "Liechtenstein",
    LK "Sri Lanka",
    LR "Liberia",
    LS "Lesotho",
    LT "Lithuania",
    LU "Luxembourg",
    LV "Latvia",
    LY "Libya",
    MA "Morocco",
    MC "Monaco",
    MD "Moldova",
    ME "Montenegro",
    MF "Saint Martin",
    MG "Madagascar",
    MH "Marshall Islands",
    MK "North Macedonia",
    ML "Mali",
    MM "Myanmar",
    MN "Mongolia",
    MO "Macao",
    MP "Northern Mariana Islands",
    MQ "Martinique",
    MR "Mauritania",
    MS "Montserrat",
    MT "Malta",
    MU "Mauritius",
    MV "Maldives",
    MW "Malawi",
    MX "Mexico",
    MY "Malaysia",
    MZ "Mozambique",
    NA "Namibia",
    NC "New Caledonia",
    NE "Niger",
    NF "Norfolk Island",
    NG "Nigeria",
    NI "Nicaragua",
    NL "Netherlands",
    NO "Norway",
    NP "Nepal",
    NR "Nauru",
    NU "Niue",
    NZ "New Zealand",
    OM "Oman",
    PA "Panama",
    PE "Peru",
    PF "French Polynesia",
    PG "Papua New Guinea",
    PH "Philippines",
    PK "Pakistan",
    PL "Poland",
    PM "Saint Pierre and Miquelon",
    PN "Pitcairn",
    PR "Puerto Rico",
    PS "Palestine",
    PT "Portugal",
    PW "Palau",
    PY "Paraguay",
    QA "Qatar",
    RE "Réunion",
    RO "Romania",
    RS "Serbia",
    RU "Russia",
    RW "Rwanda",
    SA "Saudi Arabia",
    SB "Solomon Islands",
    SC "Seychelles",
    SD "Sudan",
    SE "Sweden",
    SG "Singapore",
    SH "Saint Helena, Ascension and Tristan da Cunha",
    SI "Slovenia",
    SJ "Svalbard and Jan Mayen",
    SK "Slovakia",
    SL "Sierra Leone",
    SM "San Marino",
    SN "Senegal",
    SO "Somalia",
    SR "Suriname",
    SS "South Sudan",
    ST "São Tomé and Príncipe",
    SV "El Salvador",
    SX "Sint Maarten",
    SY "Syria",
    SZ "Eswatini",
    TC "Turks and Caicos Islands",
    TD "Chad",
    TF "French Southern Territories",
    TG "Togo",
    TH "Thailand",
    TJ "Tajikistan",
    TK "Tokelau",
    TL "Timor-Leste",
    TM "Turkmenistan",
    TN "Tunisia",
    TO "Tonga",
    TR "Türkiye",
    TT "Trinidad and Tobago",
    TV "Tuvalu",
    TW "Taiwan",
    TZ "Tanzania",
    UA "Ukraine",
    UG "Uganda",
    UM "United States Minor Outlying Islands",
    US "United States",
    UY "Uruguay",
    UZ "Uzbekistan",
    VA "Vatican City",
    VC "Saint Vincent and the Grenadines",
    VE "Venezuela",
    VG "British Virgin Islands",
    VI "United States Virgin Islands",
    VN "Vietnam",
    VU "Vanuatu",
    WF "Wallis and Futuna",
    WS "Samoa",
    XK "Kosovo",
    YE "Yemen",
    YT "Mayotte",
    ZA "South Africa",
    ZM "Zambia",
    ZW "Zimbabwe",
}

#[cfg(test)]
mod tests {
    use super::Country;

    #[test]
    fn every_assigned_country_has_its_constant() {
        let mut assigned: Vec<&str> =
            celes::Country::get_countries().iter().map(|country| country.alpha2).collect();
        assigned.sort_unstable();
        let constants: Vec<&str> = Country::ALL.iter().map(Country::code).collect();
        assert_eq!(constants, assigned);
        for country in Country::ALL {
            assert_eq!(country.code().parse::<Country>().as_ref(), Ok(country));
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "C", "COL", "ZZ", "Colombia", "c\u{f6}"] {
            assert!(text.parse::<Country>().is_err(), "{text}");
        }
    }
}
