//! Which identity provider residents may sign in with.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::channels::oidc::{Config, Provider};

/// The provider and what we are there.
#[derive(Args, Debug)]
pub(super) struct SignIn {
    /// 统一身份认证（OpenID Connect）的 issuer，居民可以用它登录 · issuer of the provider that residents sign in with (docs/sign-in.md)
    #[arg(long = "oidc-issuer", value_name = "URL", requires_all = ["oidc_client", "oidc_secret"])]
    issuer: Option<String>,
    /// 在那里登记的应用编号 · our client id there
    #[arg(long = "oidc-client", id = "oidc_client", value_name = "ID", requires = "issuer")]
    client: Option<String>,
    /// 应用密钥的文件，只有自己能读 · file of our client secret, for nobody else to read
    #[arg(long = "oidc-secret", id = "oidc_secret", value_name = "FILE", requires = "issuer")]
    secret: Option<PathBuf>,
    /// 要哪些信息 · what is asked for
    #[arg(long = "oidc-scope", value_name = "SCOPE", default_value = "openid profile")]
    scope: String,
    /// 姓名和身份证号的字段名 · the claims of full name and identity number
    #[arg(long = "oidc-claims", value_names = ["NAME", "NUMBER"], num_args = 2, default_values = ["name", "id_number"])]
    claims: Vec<String>,
}

impl SignIn {
    /// The provider, for browsers that come to `site`. It is not asked anything yet: the desk opens when it is down.
    pub(super) fn provider(&self, site: &str) -> anyhow::Result<Option<Provider>> {
        let (Some(issuer), Some(client), Some(secret)) = (&self.issuer, &self.client, &self.secret) else { return Ok(None) };
        let claims = self.claims.clone().try_into().ok().context("--oidc-claims: two names")?;
        let config = Config {
            issuer: issuer.clone(),
            client: client.clone(),
            secret: secret.clone(),
            scope: self.scope.clone(),
            claims,
            site: site.to_owned(),
        };
        Ok(Some(Provider::open(config).context("the identity provider")?))
    }
}
