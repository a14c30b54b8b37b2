//! Seconds since 1970 to dates and back, in the proleptic Gregorian calendar and UTC.
//!
//! Days are counted in eras of 400 years that begin on 1 March (Howard Hinnant, "chrono-Compatible
//! Low-Level Date Algorithms").

use std::fmt::Write;

const DAY: i64 = 86_400;
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A broken-down time; fields as `struct_time` has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    /// 0 is Monday.
    weekday: i64,
    /// From 1.
    yearday: i64,
    dst: i64,
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl Broken {
    /// The time so many seconds after the beginning of 1970.
    pub fn from_timestamp(seconds: i64) -> Broken {
        let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let of_era = z.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let m = (5 * of_year + 2) / 153;
        let month = if m < 10 { m + 3 } else { m - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Broken {
            year,
            month,
            day: of_year - (153 * m + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: (days + 3).rem_euclid(7),
            yearday: days - days_from_civil(year, 1, 1) + 1,
            dst: 0,
        }
    }

    /// From the nine fields, as they are.
    pub fn from_fields(f: [i64; 9]) -> Broken {
        Broken {
            year: f[0],
            month: f[1].clamp(1, 12),
            day: f[2],
            hour: f[3],
            minute: f[4],
            second: f[5],
            weekday: f[6].rem_euclid(7),
            yearday: f[7],
            dst: f[8],
        }
    }

    /// The nine fields.
    pub fn fields(&self) -> [i64; 9] {
        [
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.weekday,
            self.yearday,
            self.dst,
        ]
    }

    /// Seconds since the beginning of 1970; weekday and day of the year do not count.
    pub fn timestamp(&self) -> i64 {
        let days = days_from_civil(self.year, self.month, self.day);
        days * DAY + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// As text by the conversions of C's `strftime`, C locale. Unknown ones stay as they are.
    pub fn format(&self, format: &str) -> String {
        let mut out = String::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some(code) => self.put(&mut out, code),
                None => out.push('%'),
            }
        }
        out
    }

    fn put(&self, out: &mut String, code: char) {
        let day = DAYS[self.weekday as usize];
        let month = MONTHS[(self.month - 1) as usize];
        let hour12 = (self.hour + 11).rem_euclid(12) + 1;
        // Writing to a String cannot fail.
        let _ = match code {
            'a' => write!(out, "{}", &day[..3]),
            'A' => write!(out, "{day}"),
            'b' | 'h' => write!(out, "{}", &month[..3]),
            'B' => write!(out, "{month}"),
            'c' => write!(out, "{}", self.format("%a %b %e %H:%M:%S %Y")),
            'd' => write!(out, "{:02}", self.day),
            'D' | 'x' => write!(out, "{}", self.format("%m/%d/%y")),
            'e' => write!(out, "{:2}", self.day),
            'F' => write!(out, "{}", self.format("%Y-%m-%d")),
            'H' => write!(out, "{:02}", self.hour),
            'I' => write!(out, "{hour12:02}"),
            'j' => write!(out, "{:03}", self.yearday),
            'm' => write!(out, "{:02}", self.month),
            'M' => write!(out, "{:02}", self.minute),
            'n' => writeln!(out),
            'p' => write!(out, "{}", if self.hour < 12 { "AM" } else { "PM" }),
            's' => write!(out, "{}", self.timestamp()),
            'S' => write!(out, "{:02}", self.second),
            't' => write!(out, "\t"),
            'T' | 'X' => write!(out, "{}", self.format("%H:%M:%S")),
            'u' => write!(out, "{}", self.weekday + 1),
            'U' => write!(
                out,
                "{:02}",
                (self.yearday + 6 - (self.weekday + 1) % 7) / 7
            ),
            'w' => write!(out, "{}", (self.weekday + 1) % 7),
            'W' => write!(out, "{:02}", (self.yearday + 6 - self.weekday) / 7),
            'y' => write!(out, "{:02}", self.year.rem_euclid(100)),
            'Y' => write!(out, "{}", self.year),
            'z' => write!(out, "+0000"),
            'Z' => write!(out, "UTC"),
            '%' => write!(out, "%"),
            other => write!(out, "%{other}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00 Thu 001"),
            (951_782_400, "2000-02-29 00:00:00 Tue 060"),
            (1_700_000_000, "2023-11-14 22:13:20 Tue 318"),
            (-1, "1969-12-31 23:59:59 Wed 365"),
        ] {
            let b = Broken::from_timestamp(seconds);
            assert_eq!(b.format("%F %T %a %j"), text);
            assert_eq!(b.timestamp(), seconds);
        }
    }
}
