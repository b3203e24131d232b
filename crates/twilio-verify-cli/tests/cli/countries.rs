//! Countries that are named in other ways than by their code.

use crate::support::{Server, fails, of_service, stdout, with_credentials};

#[test]
fn another_code_or_a_name_hints_at_the_code() {
    let configuration = of_service(&["messaging-configurations", "fetch"]);
    for (text, code) in [
        ("UK", "GB"),
        ("en", "GB"),
        ("EL", "GR"),
        ("COL", "CO"),
        ("Colombia", "CO"),
        ("United Kingdom", "GB"),
        ("Côte d'Ivoire", "CI"),
    ] {
        for arguments in [&["attempts", "summary"][..], &["attempts", "list"], &configuration] {
            let mut command = assert_cmd::Command::from_std(with_credentials());
            let stderr = fails(command.args(arguments).args(["--country", text]), 2);
            assert!(stderr.contains("--country"), "{stderr}");
            assert!(stderr.contains(&format!("did you mean {code}")), "{text}: {stderr}");
        }
    }
}

#[test]
fn a_code_is_read_in_either_case() {
    let server = Server::of_sample(10);
    for code in ["CO", "co", "cO"] {
        let text = stdout(server.command().args(["attempts", "summary", "--country", code]));
        assert!(text.contains("CO (Colombia)"), "{text}");
    }
}
