//! Keeping a list of rectangles short.
//! Leaves out how they come about.

use casedd_raster::IRect;

/// Most rectangles of one frame's damage.
pub const REGIONS_MAX: usize = 16;

/// Two rectangles are united when their union holds at most so many pixels that neither had.
const WASTE_PX: i64 = 1024;

/// Unites rectangles until there are at most [`REGIONS_MAX`], those first whose union wastes least.
pub fn merge(regions: &mut Vec<IRect>) {
    regions.retain(|region| !region.is_empty());
    while let Some((first, second, waste)) = cheapest(regions) {
        if regions.len() <= REGIONS_MAX && waste > WASTE_PX {
            return;
        }
        regions[first] = regions[first].union(regions[second]);
        regions.swap_remove(second);
    }
}

/// The pair whose union holds the fewest pixels that neither has, with that number.
fn cheapest(regions: &[IRect]) -> Option<(usize, usize, i64)> {
    let pairs =
        (0..regions.len()).flat_map(|first| (first + 1..regions.len()).map(move |second| (first, second)));
    pairs
        .map(|(first, second)| {
            let (a, b) = (regions[first], regions[second]);
            (first, second, pixels(a.union(b)) - pixels(a) - pixels(b) + pixels(a.intersect(b)))
        })
        .min_by_key(|(_, _, waste)| *waste)
}

fn pixels(rect: IRect) -> i64 {
    i64::from(rect.width()) * i64::from(rect.height())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_united_and_distant_ones_kept_apart() {
        let mut regions = vec![
            IRect::new(0, 0, 10, 10),
            IRect::new(10, 0, 10, 10),
            IRect::new(500, 300, 10, 10),
            IRect::EMPTY,
        ];
        merge(&mut regions);
        assert_eq!(regions, [IRect::new(0, 0, 20, 10), IRect::new(500, 300, 10, 10)]);
    }

    #[test]
    fn there_are_never_more_than_the_limit_and_all_is_covered() {
        let all: Vec<IRect> = (0..40).map(|n| IRect::new((n % 8) * 100, (n / 8) * 90, 20, 20)).collect();
        let mut regions = all.clone();
        merge(&mut regions);
        assert!(regions.len() <= REGIONS_MAX);
        assert!(all.iter().all(|rect| regions.iter().any(|region| region.intersect(*rect) == *rect)));
    }
}
