//! Templates that tests show.

/// A page that changes with every frame: the time to the millisecond. `name` is the template's own.
pub fn busy(name: &str) -> String {
    format!(
        "name: {name}\n\
         grid: {{template_areas: now, columns: 1fr, rows: 1fr}}\n\
         widgets:\n  \
           now: {{type: clock, format: '%H:%M:%S%.3f'}}\n"
    )
}
