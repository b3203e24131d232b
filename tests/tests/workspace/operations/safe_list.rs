use super::session::{Outcome, Session};

const NUMBER: &str = "+573003003030";

pub(crate) async fn all(session: &Session) -> Outcome {
    let safe_list = session.client.safe_list();
    let entry = safe_list.add(NUMBER).await?;
    session.server.assert_last(
        "CreateSafelist",
        "/v2/SafeList/Numbers",
        "PhoneNumber=%2B573003003030",
    );
    let sid = entry.sid.as_ref().ok_or("the example has a SID")?;
    assert_eq!(sid.as_str(), "GNaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert!(!format!("{entry:?}").contains("3003003030"), "{entry:?}");

    let target = "/v2/SafeList/Numbers/+573003003030";
    let entry = safe_list.fetch(NUMBER).await?;
    session.server.assert_last("FetchSafelist", target, "");
    let number = entry.phone_number.ok_or("the example has a number")?;
    assert_eq!(number.expose(), NUMBER);
    safe_list.remove(NUMBER).await?;
    session.server.assert_last("DeleteSafelist", target, "");

    let before = session.server.asked().len();
    for number in [
        "",
        ".",
        "..",
        "+",
        "573003003030",
        "+57 300 300 3030",
        "+5730030030301234",
        "+57300/../..",
        "ana@example.com",
    ] {
        let errors = [
            safe_list.add(number).await.err().ok_or("not refused")?,
            safe_list.fetch(number).await.err().ok_or("not refused")?,
            safe_list.remove(number).await.err().ok_or("not refused")?,
        ];
        for error in errors {
            assert_eq!(error.field(), Some("number"), "{error}");
            assert!(
                number.len() < 3 || !format!("{error} {error:?}").contains(number),
                "{error:?}"
            );
        }
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
