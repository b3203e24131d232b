//! A scrape, read.

use std::collections::BTreeMap;

/// A sample's name and its labels, sorted.
type Series = (String, BTreeMap<String, String>);

/// The samples of a scrape.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Samples(Vec<(Series, f64)>);

impl Samples {
    /// Reads both formats.
    pub(super) fn of(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Self(lines.map(sample).collect())
    }

    /// The samples of a name, each with its labels.
    pub(super) fn named<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = (&'a BTreeMap<String, String>, f64)> + Clone {
        let samples = self.0.iter().filter(move |((own, _), _)| own == name);
        samples.map(|((_, labels), value)| (labels, *value))
    }

    /// The only value of a name; none without one.
    pub(super) fn value(&self, name: &str) -> Option<f64> {
        let mut samples = self.named(name).map(|(_, value)| value);
        let value = samples.next();
        assert_eq!(samples.next(), None, "{name}");
        value
    }

    /// The sum of the values of a name in a window.
    pub(super) fn sum(&self, name: &str, window: &str) -> f64 {
        let samples = self.named(name).filter(|(labels, _)| labels["window"] == window);
        samples.map(|(_, value)| value).sum()
    }

    /// How many renewals have failed.
    pub(super) fn failures(&self) -> f64 {
        self.named("twilio_verify_renewal_failures_total").map(|(_, value)| value).sum()
    }

    /// How many requests were sent.
    pub(super) fn calls(&self) -> f64 {
        self.named("twilio_verify_calls_total").map(|(_, value)| value).sum()
    }

    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.0.iter().map(|((name, _), _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        let labels = self.0.iter().flat_map(|((_, labels), _)| labels);
        labels.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Those that don't change from scrape to scrape.
    pub(super) fn lasting(mut self) -> Self {
        let changing = ["_age_seconds", "_scrapes_total"];
        self.0.retain(|((name, _), _)| !changing.iter().any(|end| name.ends_with(end)));
        self
    }
}

fn sample(line: &str) -> (Series, f64) {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let value = value.parse().unwrap_or_else(|_| panic!("{line}"));
    let Some((name, labels)) = series.split_once('{') else {
        return ((series.to_owned(), BTreeMap::new()), value);
    };
    // No value has a comma or a quote in it.
    let labels = labels.strip_suffix('}').unwrap().split(',').map(|label| {
        let (name, value) = label.split_once('=').unwrap();
        (name.to_owned(), value.trim_matches('"').to_owned())
    });
    ((name.to_owned(), labels.collect()), value)
}
