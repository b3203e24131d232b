use twilio_verify::FormType;

use super::session::{Outcome, Session};

pub(crate) async fn all(session: &Session) -> Outcome {
    let forms = session.client.forms();
    let form = forms.fetch(FormType::FormPush).await?;
    session.server.assert_last("FetchForm", "/v2/Forms/form-push", "");
    assert_eq!(form.forms["verify_factor"].required, ["AuthPayload"]);
    // One that is newer than this version.
    forms.fetch(FormType::Unknown("a/b".to_owned())).await?;
    session.server.assert_last("FetchForm", "/v2/Forms/a%2Fb", "");

    let before = session.server.asked().len();
    for form_type in ["", ".", ".."] {
        let form_type = FormType::Unknown(form_type.to_owned());
        let error = forms.fetch(form_type).await.err().ok_or("not refused")?;
        assert_eq!(error.field(), Some("form_type"), "{error}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
