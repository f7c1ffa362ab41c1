//! Which units run one step after the other. On PostgreSQL the steps of a unit are otherwise one statement: none sees what another wrote,
//! they happen in no particular order, and the second change of a row is silently lost. SQLite always keeps the order, so whatever
//! could tell the two apart is found here, and no unit has to think of it.

use crate::single_use;
use crate::work::Work;

impl Work {
    /// By the shape of the unit alone, whatever its arguments: the same for all units with the same statements.
    pub(crate) fn needs_order(&self) -> bool {
        if self.ordered || self.steps.len() < 2 {
            return self.ordered;
        }
        let Some(effects) = self
            .steps
            .iter()
            .map(|step| Effect::of(&step.sql))
            .collect::<Option<Vec<_>>>()
        else {
            // Nothing is known of a statement that begins in another way.
            return true;
        };
        effects.iter().enumerate().any(|(at, earlier)| {
            effects
                .iter()
                .skip(at + 1)
                .any(|later| earlier.meets(later))
        })
    }

    /// By its arguments, where the shape cannot tell: values that work once share a table, and most units that write two of them mean
    /// different ones.
    pub(crate) fn needs_order_for_its_values(&self) -> bool {
        single_use::takes_back_its_own(&self.steps)
    }
}

/// What one statement does. Rows that go with a removed one need no thought: PostgreSQL removes them after the statement.
struct Effect<'a> {
    sql: &'a str,
    table: &'a str,
    /// It adds rows, and leaves those that are there as they are.
    only_adds: bool,
}

impl<'a> Effect<'a> {
    fn of(sql: &'a str) -> Option<Self> {
        let added = sql.strip_prefix("INSERT INTO ");
        let rest = added
            .or_else(|| sql.strip_prefix("UPDATE "))
            .or_else(|| sql.strip_prefix("DELETE FROM "))?;
        Some(Self {
            sql,
            table: rest.split_whitespace().next()?,
            only_adds: added.is_some() && !sql.contains(" DO UPDATE "),
        })
    }

    /// Whether the order of the two shows: the same row may be meant, or the second looks at what the first wrote.
    fn meets(&self, later: &Effect<'_>) -> bool {
        let same_rows = self.table == later.table
            && self.table != single_use::TABLE
            && !(self.only_adds && later.only_adds);
        same_rows || later.reads(self.table)
    }

    /// Whether it chooses its rows or values by those of a table.
    fn reads(&self, table: &str) -> bool {
        let mut words = self.sql.split([' ', '(', ')', ',']);
        // The table of a DELETE is named by FROM too.
        words.by_ref().nth(2);
        let mut named = false;
        words.filter(|word| !word.is_empty()).any(|word| {
            let found = named && word == table;
            named = word == "FROM" || word == "JOIN";
            found
        })
    }
}
