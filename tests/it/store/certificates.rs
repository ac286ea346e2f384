//! Certificates: one message one paper, found by its code alone, sealed.

use chrono::Days;
use wenban::{
    domain::{
        certificate::{Certificate, CertificateContent, CertificateHead, CertificateKind, CheckCode},
        person::PersonKey,
    },
    store::{CertificateChange, Changes, Store, StoreError},
};

use super::{message, now, today};

pub(super) const NAME: &str = "欧**娜";
pub(super) const ID_NUMBER: &str = "441***********9018";

fn code(n: u8) -> CheckCode {
    CheckCode::of([n, 1, 2, 3, 4, 5, 6, 7, 8, 9])
}

/// What must stand nowhere in clear.
pub(super) fn codes() -> [String; 2] {
    [code(1).reveal().to_owned(), code(1).grouped()]
}

fn certificate(id: &str, number: i64, n: u8) -> Certificate {
    Certificate {
        conversation: "c1".into(),
        message: message(id),
        number,
        kind: CertificateKind::Contribution,
        person: PersonKey("owner".into()),
        issued_at: now(),
        expires_on: today() + Days::new(90),
        revoked_at: None,
        content: CertificateContent {
            code: code(n),
            name: NAME.into(),
            id_number: ID_NUMBER.into(),
            issued_on: today(),
            expires_on: today() + Days::new(90),
            as_of: Some(today()),
            period: None,
            insurances: Vec::new(),
        },
    }
}

fn issued(certificate: &Certificate) -> Changes {
    let change = CertificateChange::Issued(Box::new(certificate.clone()));
    Changes { certificates: vec![change], ..Changes::new("c1", now()) }
}

fn revoked(n: u8) -> Changes {
    Changes { certificates: vec![CertificateChange::Revoked(code(n))], ..Changes::new("staff desk", now()) }
}

/// CER-01: by its code a certificate shows name, kind and date, and nothing without it.
pub(super) async fn certificates(store: &dyn Store) {
    let (first, second) = (certificate("a", 1, 1), certificate("b", 2, 2));
    assert_eq!(store.certificates("c1").await.unwrap(), []);
    assert_eq!(store.certificate(&code(1)).await.unwrap(), None);
    store.commit(issued(&second)).await.unwrap();
    store.commit(issued(&first)).await.unwrap();
    assert_eq!(store.certificates("c1").await.unwrap(), [first.clone(), second], "by number");
    assert_eq!(store.certificates("c2").await.unwrap(), []);
    let head = CertificateHead {
        kind: CertificateKind::Contribution,
        name: NAME.into(),
        issued_at: now(),
        expires_on: today() + Days::new(90),
        revoked_at: None,
    };
    assert_eq!(store.certificate(&code(1)).await.unwrap().as_ref(), Some(&head));
    for (taken, what) in [(certificate("a", 3, 3), "message"), (certificate("c", 1, 3), "number"), (certificate("c", 3, 1), "code")] {
        assert!(matches!(store.commit(issued(&taken)).await, Err(StoreError::Stale)), "one {what}, one certificate");
    }
    store.end_conversation("c1", now()).await.unwrap();
    assert!(store.certificate(&code(1)).await.unwrap().is_some(), "it outlives its conversation");

    store.commit(revoked(1)).await.unwrap();
    let gone = CertificateHead { revoked_at: Some(now()), ..head };
    assert_eq!(store.certificate(&code(1)).await.unwrap(), Some(gone));
    assert_eq!(store.certificates("c1").await.unwrap()[0], Certificate { revoked_at: Some(now()), ..first });
    assert!(matches!(store.commit(revoked(1)).await, Err(StoreError::Stale)));
    assert!(matches!(store.commit(revoked(9)).await, Err(StoreError::Stale)));
}
