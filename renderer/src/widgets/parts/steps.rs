//! Ends of a chart's scale: round numbers that hold the values and seldom change.
//! Leaves out where they are written.

/// What kind of numbers a scale is for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbers {
    /// They are per cents.
    pub is_percent: bool,
    /// They are shown without digits after the point.
    pub is_whole: bool,
}

/// The lower and upper end of a scale that holds `least..=most`; ends that the template gives are kept.
pub fn ends((least, most): (f64, f64), given: (Option<f64>, Option<f64>), numbers: Numbers) -> (f64, f64) {
    let (low, high) = automatic((least, most), numbers);
    let (low, high) = (given.0.unwrap_or(low), given.1.unwrap_or(high));
    if high > low { (low, high) } else { (low, low + low.abs().max(1.0)) }
}

fn automatic((least, most): (f64, f64), Numbers { is_percent, is_whole }: Numbers) -> (f64, f64) {
    if !(least.is_finite() && most.is_finite()) || least > most {
        return if is_percent { (0.0, 100.0) } else { (0.0, 1.0) };
    }
    if is_percent && least >= 0.0 && most <= 100.0 {
        let high = [10.0, 25.0, 50.0].into_iter().find(|high| most <= high * 0.92).unwrap_or(100.0);
        return (0.0, high);
    }
    let span = most - least;
    // What stays far from zero is shown close up, all else from zero on.
    if least >= 0.0 && span >= most * 0.3 {
        return (0.0, round_up(most * 1.08));
    }
    if most <= 0.0 && span >= -least * 0.3 {
        return (-round_up(-least * 1.08), 0.0);
    }
    let span = span.max(most.abs().max(least.abs()) * 0.02).max(1e-6);
    // Seen close up every line is written: coarse steps, whole where the numbers are.
    let step = round_up_to(&COARSE, span / 3.0).max(if is_whole { 1.0 } else { 0.0 });
    let low = ((least - span * 0.15) / step).floor();
    let low = if least >= 0.0 { low.max(0.0) } else { low };
    let high = ((most + span * 0.15) / step).ceil();
    // An even number of steps: the middle of the scale is a round number, too.
    let is_even = (high - low) % 2.0 == 0.0;
    match least < 0.0 {
        _ if is_even => (low * step, high * step),
        true => ((low - 1.0) * step, high * step),
        false => (low * step, (high + 1.0) * step),
    }
}

/// Ends of a scale from zero.
const FINE: [f64; 11] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
/// Distances between the lines of one that does not begin at zero.
const COARSE: [f64; 5] = [1.0, 2.0, 4.0, 5.0, 10.0];

/// The next number that is easy to read on a scale.
fn round_up(value: f64) -> f64 {
    round_up_to(&FINE, value)
}

fn round_up_to(steps: &[f64], value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let unit = 10f64.powf(value.log10().floor());
    let step = steps.iter().find(|step| value <= *step * unit * (1.0 + 1e-9));
    step.unwrap_or(&10.0) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_numbers_that_hold_the_values() {
        for (values, ends_at) in [
            ((0.0, 0.0), (0.0, 1.0)),
            ((0.0, 7.3), (0.0, 8.0)),
            ((1.0, 18.0), (0.0, 20.0)),
            ((61.0, 64.0), (60.0, 66.0)),
            ((-4.0, 12.0), (-20.0, 20.0)),
            ((53.0, 60.0), (48.0, 64.0)),
            ((f64::INFINITY, f64::NEG_INFINITY), (0.0, 1.0)),
        ] {
            assert_eq!(ends(values, (None, None), Numbers::default()), ends_at, "{values:?}");
        }
        assert_eq!(
            ends((1.0, 18.0), (None, None), Numbers { is_percent: true, is_whole: false }),
            (0.0, 25.0)
        );
        assert_eq!(ends((1.0, 18.0), (Some(-5.0), Some(5.0)), Numbers::default()), (-5.0, 5.0));
        assert_eq!(ends((1.0, 18.0), (Some(5.0), Some(5.0)), Numbers::default()), (5.0, 10.0));
    }

    #[test]
    fn the_ends_of_any_values_are_in_order() {
        for exponent in -300..300 {
            let value = 10f64.powi(exponent) * 1.7;
            for values in
                [(0.0, value), (-value, value), (value, value), (-value, -value), (value * 0.99, value)]
            {
                let (low, high) = ends(values, (None, None), Numbers::default());
                assert!(low < high && low <= values.0 && values.1 <= high, "{values:?}: {low} {high}");
            }
        }
    }
}
