//! The pages for people: every link leads somewhere, and the guide lists its pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages of the guide, and those of the repository.
fn pages() -> Vec<PathBuf> {
    let root = root();
    let mut pages = Vec::new();
    for name in ["ARCHITECTURE", "CHANGELOG", "CONTRIBUTING", "README", "SECURITY"] {
        pages.push(root.join(format!("{name}.md")));
    }
    for folder in ["docs/src", "benches", "tests/compat"] {
        pages.extend(markdown(&root.join(folder)));
    }
    for entry in fs::read_dir(root.join("crates")).unwrap() {
        pages.extend(markdown(&entry.unwrap().path()));
    }
    pages
}

fn markdown(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The targets of a page's links and pictures, without those in blocks of code.
fn links(page: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.starts_with("```") || line.starts_with("~~~") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Within backquotes, nothing is a link.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        links.extend(targets.map(|(target, _)| target.to_owned()));
        for attribute in ["src=\"", "srcset=\""] {
            let targets = prose.split(attribute).skip(1).filter_map(|rest| rest.split_once('"'));
            links.extend(targets.map(|(target, _)| target.to_owned()));
        }
    }
    links
}

/// The anchors of a page: its headings as GitHub and mdBook name them, and those that it sets.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let headings = headings.map(|line| {
        let letters = line.trim_start_matches('#').trim().chars();
        letters
            .filter_map(|letter| match letter {
                ' ' => Some('-'),
                letter if letter.is_alphanumeric() || letter == '-' || letter == '_' => {
                    Some(letter.to_ascii_lowercase())
                }
                _ => None,
            })
            .collect()
    });
    let set = page.split("<a id=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    headings.chain(set.map(|(id, _)| id.to_owned())).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    let mut count = 0;
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        for link in links(&page) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target =
                if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let found = target.exists()
                && (anchor.is_empty()
                    || fs::read_to_string(&target)
                        .is_ok_and(|target| anchors(&target).contains(anchor)));
            if !found {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(count > 40, "{count} links");
    assert_eq!(broken, [] as [String; 0]);
}

/// GitHub, docs.rs and mdBook must agree on what a link of ours is.
#[test]
fn links_to_this_repository_name_files_that_exist() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let url = manifest.split("\nrepository = \"").nth(1).and_then(|rest| rest.split('"').next());
    let url = url.unwrap();
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        for link in links(&page) {
            if let Some(file) = link.strip_prefix(&format!("{url}/blob/main/")) {
                assert!(root().join(file).exists(), "{}: {link}", path.display());
            } else if link.contains("github.com/twilio-verify") {
                assert!(link.starts_with(url), "{}: {link}", path.display());
            }
        }
    }
}

#[test]
fn the_guide_lists_every_page() {
    let folder = root().join("docs/src");
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    let listed: BTreeSet<String> = links(&summary).into_iter().collect();
    let present = markdown(&folder);
    let names = present.iter().filter_map(|path| path.file_name()?.to_str());
    let present: BTreeSet<String> =
        names.filter(|name| *name != "SUMMARY.md").map(str::to_owned).collect();
    assert_eq!(listed, present);
}
