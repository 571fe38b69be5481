//! Amounts of money: whole numbers of the currency's minor unit, and how people write them.

use super::Interval;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// What an offering costs. The API refuses what it does not know of it, and says where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Price {
    /// In the currency's minor unit: 1900 are 19.00 EUR.
    pub amount: i64,
    /// ISO 4217: `EUR`.
    pub currency: String,
    /// How often.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub interval: Interval,
}

/// The greatest amount, so that no widget loses a digit of it in a floating-point number.
const MOST: i64 = 999_999_999_999;

/// The money of ISO 4217; metals, funds and test codes are none.
pub const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY \
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD \
    JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO \
    NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT \
    TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// How many digits of an amount stand behind the point.
#[must_use]
pub fn minor_digits(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

impl Price {
    /// Refuses what is no price; the currency becomes upper case.
    pub fn checked(mut self) -> Result<Self> {
        self.currency = self.currency.trim().to_ascii_uppercase();
        if self.currency.len() != 3 || !CURRENCIES.split_ascii_whitespace().any(|known| known == self.currency) {
            return Err(Error::invalid("price.currency", "A currency has the three letters of ISO 4217, such as EUR."));
        }
        if !(0..=MOST).contains(&self.amount) {
            return Err(Error::invalid("price.amount", "An amount is a whole number of minor units, 0 to 999999999999."));
        }
        Ok(self)
    }
}

/// `1900` of a currency with two digits as `19.00`.
#[must_use]
pub fn amount_text(amount: i64, currency: &str) -> String {
    let digits = minor_digits(currency);
    if digits == 0 {
        return amount.to_string();
    }
    let padded = format!("{amount:0>width$}", width = digits + 1);
    let (whole, rest) = padded.split_at(padded.len() - digits);
    format!("{whole}.{rest}")
}

/// `19`, `19.5` and `19.00` as 1900 of a currency with two digits.
pub fn parse_amount(text: &str, currency: &str) -> Result<i64> {
    let digits = minor_digits(currency);
    let wrong = || Error::invalid("amount", format!("Write the amount with a point and at most {digits} digits behind it."));
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || rest.len() > digits || !plain(whole) || !plain(rest) {
        return Err(wrong());
    }
    format!("{whole}{rest:0<digits$}").parse().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_and_written_in_the_units_of_its_currency() {
        for (text, currency, amount, written) in [
            ("19", "EUR", 1_900, "19.00"),
            ("19.5", "EUR", 1_950, "19.50"),
            ("0.05", "USD", 5, "0.05"),
            (" 0 ", "USD", 0, "0.00"),
            ("1900", "JPY", 1_900, "1900"),
            ("1.234", "KWD", 1_234, "1.234"),
            ("12345.67", "EUR", 1_234_567, "12345.67"),
            ("999999999999", "JPY", MOST, "999999999999"),
        ] {
            assert_eq!(parse_amount(text, currency).ok(), Some(amount), "{text} {currency}");
            assert_eq!(amount_text(amount, currency), written);
        }
        for (text, currency) in [
            ("", "EUR"),
            ("1,50", "EUR"),
            ("1.234", "EUR"),
            ("1.5", "JPY"),
            ("-1", "EUR"),
            ("1e3", "EUR"),
            (".5", "EUR"),
            ("1234567890123", "JPY"),
        ] {
            assert!(parse_amount(text, currency).is_err(), "{text} {currency}");
        }
    }

    #[test]
    fn what_is_no_currency_or_amount_is_refused_by_name() {
        let check = |amount, currency: &str| {
            let price = Price { amount, currency: currency.to_owned(), interval: Interval::Month };
            price.checked().map(|price| price.currency).map_err(|error| error.problem().field.unwrap_or_default())
        };
        assert_eq!(check(1_900, "eur"), Ok("EUR".to_owned()));
        for currency in ["", "EU", "EURO", "XXX", "XAU", "E R", "ABC"] {
            assert_eq!(check(1, currency), Err("price.currency".to_owned()), "{currency}");
        }
        for amount in [-1, MOST + 1, i64::MIN] {
            assert_eq!(check(amount, "EUR"), Err("price.amount".to_owned()));
        }
    }
}
