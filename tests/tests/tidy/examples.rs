//! Rule over deploy/examples: each template that an example shows is one of the built-in ones.
//!
//! Whether the examples load is tested beside the reader of the configuration.

use super::tree::{Fault, Tree};

/// Every `template: name` of an example has its file.
pub fn templates(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.with_ending(".yaml").filter(|(path, _)| path.starts_with("deploy/examples/")) {
        for (index, line) in text.lines().enumerate() {
            let Some(name) = line.trim().strip_prefix("template: ") else { continue };
            let name = name.split('#').next().unwrap_or(name).trim();
            if !tree.exists(&format!("renderer/templates/{name}.casedd")) {
                faults.push(Fault::new(path, index + 1, format!("no built-in template \"{name}\"")));
            }
        }
    }
    faults
}

#[test]
fn a_template_that_is_not_built_in_is_refused() {
    let tree = Tree::sample(&[
        ("deploy/examples/a.yaml", "template: good # x\noutputs:\n  a:\n    template: lost\n"),
        ("renderer/templates/good.casedd", ""),
    ]);
    let lines: Vec<String> = templates(&tree).iter().map(Fault::to_string).collect();
    assert_eq!(lines, ["deploy/examples/a.yaml:4: no built-in template \"lost\""]);
}
