//! Messaging in a country: its language, networks and prices. They are plausible, but not Twilio's.

use rust_decimal::Decimal;

use crate::values::calling_code;
use crate::values::channel::Channel;
use crate::values::country::Country;

/// Messaging in a country.
pub(crate) struct Market {
    pub(crate) code: &'static str,
    pub(crate) share: u32,
    /// The hours by which the country's clocks are ahead of GMT.
    pub(crate) offset: i64,
    pub(crate) locale: &'static str,
    /// The difference of its conversion rate from the average, in points.
    pub(crate) conversion: f64,
    /// The prices of a message and of a call, in 1/10000 USD.
    pub(crate) price: (i64, i64),
    /// Patterns of phone numbers; `#` is any digit. They are numbers that the regulator reserves for fiction, if there
    /// are any; in India, numbers of a prefix without mobiles; elsewhere, zeros after a mobile prefix.
    pub(crate) numbers: &'static [&'static str],
    /// The networks: MCC, MNC and name.
    pub(crate) carriers: &'static [(&'static str, &'static str, &'static str)],
}

#[rustfmt::skip]
pub(crate) const MARKETS: [Market; 20] = [
    Market { code: "US", share: 22, offset: -5, locale: "en", conversion: 0.04, price: (79, 140),
        numbers: &["+120255501##", "+121255501##", "+130555501##", "+141555501##", "+151255501##", "+161755501##", "+131255501##", "+120655501##"],
        carriers: &[("310", "260", "T-Mobile"), ("311", "480", "Verizon"), ("310", "410", "AT&T")] },
    Market { code: "GB", share: 9, offset: 0, locale: "en-GB", conversion: 0.05, price: (405, 300),
        numbers: &["+447700900###"],
        carriers: &[("234", "10", "O2"), ("234", "15", "Vodafone"), ("234", "30", "EE")] },
    Market { code: "CO", share: 10, offset: -5, locale: "es", conversion: -0.02, price: (50, 450),
        numbers: &["+57300000####", "+57301000####", "+57305000####", "+57310000####", "+57315000####", "+57320000####"],
        carriers: &[("732", "101", "Claro"), ("732", "103", "Tigo"), ("732", "123", "Movistar")] },
    Market { code: "BR", share: 10, offset: -3, locale: "pt-BR", conversion: -0.01, price: (420, 520),
        numbers: &["+551190000####", "+552190000####", "+553190000####"],
        carriers: &[("724", "06", "Vivo"), ("724", "05", "Claro"), ("724", "02", "TIM")] },
    Market { code: "MX", share: 8, offset: -6, locale: "es-MX", conversion: -0.03, price: (350, 340),
        numbers: &["+52550000####", "+52330000####", "+52810000####"],
        carriers: &[("334", "020", "Telcel"), ("334", "050", "AT&T"), ("334", "030", "Movistar")] },
    Market { code: "IN", share: 12, offset: 5, locale: "hi", conversion: -0.06, price: (832, 600),
        numbers: &["+9155500#####", "+9156500#####", "+9157500#####"],
        carriers: &[("405", "857", "Jio"), ("404", "10", "Airtel"), ("404", "20", "Vi")] },
    Market { code: "DE", share: 6, offset: 1, locale: "de", conversion: 0.07, price: (1004, 950),
        numbers: &["+49176040690##", "+4917139200##"],
        carriers: &[("262", "01", "Telekom"), ("262", "02", "Vodafone"), ("262", "03", "O2")] },
    Market { code: "FR", share: 5, offset: 1, locale: "fr", conversion: 0.06, price: (798, 700),
        numbers: &["+3363998####"],
        carriers: &[("208", "01", "Orange"), ("208", "10", "SFR"), ("208", "20", "Bouygues")] },
    Market { code: "ES", share: 4, offset: 1, locale: "es", conversion: 0.04, price: (725, 680),
        numbers: &["+3460000####", "+3465000####"],
        carriers: &[("214", "07", "Movistar"), ("214", "03", "Orange"), ("214", "01", "Vodafone")] },
    Market { code: "AU", share: 3, offset: 10, locale: "en-AU", conversion: 0.05, price: (515, 750),
        numbers: &["+61491570006", "+61491570156", "+61491570157", "+61491570158", "+61491570159", "+61491570110", "+61491570313", "+61491570737", "+61491571266", "+61491571491", "+61491571804", "+61491572549", "+61491572665", "+61491572983", "+61491573770", "+61491573087"],
        carriers: &[("505", "01", "Telstra"), ("505", "02", "Optus"), ("505", "03", "Vodafone")] },
    Market { code: "NG", share: 4, offset: 1, locale: "en", conversion: -0.14, price: (2900, 1800),
        numbers: &["+234803000####", "+234805000####"],
        carriers: &[("621", "30", "MTN"), ("621", "20", "Airtel"), ("621", "50", "Glo")] },
    Market { code: "ID", share: 4, offset: 7, locale: "id", conversion: -0.17, price: (4414, 1900),
        numbers: &["+628110000###", "+628570000###"],
        carriers: &[("510", "10", "Telkomsel"), ("510", "01", "Indosat"), ("510", "11", "XL")] },
    Market { code: "PH", share: 2, offset: 8, locale: "tl", conversion: -0.09, price: (2090, 1600),
        numbers: &["+63917000####", "+63918000####"],
        carriers: &[("515", "02", "Globe"), ("515", "03", "Smart")] },
    Market { code: "ZA", share: 1, offset: 2, locale: "en-ZA", conversion: -0.05, price: (1089, 900),
        numbers: &["+27820000###", "+27830000###"],
        carriers: &[("655", "01", "Vodacom"), ("655", "10", "MTN"), ("655", "07", "Cell C")] },
    // Expensive countries, which are not in a sample.
    Market { code: "UZ", share: 0, offset: 5, locale: "en", conversion: -0.1, price: (3130, 2400),
        numbers: &["+99890000####", "+99893000####"],
        carriers: &[("434", "04", "Beeline"), ("434", "05", "Ucell"), ("434", "07", "Mobiuz")] },
    Market { code: "MM", share: 0, offset: 6, locale: "en", conversion: -0.15, price: (4020, 3100),
        numbers: &["+95940000####", "+95970000####"],
        carriers: &[("414", "01", "MPT"), ("414", "05", "Ooredoo"), ("414", "06", "ATOM")] },
    Market { code: "MD", share: 0, offset: 2, locale: "en", conversion: -0.05, price: (1080, 6300),
        numbers: &["+3736000####", "+3737900####"],
        carriers: &[("259", "01", "Orange"), ("259", "02", "Moldcell")] },
    Market { code: "AZ", share: 0, offset: 4, locale: "en", conversion: -0.1, price: (3990, 4400),
        numbers: &["+99450000####", "+99470000####"],
        carriers: &[("400", "01", "Azercell"), ("400", "02", "Bakcell"), ("400", "04", "Nar")] },
    Market { code: "TJ", share: 0, offset: 5, locale: "en", conversion: -0.12, price: (3620, 3900),
        numbers: &["+99290000####", "+99292000####"],
        carriers: &[("436", "01", "Tcell"), ("436", "03", "MegaFon"), ("436", "04", "Babilon-M")] },
    Market { code: "KG", share: 0, offset: 6, locale: "en", conversion: -0.1, price: (2890, 3200),
        numbers: &["+99655000####", "+99670000####"],
        carriers: &[("437", "01", "Beeline"), ("437", "05", "MegaCom"), ("437", "09", "O!")] },
];

/// The prices of a message and of a call without a known market, in 1/10000 USD.
const OTHER_PRICE: (i64, i64) = (500, 500);

/// Returns the market of a country, if it is known.
pub(crate) fn of(country: Country) -> Option<&'static Market> {
    MARKETS.iter().find(|market| market.code == country.code())
}

/// Returns the price of a message or a call, in USD.
pub(crate) fn price(channel: Channel, market: Option<&Market>) -> Decimal {
    let (message, call) = market.map_or(OTHER_PRICE, |market| market.price);
    Decimal::new(
        match channel {
            Channel::Email => 5,
            Channel::Call => call,
            Channel::Whatsapp => message / 2 + 20,
            Channel::Rbm => message + 15,
            Channel::Sms => message,
        },
        4,
    )
}

/// Returns the market of a number's country.
pub(crate) fn of_number(to: &str) -> Option<&'static Market> {
    calling_code::country(to).and_then(of)
}

/// Returns the MCC, the MNC and the name of a number's network: one of its country's, always the same for a number.
pub(crate) fn carrier(to: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let carriers = of_number(to)?.carriers;
    let sum: usize = to.bytes().map(usize::from).sum();
    carriers.get(sum % carriers.len().max(1))
}
