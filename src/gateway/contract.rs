//! What the desk asks the core system and what that answers: `docs/gateway.md` in types, `schema/gateway/` for other programs.

use chrono::NaiveDate;
use hmac::{Hmac, Mac};
use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    domain::{
        fact::{Card, Case, Certification, Contribution, Enrollment, MedicalAccountEntry, MedicalClaim, Payment, PensionAccountYear},
        id_number::IdNumber,
    },
    store::{Asker, hex},
};

/// The one path of the contract, behind the core system's address.
pub const PATH: &str = "/v1/records";
/// The header of the request's id, the same as in the body.
pub const REQUEST_ID: &str = "x-request-id";
/// The header of the request's instant, RFC 3339 in UTC.
pub const REQUEST_TIME: &str = "x-request-time";
/// What stands before the signature in `Authorization`.
pub const SCHEME: &str = "WENBAN-HMAC-SHA256 ";

/// The body of a request: one register of one person.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// 请求编号，每次不同；与请求头 X-Request-Id 相同
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub request_id: String,
    /// 用途：办事主题编号，例如 record.contributions
    #[schemars(length(max = 100))]
    pub purpose: String,
    /// 谁在查
    pub actor: Asker,
    /// 查询人身份核验等级：0 未核验（正在核验），2 已核验，3 五分钟内核验
    #[schemars(range(max = 3))]
    pub level: u8,
    /// 查谁的
    pub person: Subject,
    /// 查哪一项
    pub register: Register,
}

/// Whose register it is: in the body and never in the path.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// 公民身份号码
    pub id_number: IdNumber,
}

/// The body of an answer with status 200. Fields that are not named here are dropped.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Answer<T> {
    /// 原样返回
    pub request_id: String,
    /// 原样返回
    pub person: Subject,
    /// 原样返回
    pub register: Register,
    /// 数据截止日期，不晚于当天
    pub as_of: NaiveDate,
    /// 该人该项的全部记录；没有就是空数组
    #[schemars(length(max = 10_000))]
    pub rows: Vec<T>,
}

/// What may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Register {
    /// 姓名和手机号，用来核验身份
    Person,
    /// 参保登记
    Enrollment,
    /// 缴费记录
    Contributions,
    /// 养老个人账户
    PensionAccount,
    /// 医保个人账户
    MedicalAccount,
    /// 医保结算记录
    MedicalClaims,
    /// 待遇发放记录
    Payments,
    /// 资格认证记录
    Certification,
    /// 社保卡登记
    Card,
    /// 办件登记
    Cases,
}

impl Register {
    /// The contract's word, which is the store's too (`store::REGISTERS`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Enrollment => "enrollment",
            Self::Contributions => "contributions",
            Self::PensionAccount => "pension-account",
            Self::MedicalAccount => "medical-account",
            Self::MedicalClaims => "medical-claims",
            Self::Payments => "payments",
            Self::Certification => "certification",
            Self::Card => "card",
            Self::Cases => "cases",
        }
    }
}

/// The one row of the register `person`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct PersonRow {
    /// 姓名
    #[schemars(length(min = 2, max = 20))]
    pub name: String,
    /// 登记的手机号，验证码发到这里；没有就是 null
    #[schemars(length(max = 20))]
    pub phone: Option<String>,
}

/// The signature of a request: HMAC-SHA-256 under the service token over the time, the id and the body, lines apart.
pub fn signature(token: &str, time: &str, request_id: &str, body: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(token.as_bytes()) else { return String::new() };
    for part in [time.as_bytes(), b"\n", request_id.as_bytes(), b"\n", body] {
        mac.update(part);
    }
    hex(&mac.finalize().into_bytes())
}

/// The file name and text of every body's schema.
pub fn schemas() -> Vec<(&'static str, String)> {
    let schemas: [(&str, Schema); 11] = [
        ("gateway/request.json", schema_for!(Request)),
        ("gateway/person.json", schema_for!(Answer<PersonRow>)),
        ("gateway/enrollment.json", schema_for!(Answer<Enrollment>)),
        ("gateway/contributions.json", schema_for!(Answer<Contribution>)),
        ("gateway/pension-account.json", schema_for!(Answer<PensionAccountYear>)),
        ("gateway/medical-account.json", schema_for!(Answer<MedicalAccountEntry>)),
        ("gateway/medical-claims.json", schema_for!(Answer<MedicalClaim>)),
        ("gateway/payments.json", schema_for!(Answer<Payment>)),
        ("gateway/certification.json", schema_for!(Answer<Certification>)),
        ("gateway/card.json", schema_for!(Answer<Card>)),
        ("gateway/cases.json", schema_for!(Answer<Case>)),
    ];
    schemas.into_iter().map(|(name, schema)| (name, format!("{:#}\n", schema.to_value()))).collect()
}

#[cfg(test)]
mod tests {
    use super::signature;

    /// GWY-01: the example of `docs/gateway.md`, worked out with `openssl dgst -sha256 -hmac`.
    #[test]
    fn the_signature_is_the_one_of_the_paper() {
        let signed = signature("0123456789abcdef", "2026-11-24T02:30:00Z", "00112233445566778899aabbccddeeff", b"{}");
        assert_eq!(signed, "8f3232958e561b7c828d7ce3fe5474a01ed188766da27f48d604959107cc77aa");
    }
}
