//! Tokens that no provider of the tests would give.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{Config, Provider};

const ISSUER: &str = "https://id.example";
const NOW: i64 = 1_795_500_000;

fn provider() -> Provider {
    let claims = ["name".to_owned(), "id_number".to_owned()];
    let config = Config {
        issuer: ISSUER.to_owned(),
        client: "wenban".to_owned(),
        secret: "none".into(),
        scope: "openid".to_owned(),
        claims,
        site: "https://desk.example".to_owned(),
    };
    Provider { config, http: reqwest::Client::new(), secret: "secret".to_owned() }
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "wenban", "sub": "1", "nonce": "n", "exp": NOW + 300, "iat": NOW, "name": "张小明"})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// security.md §0.9: issuer, audience, nonce, time and signature of an id token are each looked at.
#[test]
fn an_id_token_is_taken_for_us_and_now_alone() {
    let (provider, pair) = (provider(), Ed25519KeyPair::generate().unwrap());
    let key = |pair: &Ed25519KeyPair, of: &str| json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64_URL_SAFE_NO_PAD.encode(pair.public_key()), "kid": "k", "use": of});
    let unknown = json!({"kty": "new", "kid": "k"});
    let keys = vec![unknown.clone(), key(&Ed25519KeyPair::generate().unwrap(), "enc"), key(&pair, "sig")];
    let now = DateTime::<Utc>::from_timestamp(NOW, 0).unwrap();
    let signed = |pair: &Ed25519KeyPair, claims: &Value| {
        let header = Header { kid: Some("k".to_owned()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, claims, &EncodingKey::from_ed_der(pair.to_pkcs8v1().unwrap().as_ref())).unwrap()
    };
    let judged = |token: &str, keys: Vec<Value>| {
        provider.verified(token, keys, "n", now).map(|claims| claims.sub).map_err(|error| error.to_string())
    };
    for (good, claims) in [
        (true, claims()),
        (true, with("aud", json!(["wenban"]))),
        (true, with("azp", json!("wenban"))),
        (true, with("exp", json!(NOW - 59))),
        (false, with("exp", json!(NOW - 60))),
        (false, with("exp", Value::Null)),
        (false, with("iss", json!("https://id.example.evil"))),
        (false, with("iss", Value::Null)),
        (false, with("aud", json!("another"))),
        (false, with("aud", Value::Null)),
        (false, with("azp", json!("another"))),
        (false, with("nonce", json!("m"))),
        (false, with("nonce", Value::Null)),
    ] {
        let found = judged(&signed(&pair, &claims), keys.clone());
        assert_eq!(found.is_ok(), good, "{claims}: {found:?}");
    }
    let token = signed(&pair, &claims());
    assert!(judged(&signed(&Ed25519KeyPair::generate().unwrap(), &claims()), keys.clone()).is_err(), "another's signature");
    assert!(judged(&token, vec![unknown]).is_err(), "no key of that name");
    let public = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key());
    let header = Header { kid: Some("k".to_owned()), ..Header::new(Algorithm::HS256) };
    let hmac = encode(&header, &claims(), &EncodingKey::from_secret(public.as_bytes())).unwrap();
    assert!(judged(&hmac, keys.clone()).is_err(), "an HMAC under the public key");
    let bare = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"k"}"#);
    assert!(judged(&format!("{bare}.{}.", token.split('.').nth(1).unwrap()), keys).is_err(), "no signature");
}
