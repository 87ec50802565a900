//! Which file is read, and where templates are looked for.

use super::*;
use std::fs;
use std::path::PathBuf;

fn load(path: &Path) -> Result<Config, ConfigError> {
    Config::load(Some(path), |_| None)
}

#[test]
fn the_named_file_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("my.yaml");
    fs::write(&path, "template: mine\n").expect("writes");
    let config = load(&path).expect("it is right");
    assert_eq!((config.template.as_str(), config.path.as_deref()), ("mine", Some(path.as_path())));
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("none.yaml");
    let error = load(&path).expect_err("it does not exist");
    assert!(
        matches!(&error, ConfigError::Unreadable { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    );
    let expected =
        format!("cannot read the configuration {}: No such file or directory (os error 2)", path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_file_that_is_no_text_or_too_long_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.yaml");
    for (bytes, expected) in [
        (b"a: \xff".to_vec(), "byte 3 is no UTF-8 text; save the file as UTF-8"),
        (vec![b'#'; 300_000], "too long; at most 262144 bytes are read"),
        (vec![0xff; 300_000], "too long; at most 262144 bytes are read"),
    ] {
        fs::write(&path, bytes).expect("writes");
        let error = load(&path).expect_err(expected).to_string();
        assert_eq!(error, format!("{}: {expected}", path.display()));
    }
}

#[test]
fn without_a_name_the_environment_and_the_users_folder_are_looked_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let users = folder.path().join("casedd").join("casedd.yaml");
    fs::create_dir(folder.path().join("casedd")).expect("makes a folder");
    fs::write(&users, "template: users\n").expect("writes");
    let named = folder.path().join("named.yaml");
    let home = folder.path().display().to_string();
    let with = |extra: Option<PathBuf>| {
        let home = home.clone();
        move |name: &str| match name {
            "XDG_CONFIG_HOME" => Some(home.clone()),
            "CASEDD_CONFIG" => extra.as_ref().map(|path| path.display().to_string()),
            _ => None,
        }
    };
    assert_eq!(Config::find(with(None)), Some(users.clone()));
    assert_eq!(Config::load(None, with(None)).expect("it is right").template, "users");
    assert_eq!(Config::find(with(Some(named.clone()))), Some(named.clone()));
    assert!(Config::load(None, with(Some(named))).is_err(), "a named file must exist");
}

#[test]
fn templates_are_looked_for_in_four_places() {
    let env = |name: &str| (name == "HOME").then(|| "/home/x".to_owned());
    let config = Config::from_text(Path::new("/srv/c.yaml"), "templates_dir: t", env).expect("it is right");
    let expected = ["/srv/t", "/srv/templates", "/home/x/.config/casedd/templates", "/etc/casedd/templates"];
    assert_eq!(config.template_dirs, expected.map(PathBuf::from));
    let config = Config::from_text(Path::new("/etc/casedd/casedd.yaml"), "", |_| None).expect("it is right");
    assert_eq!(config.template_dirs, [PathBuf::from("/etc/casedd/templates")]);
}

#[test]
fn images_come_from_beside_the_templates_unless_folders_are_named() {
    let read = |text: &str| Config::from_text(Path::new("/srv/c.yaml"), text, |_| None).expect("it is right");
    let beside = ["/srv/assets", "/etc/casedd/assets"];
    assert_eq!(read("").asset_dirs, beside.map(PathBuf::from));
    assert_eq!(read("templates_dir: /var/t/templates").asset_dirs[0], PathBuf::from("/var/t/assets"));
    let named = ["/srv/pictures", "/media/photos"];
    assert_eq!(read("asset_dirs: [pictures, /media/photos]").asset_dirs, named.map(PathBuf::from));
    assert_eq!(read("asset_dirs: pictures, /media/photos").asset_dirs, named.map(PathBuf::from));
}
