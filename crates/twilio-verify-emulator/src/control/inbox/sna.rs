//! `/_emulator/sna/{token}`: the URL that a device calls through its mobile network.

use axum::extract::{Path, State};
use http::Uri;
use url::form_urlencoded;

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::state::verifications::{SnaCall, call_sna};

/// Responds once, as Twilio's partners do, that the network was reached. The result of the check shows whether the
/// device has the number. The name of the token's parameter is assumed.
pub(crate) async fn call(
    State(app): State<App>,
    uri: Uri,
    Path(token): Path<String>,
) -> Result<String, ApiError> {
    let now = app.settings.clock.now();
    let called = call_sna(&mut app.account(), &token, now);
    let SnaCall { carrier, client_token } =
        called.ok_or_else(|| ApiError::not_found(uri.path()))?;
    let mut response = form_urlencoded::Serializer::new(String::new());
    response.append_pair("ErrorCode", "0").append_pair("ErrorDescription", "Success");
    response.append_pair("Carrier", carrier.unwrap_or("Unknown"));
    if let Some(token) = client_token {
        response.append_pair("SnaClientToken", &token);
    }
    Ok(response.finish())
}
