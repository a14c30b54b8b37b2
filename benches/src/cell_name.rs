//! The factors in a cell's name, `dispatch+super+caches/objects-values`.
//!
//! Only names: which cells exist is known to the command that runs them. A word this file has never heard of is a level (of
//! the dispatch, objects or values) or an on/off factor of its own, so that a new strategy needs no change here.

/// One choice of each factor, as `(factor, level)`; on/off factors that are off are absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellName {
    choices: Vec<(String, String)>,
}

/// The level of an on/off factor that the name does not mention.
pub const OFF: &str = "off";
/// The level of an on/off factor that the name mentions.
pub const ON: &str = "on";

impl CellName {
    /// Reads a name; `None` if it has not the form of a cell's name (a peer's name, for example).
    pub fn parse(name: &str) -> Option<CellName> {
        let (execution, data) = name.split_once('/')?;
        let (objects, values) = data.rsplit_once('-')?;
        let mut words = execution.split('+');
        let dispatch = words.next()?;
        if [dispatch, objects, values]
            .iter()
            .any(|word| word.is_empty())
        {
            return None;
        }
        let mut choices = vec![("dispatch".to_string(), dispatch.to_string())];
        for word in words {
            if word.is_empty() {
                return None;
            }
            choices.push((word.to_string(), ON.to_string()));
        }
        choices.push(("objects".to_string(), objects.to_string()));
        choices.push(("values".to_string(), values.to_string()));
        Some(CellName { choices })
    }

    /// The names of the factors that this cell mentions, in the order of the name.
    pub fn factors(&self) -> impl Iterator<Item = &str> {
        self.choices.iter().map(|(factor, _)| factor.as_str())
    }

    /// The level of a factor; `off` if the name does not mention it.
    pub fn level(&self, factor: &str) -> &str {
        self.choices
            .iter()
            .find(|(name, _)| name == factor)
            .map_or(OFF, |(_, level)| level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_their_levels() {
        let cell =
            CellName::parse("closure-loop+super+caches/refcount-tagged").expect("a whole name");
        let levels =
            ["dispatch", "super", "caches", "objects", "values"].map(|factor| cell.level(factor));
        assert_eq!(levels, ["closure-loop", "on", "on", "refcount", "tagged"]);
        let bare = CellName::parse("switch/refcount-boxed").expect("a whole name");
        assert_eq!(bare.level("super"), OFF);
        assert_eq!(
            bare.factors().collect::<Vec<_>>(),
            ["dispatch", "objects", "values"]
        );
    }

    #[test]
    fn other_names_are_no_cells() {
        for name in [
            "py311",
            "switch",
            "/refcount-boxed",
            "switch/refcount",
            "switch+/refcount-boxed",
            "a/-b",
            "",
        ] {
            assert_eq!(CellName::parse(name), None, "{name}");
        }
    }
}
