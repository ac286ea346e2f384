//! Sign-in with an OpenID provider: authorization code with PKCE (S256), state and nonce. `docs/sign-in.md` tells its side what is needed.
//! Nothing of it is kept: what the provider publishes is read each time, so that new keys and addresses count at once.

use std::path::PathBuf;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{Jwk, PublicKeyUse},
};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::form_urlencoded::byte_serialize;

use crate::{
    desk::sign_in::Slip,
    domain::{clock::china, id_number::IdNumber, person::FullName},
    outbound::{OutboundError, line, secret},
};

/// What a provider may sign with: keys that it alone has.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// How far its clock may be behind, in seconds.
const LEEWAY: i64 = 60;
/// The longest answer that is read.
const LONGEST: usize = 256 * 1024;
/// Where browsers come back to, on our site.
pub const BACK: &str = "/sign-in/return";

/// Which provider, and what we are there.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its issuer, as its tokens write it.
    pub issuer: String,
    /// Our id.
    pub client: String,
    /// The file of our secret.
    pub secret: PathBuf,
    /// What is asked for.
    pub scope: String,
    /// The claims of the full name and the identity number.
    pub claims: [String; 2],
    /// Our own site, without a slash at its end.
    pub site: String,
}

/// Why a sign-in came to nothing; tells nothing of the person.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The provider cannot be reached, or did not answer in time.
    #[error("the provider: {0}")]
    Unreachable(reqwest::Error),
    /// It does not do what it is asked.
    #[error("the provider answers {0}")]
    Refused(StatusCode),
    /// It names an address that is none.
    #[error("an address of the provider's: {0}")]
    Address(#[from] url::ParseError),
    /// The token that says who it is cannot be taken.
    #[error("the id token: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
    /// Something is not as agreed.
    #[error("{0}")]
    Otherwise(&'static str),
}

/// A provider of the operator's.
pub struct Provider {
    config: Config,
    http: Client,
    secret: String,
}

/// What it publishes about itself.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

/// Of an id token; issuer and audience are compared before.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    nonce: String,
    exp: i64,
    azp: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl Provider {
    /// The provider that `config` names; it is not asked anything yet.
    pub fn open(config: Config) -> Result<Self, OutboundError> {
        let (_, http) = line(&config.issuer)?;
        Ok(Self { http, secret: secret(&config.secret)?, config })
    }

    /// Whether browsers come to us under TLS.
    pub fn is_secure(&self) -> bool {
        self.config.site.starts_with("https://")
    }

    fn back(&self) -> String {
        format!("{}{BACK}", self.config.site)
    }

    /// Where the browser that keeps `slip` signs in.
    pub async fn entrance(&self, slip: &Slip) -> Result<String, Failed> {
        let metadata = self.metadata().await?;
        let mut url: Url = metadata.authorization_endpoint.parse()?;
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(slip.verifier()));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client)
            .append_pair("redirect_uri", &self.back())
            .append_pair("scope", &self.config.scope)
            .append_pair("state", &slip.state())
            .append_pair("nonce", &slip.nonce())
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Who signed in, by the code that the browser brought back.
    pub async fn who(&self, code: &str, slip: &Slip, now: DateTime<Utc>) -> Result<(FullName, IdNumber), Failed> {
        let metadata = self.metadata().await?;
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let (back, verifier) = (self.back(), slip.verifier());
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &back), ("code_verifier", &verifier)];
        let asked = self.http.post(&metadata.token_endpoint).basic_auth(encoded(&self.config.client), Some(encoded(&self.secret)));
        let tokens: Tokens = read(asked.form(&form)).await?;
        let Keys { keys } = read(self.http.get(&metadata.jwks_uri)).await?;
        let Claims { sub, mut others, .. } = self.verified(&tokens.id_token, keys, &slip.nonce(), now)?;
        let [name, number] = &self.config.claims;
        if !(others.contains_key(name) && others.contains_key(number))
            && let Some(endpoint) = &metadata.userinfo_endpoint
        {
            let told: Map<String, Value> = read(self.http.get(endpoint).bearer_auth(&tokens.access_token)).await?;
            if told.get("sub").and_then(Value::as_str) != Some(&sub) {
                return Err(Failed::Otherwise("what is told is about somebody else"));
            }
            others = told;
        }
        let claim = |name: &str| others.get(name).and_then(Value::as_str);
        let name = claim(name).and_then(FullName::parse).ok_or_else(|| Failed::Otherwise("no name is told"))?;
        let number = claim(number).and_then(|number| IdNumber::parse(number, china(now)).ok());
        Ok((name, number.ok_or_else(|| Failed::Otherwise("no identity number is told"))?))
    }

    async fn metadata(&self) -> Result<Metadata, Failed> {
        let place = format!("{}/.well-known/openid-configuration", self.config.issuer.trim_end_matches('/'));
        let metadata: Metadata = read(self.http.get(place)).await?;
        if metadata.issuer == self.config.issuer { Ok(metadata) } else { Err(Failed::Otherwise("the issuer calls itself otherwise")) }
    }

    /// What an id token says, signed by one of the provider's `keys`, for us, for the sign-in of this `nonce`, and in time by our clock.
    fn verified(&self, token: &str, keys: Vec<Value>, nonce: &str, now: DateTime<Utc>) -> Result<Claims, Failed> {
        let header = decode_header(token)?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(Failed::Otherwise("an algorithm that is not taken"));
        }
        // Keys of kinds that are unknown here are others' business.
        let keys = keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        let signs = |key: &Jwk| key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
        let named = |key: &Jwk| header.kid.is_none() || key.common.key_id == header.kid;
        let key = keys.filter(|key| signs(key) && named(key)).find_map(|key| DecodingKey::from_jwk(&key).ok());
        let key = key.ok_or(Failed::Otherwise("a key that is not published"))?;
        let mut rules = Validation::new(header.alg);
        rules.set_required_spec_claims(&["iss", "aud"]);
        rules.set_issuer(&[&self.config.issuer]);
        rules.set_audience(&[&self.config.client]);
        rules.validate_exp = false;
        let claims = decode::<Claims>(token, &key, &rules)?.claims;
        if claims.exp + LEEWAY <= now.timestamp() {
            return Err(Failed::Otherwise("the id token is out of date"));
        }
        if claims.nonce != nonce {
            return Err(Failed::Otherwise("the id token is of another sign-in"));
        }
        if claims.azp.as_ref().is_some_and(|azp| *azp != self.config.client) {
            return Err(Failed::Otherwise("the id token is for another party"));
        }
        Ok(claims)
    }
}

/// Asks, and reads an answer of bounded length.
async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Failed> {
    // Without the address, which may hold what the operator would not log.
    let unreachable = |error: reqwest::Error| Failed::Unreachable(error.without_url());
    let mut answer = request.send().await.map_err(unreachable)?;
    if !answer.status().is_success() {
        return Err(Failed::Refused(answer.status()));
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(unreachable)? {
        if body.len() + piece.len() > LONGEST {
            return Err(Failed::Otherwise("the provider answers at too great a length"));
        }
        body.extend_from_slice(&piece);
    }
    // Its words may be the person's: what is wrong with them is not said.
    serde_json::from_slice(&body).map_err(|_| Failed::Otherwise("the provider answers otherwise than agreed"))
}

#[cfg(test)]
mod tests;
