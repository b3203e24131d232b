//! The serialized form of a table.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::period::Period;
use crate::table::by::By;
use crate::table::caveat::Caveat;
use crate::table::counts::Counts;
use crate::table::label::Label;
use crate::table::proof::Proof;
use crate::table::table::Table;

/// The version of this form.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Cell<L, C> {
    labels: L,
    #[serde(flatten)]
    counts: C,
}

struct Cells<'a>(&'a Table);

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.cells().map(|(labels, counts)| Cell { labels, counts }))
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Writing<'a> {
            version: u32,
            by: &'a [By],
            #[serde(skip_serializing_if = "Option::is_none")]
            period: Option<Period>,
            cells: Cells<'a>,
            other: &'a Counts,
            unreadable: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            proof: Option<&'a Proof>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            caveats: &'a [Caveat],
        }

        let writing = Writing {
            version: VERSION,
            by: self.by(),
            period: self.period(),
            cells: Cells(self),
            other: self.other(),
            unreadable: self.unreadable(),
            proof: self.proof(),
            caveats: self.caveats(),
        };
        writing.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        #[derive(Deserialize)]
        struct Written {
            version: u32,
            by: Vec<By>,
            #[serde(default)]
            period: Option<Period>,
            cells: Vec<Cell<Vec<Label>, Counts>>,
            other: Counts,
            unreadable: u64,
            #[serde(default)]
            proof: Option<Proof>,
            #[serde(default)]
            caveats: Vec<Caveat>,
        }

        let written = Written::deserialize(deserializer)?;
        if written.version != VERSION {
            return Err(Error::custom(format_args!(
                "this is a table of version {}; this program reads version {VERSION}",
                written.version
            )));
        }
        let cells = written.cells.into_iter().map(|cell| (cell.labels, cell.counts));
        let mut table = Self::from_cells(written.by, cells)
            .map_err(Error::custom)?
            .with_caveats(written.caveats);
        table.add_other(&written.other);
        table.add_unreadable(written.unreadable);
        if let Some(period) = written.period {
            table = table.with_period(period);
        }
        Ok(match written.proof {
            Some(proof) => table.with_proof(proof),
            None => table,
        })
    }
}
