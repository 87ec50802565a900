//! Times of day at which a template is shown.
//! Leaves out where the time comes from, and what outranks the schedule.

use casedd_common::config::ScheduleEntry;
use jiff::Zoned;

/// Days of a week.
const WEEK_DAYS: u8 = 7;

/// The template of the first entry that is meant at this time.
pub fn current<'a>(entries: &'a [ScheduleEntry], wall: &Zoned) -> Option<&'a str> {
    let day = wall.weekday().to_monday_zero_offset() as u8;
    let minute = wall.hour() as u16 * 60 + wall.minute() as u16;
    entries.iter().find(|entry| is_meant(entry, day, minute)).map(|entry| entry.template.as_str())
}

/// Whether an entry is meant at a minute of a day, 0 being Monday. One that crosses midnight belongs to the day on
/// which it starts.
fn is_meant(entry: &ScheduleEntry, day: u8, minute: u16) -> bool {
    let (start, end) = (entry.start_minute, entry.end_minute);
    let starts_today = entry.days.contains(&day);
    let started_yesterday = entry.days.contains(&((day + WEEK_DAYS - 1) % WEEK_DAYS));
    match start.cmp(&end) {
        std::cmp::Ordering::Equal => starts_today,
        std::cmp::Ordering::Less => starts_today && (start..end).contains(&minute),
        std::cmp::Ordering::Greater => {
            (starts_today && minute >= start) || (started_yesterday && minute < end)
        }
    }
}
