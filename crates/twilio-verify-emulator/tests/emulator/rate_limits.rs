//! Rate limits and their buckets.

use serde_json::{Value, json};

use crate::api::Api;

#[tokio::test]
async fn a_rate_limit_is_made_fetched_changed_and_deleted() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let limits = format!("{service}/RateLimits");
    let made =
        api.post(&limits, &[("UniqueName", "ip"), ("Description", "By address")]).await.created();
    assert_eq!(made["unique_name"], "ip");
    assert_eq!(made["description"], "By address");
    let url = made["url"].as_str().unwrap();
    assert_eq!(made["links"], json!({ "buckets": format!("{url}/Buckets") }));
    assert_eq!(api.get(url).await.ok(), made);

    api.clock.advance(chrono::TimeDelta::minutes(1));
    let changed = api.post(url, &[("Description", "By IP")]).await.ok();
    assert_eq!(changed["description"], "By IP");
    assert_eq!(changed["unique_name"], "ip");
    assert_eq!(changed["date_updated"], "2026-03-02T21:01:00Z");
    assert_eq!(api.post(url, &[]).await.ok()["description"], "By IP");

    api.delete(url).await.deleted();
    for reply in [api.get(url).await, api.post(url, &[]).await, api.delete(url).await] {
        reply.error(404, 20404);
    }
}

#[tokio::test]
async fn a_unique_name_is_unique_within_its_service() {
    let api = Api::start().await;
    let (service, other) = (api.service(&[]).await, api.service(&[]).await);
    let limit = [("UniqueName", "ip")];
    let first = api.post(&format!("{service}/RateLimits"), &limit).await.created();
    api.post(&format!("{service}/RateLimits"), &limit).await.error(400, 60208);
    api.post(&format!("{other}/RateLimits"), &limit).await.created();
    // Free again once the other one is gone.
    api.delete(first["url"].as_str().unwrap()).await.deleted();
    api.post(&format!("{service}/RateLimits"), &limit).await.created();
    for name in ["", "end user", "end/user", "größe"] {
        assert_eq!(
            api.post(&format!("{service}/RateLimits"), &[("UniqueName", name)])
                .await
                .error(400, 60209),
            "Invalid unique name of a rate limit: UniqueName"
        );
    }
}

#[tokio::test]
async fn a_service_has_so_many_rate_limits_and_no_more() {
    for (api, most) in [
        (Api::start().await, 10),
        (Api::with(|builder| builder.rate_limits_per_service(2)).await, 2),
    ] {
        let (service, other) = (api.service(&[]).await, api.service(&[]).await);
        for number in 0..most {
            let name = format!("key_{number}");
            api.post(&format!("{service}/RateLimits"), &[("UniqueName", &name)]).await.created();
        }
        api.post(&format!("{service}/RateLimits"), &[("UniqueName", "more")])
            .await
            .error(400, 60207);
        api.post(&format!("{other}/RateLimits"), &[("UniqueName", "more")]).await.created();
        let listed = api.get(&format!("{service}/RateLimits")).await.ok();
        assert_eq!(listed["rate_limits"].as_array().unwrap().len(), most);
        assert_eq!(listed["meta"]["key"], "rate_limits");
    }
}

#[tokio::test]
async fn a_rate_limit_has_so_many_buckets_and_no_more() {
    let api = Api::with(|builder| builder.buckets_per_rate_limit(2)).await;
    let limits = format!("{}/RateLimits", api.service(&[]).await);
    let limit = api.post(&limits, &[("UniqueName", "ip")]).await.created();
    let buckets = limit["links"]["buckets"].as_str().unwrap();
    for interval in ["60", "600"] {
        api.post(buckets, &[("Max", "5"), ("Interval", interval)]).await.created();
    }
    api.post(buckets, &[("Max", "5"), ("Interval", "3600")]).await.error(400, 60210);
    let other = api.post(&limits, &[("UniqueName", "user")]).await.created();
    let buckets = other["links"]["buckets"].as_str().unwrap();
    api.post(buckets, &[("Max", "5"), ("Interval", "3600")]).await.created();
}

#[tokio::test]
async fn a_bucket_is_made_fetched_changed_and_deleted() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let limit = api.post(&format!("{service}/RateLimits"), &[("UniqueName", "ip")]).await.created();
    let buckets = limit["links"]["buckets"].as_str().unwrap();
    let made = api.post(buckets, &[("Max", "5"), ("Interval", "600")]).await.created();
    assert_eq!((&made["max"], &made["interval"]), (&json!(5), &json!(600)));
    assert_eq!(made["rate_limit_sid"], limit["sid"]);
    assert_eq!(made["service_sid"], limit["service_sid"]);
    let url = made["url"].as_str().unwrap();
    assert_eq!(api.get(url).await.ok(), made);

    let changed = api.post(url, &[("Max", "7")]).await.ok();
    assert_eq!((&changed["max"], &changed["interval"]), (&json!(7), &json!(600)));
    api.post(buckets, &[("Max", "100"), ("Interval", "86400")]).await.created();
    let maxima = |page: Value| -> Vec<Value> {
        let buckets = page["buckets"].as_array().unwrap().iter();
        buckets.map(|bucket| bucket["max"].clone()).collect()
    };
    assert_eq!(maxima(api.get(buckets).await.ok()), [100, 7]);
    api.post(buckets, &[("Max", "9"), ("Interval", "600")]).await.error(400, 60211);
    api.post(url, &[("Interval", "86400")]).await.error(400, 60211);
    api.post(url, &[("Interval", "600")]).await.ok();

    for (form, name) in [
        ([("Max", "0"), ("Interval", "60")], "Max"),
        ([("Max", "-1"), ("Interval", "60")], "Max"),
        ([("Max", "5"), ("Interval", "0")], "Interval"),
        ([("Max", "5"), ("Interval", "99999999999")], "Interval"),
    ] {
        let expected = format!("Invalid parameter: {name}");
        assert_eq!(api.post(buckets, &form).await.error(400, 60200), expected);
        assert_eq!(api.post(url, &form).await.error(400, 60200), expected);
    }
    assert_eq!(maxima(api.get(buckets).await.ok()), [100, 7]);

    api.delete(url).await.deleted();
    api.get(url).await.error(404, 20404);
    assert_eq!(maxima(api.get(buckets).await.ok()), [100]);
}

#[tokio::test]
async fn what_lies_within_another_resource_is_not_found_and_goes_with_its_own() {
    let api = Api::start().await;
    let (service, other) = (api.service(&[]).await, api.service(&[]).await);
    let mut urls = Vec::new();
    for name in ["ip", "device"] {
        let limit =
            api.post(&format!("{service}/RateLimits"), &[("UniqueName", name)]).await.created();
        let bucket = api
            .post(limit["links"]["buckets"].as_str().unwrap(), &[("Max", "5"), ("Interval", "60")])
            .await
            .created();
        for made in [limit, bucket] {
            urls.push(made["url"].as_str().unwrap().to_owned());
        }
    }
    let [ip, in_ip, device, in_device] = [&urls[0], &urls[1], &urls[2], &urls[3]];
    api.get(&ip.replace(&service, &other)).await.error(404, 20404);
    api.get(&in_ip.replace(ip, device)).await.error(404, 20404);

    api.delete(ip).await.deleted();
    api.get(in_ip).await.error(404, 20404);
    api.get(in_device).await.ok();
    api.delete(&service).await.deleted();
    api.get(device).await.error(404, 20404);
    api.get(in_device).await.error(404, 20404);
    api.get(&format!("{service}/RateLimits")).await.error(404, 20404);
    api.get(&other).await.ok();
}
