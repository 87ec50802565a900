//! Rules over what sources say: nothing unfinished, no test switched off or asleep, no path of one machine.
//!
//! Clippy knows `unwrap` and `dbg!` already.

use super::code::code_only;
use super::tree::{Fault, Tree};

/// Code that says "later".
const UNFINISHED: [&str; 3] = ["todo!", "unimplemented!", "#[ignore"];
/// Built under the model checker only, where one model takes minutes and is run by command.
const MODELS: &str = "common/transport/src/ring/models.rs";
/// Calls that wait for time to pass.
const SLEEPS: [&str; 2] = ["thread::sleep", "time::sleep"];

/// How far above a pause the limit of its loop may stand.
const LOOK_LINES: usize = 4;

/// Nothing is left to be done, and no test is switched off.
pub fn unfinished(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.with_ending(".rs").filter(|(path, _)| *path != MODELS) {
        for (index, line) in code_only(text).lines().enumerate() {
            let found = UNFINISHED.iter().filter(|words| line.contains(**words));
            faults.extend(found.map(|words| {
                Fault::new(path, index + 1, format!("{words} has no place in a finished program"))
            }));
        }
    }
    faults
}

/// A lint is switched off only with a reason beside it.
pub fn unexplained(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.with_ending(".rs") {
        let code = code_only(text);
        let lines: Vec<(&str, &str)> = code.lines().zip(text.lines()).collect();
        for (index, (code, line)) in lines.iter().enumerate() {
            let is_switch =
                ["#[allow(", "#![allow(", "#[expect(", "#![expect("].iter().any(|words| code.contains(words));
            let has_comment =
                line.contains("//") || index > 0 && lines[index - 1].1.trim_start().starts_with("//");
            let attribute = lines[index..].iter().take(4).any(|(code, _)| code.contains("reason ="));
            if is_switch && !has_comment && !attribute {
                faults.push(Fault::new(
                    path,
                    index + 1,
                    "switches a lint off without a reason; add reason = \"...\"",
                ));
            }
        }
    }
    faults
}

/// A test waits for a condition, with a limit. A pause between two looks at the condition is no sleep, and neither is
/// one that is itself what is tested, when `// sleeps because ...` says so.
pub fn sleeping_tests(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.with_ending(".rs") {
        let code = code_only(text);
        let lines: Vec<(&str, &str)> = code.lines().zip(text.lines()).collect();
        let mut is_test =
            path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("tests.rs");
        for (index, (line, _)) in lines.iter().enumerate() {
            // What tests only is at the end of a file.
            is_test |= line.contains("#[cfg(test)]");
            let before = &lines[index.saturating_sub(LOOK_LINES)..=index];
            let gives_up = before.iter().any(|(code, _)| is_limit(code));
            let is_excused = before.iter().rev().take(2).any(|(_, text)| text.contains("// sleeps because "));
            if is_test && SLEEPS.iter().any(|words| line.contains(words)) && !gives_up && !is_excused {
                faults.push(Fault::new(
                    path,
                    index + 1,
                    "sleeps in a test; wait for the condition, with a limit",
                ));
            }
        }
    }
    faults
}

/// Whether a line gives up waiting when a limit has passed.
fn is_limit(code: &str) -> bool {
    code.contains("assert!(") && (code.contains("elapsed()") || code.contains("Instant::now()"))
}

/// No file names a folder of the machine it was written on.
pub fn machine_paths(tree: &Tree) -> Vec<Fault> {
    // Put together, so that this file does not break its own rule.
    let paths = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat()];
    let mut faults = Vec::new();
    for (path, text) in tree.files() {
        for (index, line) in text.lines().enumerate() {
            let found = paths.iter().find(|words| is_absolute(line, words));
            faults.extend(
                found.map(|words| {
                    Fault::new(path, index + 1, format!("names {words}, a folder of one machine"))
                }),
            );
        }
    }
    faults
}

/// Whether a path starts here, and not in the middle of a longer one.
fn is_absolute(line: &str, path: &str) -> bool {
    let continues = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/' | '}');
    line.match_indices(path).any(|(at, _)| !line[..at].chars().next_back().is_some_and(continues))
}

#[cfg(test)]
mod samples {
    use super::super::tree::shown;
    use super::*;

    #[test]
    fn what_is_unfinished_is_refused() {
        let tree = Tree::sample(&[(
            "a.rs",
            "// todo!\nfn f() { todo!() }\n#[ignore]\nfn g() { unimplemented!(\"x\") }\n",
        )]);
        let expected = ["a.rs:2: todo! has no", "a.rs:3: #[ignore has no", "a.rs:4: unimplemented! has no"];
        assert_eq!(
            shown(&unfinished(&tree)),
            expected.map(|start| format!("{start} place in a finished program"))
        );
    }

    #[test]
    fn a_lint_off_without_a_reason_is_refused() {
        let text = "#[allow(dead_code)]\nfn f() {}\n// why\n#[allow(x)]\n#[allow(x)] // why\n#[expect(\n    x,\n    reason = \"why\"\n)]\n";
        let faults = unexplained(&Tree::sample(&[("a.rs", text)]));
        assert_eq!(shown(&faults), ["a.rs:1: switches a lint off without a reason; add reason = \"...\""]);
    }

    #[test]
    fn a_test_that_sleeps_is_refused() {
        let sleep = "std::thread::sleep(x);";
        let inline = format!("{sleep}\n#[cfg(test)]\nmod tests {{\n{sleep}\n}}");
        let look =
            format!("while !holds() {{\nassert!(start.elapsed() < LIMIT);\n{sleep}\n}}\n\n\n\n{sleep}\n");
        let tree = Tree::sample(&[
            ("a/src/x.rs", &inline),
            ("a/src/y.rs", sleep),
            ("a/tests/w.rs", &look),
            ("a/tests/x.rs", "// sleeps because it is a slow sink\nstd::thread::sleep(x);"),
            ("a/tests/z.rs", "tokio::time::sleep(x).await"),
        ]);
        let asleep = |place: &str| format!("{place}: sleeps in a test; wait for the condition, with a limit");
        assert_eq!(
            shown(&sleeping_tests(&tree)),
            ["a/src/x.rs:4", "a/tests/w.rs:8", "a/tests/z.rs:1"].map(asleep)
        );
    }

    #[test]
    fn a_folder_of_one_machine_is_refused() {
        let (work, root) = (["/wo", "rk/x"].concat(), ["/ro", "ot/.cargo"].concat());
        let text = format!("see {work}\nsee http://example.org{work}\ncd {root}\n/home/x\n");
        let faults = shown(&machine_paths(&Tree::sample(&[("a.md", &text)])));
        let expected = [(1, &work[..6]), (3, &root[..6])];
        assert_eq!(
            faults,
            expected.map(|(line, words)| format!("a.md:{line}: names {words}, a folder of one machine"))
        );
    }
}
