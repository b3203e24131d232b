//! Determines where requests are sent.

use super::environment::Environment;
use super::profile::Profile;

/// Where requests are sent, from one source of settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// The URL to use instead of Twilio's hosts.
    pub(crate) base_url: Option<String>,
    /// The region.
    pub(crate) region: Option<String>,
    /// The edge.
    pub(crate) edge: Option<String>,
}

/// Where requests are sent. Each setting has the name that set it, and its value.
#[derive(Clone, Debug, Default)]
pub(super) struct Host {
    pub(super) base_url: Option<(String, String)>,
    pub(super) region: Option<(String, String)>,
    pub(super) edge: Option<(String, String)>,
}

impl Host {
    /// Combines the sources: flags win over the environment, and both over the
    /// profile. A URL is used unless an earlier source sets the region or the edge.
    pub(super) fn of(
        flags: Place,
        environment: Environment<'_>,
        profile: Option<&Profile>,
    ) -> Self {
        let mut host = Self::default();
        host.add(flags, |name| format!("--{}", name.replace('_', "-")));
        let variable = |name: &str| format!("TWILIO_{}", name.to_uppercase());
        let of_environment = Place {
            base_url: environment(&variable("base_url")),
            region: environment(&variable("region")),
            edge: environment(&variable("edge")),
        };
        host.add(of_environment, variable);
        if let Some(profile) = profile {
            let of_profile = Place {
                base_url: profile.base_url.clone(),
                region: profile.region.clone(),
                edge: profile.edge.clone(),
            };
            host.add(of_profile, |name| format!("`profiles.{}.{name}`", profile.name));
        }
        host
    }

    /// Adds the settings of a source that no earlier one has set.
    fn add(&mut self, place: Place, named: impl Fn(&str) -> String) {
        if self.base_url.is_some() {
            return;
        }
        let with = |name: &str, value: String| (named(name), value);
        if self.region.is_none() && self.edge.is_none() {
            self.base_url = place.base_url.map(|url| with("base_url", url));
            if self.base_url.is_some() {
                return;
            }
        }
        let region = place.region.map(|region| with("region", region));
        self.region = self.region.take().or(region);
        let edge = place.edge.map(|edge| with("edge", edge));
        self.edge = self.edge.take().or(edge);
    }

    /// Returns the client's names of the settings, and the names that set them.
    pub(super) fn names(&self) -> Vec<(&'static str, &str)> {
        let all = [("base_url", &self.base_url), ("region", &self.region), ("edge", &self.edge)];
        let set = all.into_iter();
        set.filter_map(|(field, set)| Some((field, set.as_ref()?.0.as_str()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Host, Place};
    use crate::settings::profile::Profile;

    /// Reads a source from `url region edge`, each `-` if it is not set.
    fn place(text: &str) -> Place {
        let mut words = text.split(' ').map(|word| (word != "-").then(|| word.to_owned()));
        let mut next = || words.next().flatten();
        Place { base_url: next(), region: next(), edge: next() }
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_profile() {
        for (flags, environment, profile, expected) in [
            ("- - -", "- - -", "- - -", "- - -"),
            ("a - -", "b - -", "c - -", "a - -"),
            ("- - -", "b - -", "c - -", "b - -"),
            ("- - -", "- - -", "c - -", "c - -"),
            ("- ie1 -", "b - -", "c - -", "- ie1 -"),
            ("- ie1 -", "- au1 sydney", "- us1 x", "- ie1 sydney"),
            ("- - -", "- ie1 -", "c - -", "- ie1 -"),
            ("a - -", "- ie1 dublin", "- - -", "a - -"),
            ("- - -", "b ie1 dublin", "- - -", "b - -"),
            ("- - -", "- - dublin", "- ie1 x", "- ie1 dublin"),
        ] {
            let (of_environment, of_profile) = (place(environment), place(profile));
            let profile = Profile {
                base_url: of_profile.base_url,
                region: of_profile.region,
                edge: of_profile.edge,
                ..Profile::default()
            };
            let lookup = |name: &str| match name {
                "TWILIO_BASE_URL" => of_environment.base_url.clone(),
                "TWILIO_REGION" => of_environment.region.clone(),
                "TWILIO_EDGE" => of_environment.edge.clone(),
                _ => None,
            };
            let host = Host::of(place(flags), &lookup, Some(&profile));
            let found = [host.base_url, host.region, host.edge];
            let found = found.map(|set| set.map_or("-".to_owned(), |(_, value)| value));
            assert_eq!(found.join(" "), expected, "{flags} {environment}");
        }
    }
}
