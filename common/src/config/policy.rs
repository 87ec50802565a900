//! Template policy: which other templates an output shows, and when (triggers, schedule, rotation).
//!
//! Types only: `policy_reader.rs` reads them, the renderer acts on them.

use super::choice::choice;

/// When an output leaves its base template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TemplatePolicy {
    /// Conditions on values; the highest in rank.
    pub triggers: Vec<Trigger>,
    /// Times of day.
    pub schedule: Vec<ScheduleEntry>,
    /// Templates in turn; the lowest in rank above the base template.
    pub rotation: Vec<RotationEntry>,
}

impl TemplatePolicy {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.triggers.is_empty() && self.schedule.is_empty() && self.rotation.is_empty()
    }
}

/// Shows a template while a value is out of bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// What must hold.
    pub condition: Condition,
    /// Template to show.
    pub template: String,
    /// How long the condition must hold first.
    pub duration_s: f64,
    /// Least time the template is shown.
    pub hold_for_s: f64,
    /// What ends it; `None`: the inverse of `condition`.
    pub clear: Option<(Operator, Operand)>,
    /// Time after its end in which it does not start again.
    pub cooldown_s: f64,
    /// 0 to 1000; the lower wins.
    pub priority: u32,
    /// Written down but out of use.
    pub disabled: bool,
}

/// A comparison of a key's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Key of the value, as `cpu.percent`.
    pub source: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Operand,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A number.
    Number(f64),
    /// A text; only `eq` and `neq` compare texts.
    Text(String),
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operator {
    /// Greater than.
    Gt,
    /// Greater than or equal.
    #[default]
    Gte,
    /// Less than.
    Lt,
    /// Less than or equal.
    Lte,
    /// Equal.
    Eq,
    /// Not equal.
    Neq,
}

choice!(Operator { "gt" => Gt, "gte" => Gte, "lt" => Lt, "lte" => Lte, "eq" => Eq, "neq" => Neq });

/// Shows a template at a time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleEntry {
    /// Template to show.
    pub template: String,
    /// First minute of the day, 0 to 1439.
    pub start_minute: u16,
    /// First minute no longer; before `start_minute`: on the next day; equal: all day.
    pub end_minute: u16,
    /// Days on which it starts, 0 = Monday; all seven when not given.
    pub days: Vec<u8>,
}

/// One template of a rotation.
#[derive(Clone, Debug, PartialEq)]
pub struct RotationEntry {
    /// Template to show.
    pub template: String,
    /// How long.
    pub seconds: f64,
    /// Left out while all of these hold.
    pub skip_if: Vec<Condition>,
}
