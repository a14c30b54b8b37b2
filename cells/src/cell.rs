//! A cell and its name.

use crate::registry;

/// One choice of each factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Dispatch strategy.
    pub dispatch: String,
    /// Superinstructions on.
    pub superinstructions: bool,
    /// Inline caches on.
    pub caches: bool,
    /// Object model and value form, for example `refcount-tagged`.
    pub objects: String,
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fused = if self.superinstructions { "+super" } else { "" };
        let caches = if self.caches { "+caches" } else { "" };
        write!(f, "{}{fused}{caches}/{}", self.dispatch, self.objects)
    }
}

impl Cell {
    /// The cell of this name, `dispatch+super+caches/objects-values` with the `+` parts optional.
    ///
    /// # Errors
    /// Says what is wrong with the name and what there is.
    pub fn parse(name: &str) -> Result<Cell, String> {
        let unknown = || format!("unknown cell '{name}' (`ceval cells` lists them)");
        let (left, objects) = name.split_once('/').ok_or_else(unknown)?;
        let mut parts = left.split('+');
        let dispatch = parts.next().unwrap_or_default();
        let mut cell = Cell {
            dispatch: dispatch.into(),
            superinstructions: false,
            caches: false,
            objects: objects.into(),
        };
        for part in parts {
            match part {
                "super" if !cell.superinstructions && !cell.caches => cell.superinstructions = true,
                "caches" if !cell.caches => cell.caches = true,
                _ => return Err(unknown()),
            }
        }
        cell.check().map_err(|_| unknown())?;
        Ok(cell)
    }

    /// Whether each factor's level exists in this program, and the two together.
    ///
    /// # Errors
    /// Names the level that does not exist and those that do.
    pub fn check(&self) -> Result<(), String> {
        let dispatches = registry::dispatches();
        if !dispatches.contains(&self.dispatch.as_str()) && self.dispatch != registry::ORACLE {
            return Err(format!(
                "unknown dispatch strategy '{}' (there are {})",
                self.dispatch,
                dispatches.join(", ")
            ));
        }
        let objects = registry::objects();
        if self.objects == "arena-boxed" && !objects.contains(&"arena-boxed") {
            return Err("arena-boxed is not in this build (cargo feature `all-cells`)".into());
        }
        if !objects.contains(&self.objects.as_str()) {
            return Err(format!(
                "unknown object model '{}' (there are {})",
                self.objects,
                objects.join(", ")
            ));
        }
        if registry::find(&self.dispatch, &self.objects).is_none() {
            return Err(format!(
                "there is no '{}' with '{}' in this program",
                self.dispatch, self.objects
            ));
        }
        Ok(())
    }
}

/// Every cell of this program, the baseline first.
pub fn all() -> Vec<Cell> {
    let mut cells = Vec::new();
    for objects in registry::objects() {
        for dispatch in registry::dispatches() {
            if registry::find(dispatch, objects).is_none() {
                continue;
            }
            for (superinstructions, caches) in
                [(false, false), (true, false), (false, true), (true, true)]
            {
                cells.push(Cell {
                    dispatch: dispatch.into(),
                    superinstructions,
                    caches,
                    objects: objects.into(),
                });
            }
        }
    }
    cells.sort_by_key(|c| c.to_string() != crate::BASELINE);
    cells
}
