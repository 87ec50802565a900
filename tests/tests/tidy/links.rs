//! Rule over links in Markdown: each relative one leads to a file or folder of the repository, and to a heading in it.
//!
//! Links to other hosts are left out: no test goes to the network.

use super::tree::{Fault, Tree, folder, join};

/// Every relative link leads somewhere.
pub fn exist(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.with_ending(".md") {
        let mut is_code = false;
        for (index, line) in text.lines().enumerate() {
            is_code ^= line.trim_start().starts_with("```");
            if is_code {
                continue;
            }
            let broken = targets(line).filter(|target| !leads_somewhere(tree, path, target));
            faults.extend(
                broken.map(|target| Fault::new(path, index + 1, format!("the link {target} leads nowhere"))),
            );
        }
    }
    faults
}

/// What stands in `](...)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(|target| target.split(' ').next().unwrap_or(target))
}

fn leads_somewhere(tree: &Tree, from: &str, target: &str) -> bool {
    if target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let (file, heading) =
        target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let path = if file.is_empty() { Some(from.to_owned()) } else { join(folder(from), file) };
    let Some(path) = path.filter(|path| tree.exists(path)) else { return false };
    let headings = tree
        .text(&path)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    heading.is_none_or(|wanted| !path.ends_with(".md") || headings.map(anchor).any(|found| found == wanted))
}

/// The anchor that a heading gets: lower case, dashes for spaces, no punctuation.
fn anchor(heading: &str) -> String {
    let kept =
        heading.trim().chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn a_link_that_leads_nowhere_is_refused() {
    let tree = Tree::sample(&[
        (
            "docs/a.md",
            "# A heading, here\n[ok](b.md) [ok](../x) [ok](#a-heading-here) [ok](b.md#b) [ok](https://example.org/z)\n\
             [bad](c.md) [bad](../../x)\n![bad](p.png \"title\") [bad](#none)\n```\n[code](none)\n```\n[bad](b.md#a)\n",
        ),
        ("docs/b.md", "## B\n"),
        ("x/y.rs", ""),
    ]);
    let lines: Vec<String> = exist(&tree).iter().map(Fault::to_string).collect();
    let broken = |(line, target): (usize, &str)| format!("docs/a.md:{line}: the link {target} leads nowhere");
    let expected = [(3, "c.md"), (3, "../../x"), (4, "p.png"), (4, "#none"), (8, "b.md#a")].map(broken);
    assert_eq!(lines, expected);
}
