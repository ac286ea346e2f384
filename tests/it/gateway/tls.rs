//! TLS to the core system: its certificate from the one authority that is pinned, and ours shown to it.

use std::{fs, path::PathBuf, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{RootCertStore, ServerConfig, crypto::ring, pki_types::PrivateKeyDer, server::WebPkiClientVerifier, version},
};
use wenban::{
    gateway::{Config, Gateway, GatewayError},
    store::{Registers, StoreError},
};

use super::{Bureau, TOKEN, asked, bureau, keys, person, secret};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate and its key, PEM.
fn issued(by: &Authority, name: &str) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, by).unwrap();
    (certificate, key)
}

/// The bureau's core system behind TLS, which asks callers for a certificate of `callers`. Its port.
async fn serve(
    bureau: &Bureau,
    of: &Authority,
    name: &str,
    callers: &Authority,
    tls: &'static tokio_rustls::rustls::SupportedProtocolVersion,
) -> u16 {
    let (certificate, key) = issued(of, name);
    let mut roots = RootCertStore::empty();
    roots.add(callers.der().clone()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[tls]).unwrap();
    let config = config.with_client_cert_verifier(verifier).with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let port = listener.local_addr().unwrap().port();
    let core = bureau.core.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, core) = (acceptor.clone(), core.clone());
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    core.converse(stream, false).await;
                }
            });
        }
    });
    port
}

/// Reads one person through TLS.
async fn read(bureau: &Bureau, port: u16, ca: &Authority, own: Option<&Authority>) -> Result<bool, StoreError> {
    let dir = bureau.dir.path();
    let name = |what: &str| format!("{what}-{:x}.pem", rand::random::<u64>());
    let pinned: PathBuf = dir.join(name("ca"));
    fs::write(&pinned, ca.pem()).unwrap();
    let certificate = own.map(|own| {
        let (certificate, key) = issued(own, "desk.example");
        secret(dir, &name("desk"), &format!("{}{}", certificate.pem(), key.serialize_pem()))
    });
    let config =
        Config { url: format!("https://localhost:{port}"), token: secret(dir, &name("token"), TOKEN), ca: Some(pinned), certificate };
    let gateway = Arc::new(Gateway::new(&config, bureau.store.clone(), keys(), bureau.clock.clone()).unwrap());
    Ok(gateway.reading(asked()).person_by_id_number(&person(0).id_number).await?.is_some())
}

/// ENC-08, GWY-01
#[tokio::test(flavor = "multi_thread")]
async fn both_sides_show_a_certificate_of_the_authority_that_is_pinned() {
    let bureau = bureau().await;
    let (ours, another) = (authority(), authority());
    for tls in [&version::TLS12, &version::TLS13] {
        let port = serve(&bureau, &ours, "localhost", &ours, tls).await;
        assert!(read(&bureau, port, &ours, Some(&ours)).await.unwrap(), "as agreed");
        let before = bureau.core.calls();
        assert!(read(&bureau, port, &another, Some(&ours)).await.is_err(), "the core system's is of another authority");
        assert!(read(&bureau, port, &ours, Some(&another)).await.is_err(), "the desk's is");
        assert!(read(&bureau, port, &ours, None).await.is_err(), "the desk shows none");
        assert_eq!(bureau.core.calls(), before);
    }
    let port = serve(&bureau, &ours, "core.example", &ours, &version::TLS13).await;
    let refused = read(&bureau, port, &ours, Some(&ours)).await.unwrap_err().to_string();
    assert!(refused.contains("certificate"), "of another host: {refused}");
}

/// ENC-08: the public authorities are no authority here.
#[tokio::test(flavor = "multi_thread")]
async fn https_needs_an_authority_that_is_pinned() {
    let bureau = bureau().await;
    let token = secret(bureau.dir.path(), "tls-token", TOKEN);
    let config = Config { url: "https://core.example".into(), token, ca: None, certificate: None };
    let refused = Gateway::new(&config, bureau.store.clone(), keys(), bureau.clock.clone()).map(drop);
    assert!(matches!(refused, Err(GatewayError::Address(_))), "{refused:?}");
}
