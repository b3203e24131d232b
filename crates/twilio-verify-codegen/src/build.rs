//! Finds a crate's document, for build scripts.

use std::path::{Path, PathBuf};

/// Returns the folder of `verify_v2.json` and `overlay.json` for the crate in `package`: its own
/// `openapi` if it has one, as a packaged crate does, and otherwise the workspace's.
///
/// In the workspace the crate's own folder is a symbolic link. If a checkout can't hold links, as
/// on many Windows machines, git writes a text file in its place.
pub fn openapi(package: &Path) -> PathBuf {
    let own = package.join("openapi");
    if own.join("verify_v2.json").is_file() {
        own
    } else {
        package.join("..").join("..").join("openapi")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::openapi;

    /// A folder that is deleted when it is dropped.
    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Self(folder)
        }

        /// Returns what a build script of the crate would read.
        fn read(&self, package: &str) -> String {
            let package = self.0.path().join(Path::new(package));
            fs::read_to_string(openapi(&package).join("verify_v2.json")).unwrap()
        }
    }

    #[test]
    fn a_package_has_a_document_of_its_own() {
        let folder = Folder::new(&[
            ("openapi/verify_v2.json", "another's"),
            ("crates/api/openapi/verify_v2.json", "its own"),
        ]);
        assert_eq!(folder.read("crates/api"), "its own");
    }

    #[test]
    fn a_checkout_without_links_has_the_workspaces() {
        let folder = Folder::new(&[
            ("openapi/verify_v2.json", "the workspace's"),
            // The text file that git writes with `core.symlinks=false`.
            ("crates/api/openapi", "../../openapi"),
        ]);
        assert_eq!(folder.read("crates/api"), "the workspace's");
    }
}
