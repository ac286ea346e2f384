//! Every refusal of the HTTP channel: its status, its name in `type`, and its words for the resident.

use axum::http::StatusCode;

use super::problem::Kind;

macro_rules! kinds {
    ($($constant:ident = $status:ident, $name:literal, $title:literal;)*) => {
        $(pub(super) const $constant: Kind = Kind { status: StatusCode::$status, name: $name, title: $title };)*
    };
}

kinds! {
    UNREADABLE = BAD_REQUEST, "unreadable", "收到的内容读不出来，请重新操作一次。";
    NO_MESSAGE_ID = BAD_REQUEST, "no-message-id", "这条消息没有合格的编号，请刷新页面后再试。";
    NO_TOKEN = UNAUTHORIZED, "no-token", "没有收到对话凭证，请重新开始对话。";
    OTHER_SITE = FORBIDDEN, "other-site", "请求来自别的网站，不能受理。";
    NO_CONVERSATION = NOT_FOUND, "no-conversation", "没有找到这次对话，请重新开始。";
    NO_DOCUMENT = NOT_FOUND, "no-document", "没有这份证明，或者核对身份的时间已经过了，请重新开一份。";
    NO_SIGN_IN = NOT_FOUND, "no-sign-in", "这里没有接通统一身份认证，请用姓名、身份证号和验证码核对身份。";
    NO_GUIDE = NOT_FOUND, "no-guide", "没有找到这份办事指南。";
    NO_PATH = NOT_FOUND, "no-path", "没有这个地址。";
    METHOD = METHOD_NOT_ALLOWED, "method", "这个地址不支持这种操作。";
    SLOW = REQUEST_TIMEOUT, "slow", "网络太慢，内容没有收全，请再试一次。";
    REUSED = CONFLICT, "reused", "同一个编号的消息前后内容不同，请重新发送。";
    ENDED = GONE, "ended", "这次对话已经结束，请重新开始。";
    TOO_LONG = PAYLOAD_TOO_LARGE, "too-long", "内容太长了，请分几次说。";
    NOT_JSON = UNSUPPORTED_MEDIA_TYPE, "not-json", "内容的格式不对，只接受 UTF-8 编码的 JSON。";
    CHANNEL = UNPROCESSABLE_ENTITY, "channel", "这种渠道不能在这里开始对话，只接受 kiosk 和 widget。";
    INPUT = UNPROCESSABLE_ENTITY, "input", "内容不对：一次只能发送文字、选项、身份信息中的一项，请重新操作。";
    NAME = UNPROCESSABLE_ENTITY, "name", "姓名不对，请按身份证上的姓名填写，2 到 20 个字。";
    ID_SHAPE = UNPROCESSABLE_ENTITY, "id-number-shape", "身份证号码应为 18 位：前 17 位是数字，最后一位是数字或 X。";
    ID_DATE = UNPROCESSABLE_ENTITY, "id-number-date", "身份证号码中的出生日期不对，请核对第 7 到 14 位。";
    ID_CHECK = UNPROCESSABLE_ENTITY, "id-number-check", "身份证号码的最后一位校验不对，请逐位核对。";
    OTP = UNPROCESSABLE_ENTITY, "otp", "验证码应为 6 位数字。";
    CARD = UNPROCESSABLE_ENTITY, "card", "没有读到卡上的内容，请重新放卡，或者输入姓名和身份证号码。";
    BROKEN = INTERNAL_SERVER_ERROR, "broken", "系统出了问题，请稍后再试，或到窗口办理。";
    BUSY = SERVICE_UNAVAILABLE, "busy", "上一句话还在办理，请稍后再试。";
    UNAVAILABLE = SERVICE_UNAVAILABLE, "unavailable", "系统暂时办不了，请稍后再试，或到窗口办理。";
    SIGN_IN_DOWN = SERVICE_UNAVAILABLE, "sign-in-down", "统一身份认证暂时连不上，请稍后再试，或者用姓名、身份证号和验证码核对身份。";
    LATE = SERVICE_UNAVAILABLE, "late", "办理超时了，请再试一次。";
}

/// What a browser shows in place of a page that is not there.
pub(super) const NO_PAGE: &str = "没有这个页面。\n";

/// On the page that the identity provider sends a browser back to.
pub(super) mod sign_in {
    pub(in super::super) const DONE: &str = "已核对，请回到原来的页面";
    pub(in super::super) const GO_BACK: &str = "请在两分钟之内回去，过时要重新登录。这一页可以关掉了。";
    pub(in super::super) const NOT_DONE: &str = "登录没有完成";
    pub(in super::super) const TRY_AGAIN: &str = "没有查任何记录，也不算次数。请回到原来的页面，在同一个浏览器里重新登录一次；也可以改用姓名、身份证号和验证码核对，或者带身份证到窗口查。";
}

/// Said of a certificate, on paper and on the page that checks one.
pub(super) mod paper {
    use crate::domain::{certificate::CertificateKind, entity::Insurance};

    pub(in super::super) const CODE: &str = "查验码";
    pub(in super::super) const COLUMNS: [&str; 6] = ["年份", "缴费月份", "月数", "缴费基数", "单位缴", "个人缴"];
    pub(in super::super) const EMPLOYERS: &str = "缴费单位：";
    pub(in super::super) const AND: &str = "、";
    pub(in super::super) const NONE: &str = "—";
    pub(in super::super) const ALL_MONTHS: &str = "全部（到记录截止日）";
    pub(in super::super) const UNKNOWN_DAY: &str = "开具日";
    pub(in super::super) const SCAN: &str = "扫码或打开网址查真伪";
    pub(in super::super) const DISCLAIMERS: [&str; 2] = [
        "没有公章，也没有电子签章。对方要求盖章或指定样式的，请在广东政务服务网、粤省事或社保窗口打印。",
        "欠费的月份、外地还没转来的月份不算在内；同一个月有两家单位缴的，月数算一个月，金额合在一起。金额、基数的单位都是元。",
    ];

    pub(in super::super) const GENUINE: &str = "这份证明是真的";
    pub(in super::super) const COMPARE: &str = "请核对纸上的姓名和日期是否与这里一致。这里只能查真伪，看不到缴费内容。";
    pub(in super::super) const NOT_FOUND: &str = "查不到这份证明";
    pub(in super::super) const WHY_NOT: &str =
        "可能是查验码输错了，也可能已经过了查验期限或已经作废。请对照纸上的查验码再查一次；还是查不到的，不要当作有效证明。";
    pub(in super::super) const CHECK_TITLE: &str = "证明查验";
    pub(in super::super) const NAME: &str = "姓名";
    pub(in super::super) const KIND: &str = "证明";
    pub(in super::super) const ISSUED: &str = "开具日期";

    /// What certificates are called.
    pub(in super::super) fn title(kind: CertificateKind) -> &'static str {
        match kind {
            CertificateKind::Contribution => "社会保险参保缴费证明",
        }
    }

    /// The labels beside the facts at the top, in their order.
    pub(in super::super) const FACTS: [&str; 6] = [NAME, "证件号码", "时间范围", "记录截至", ISSUED, CODE];

    /// An insurance as laws call it.
    pub(in super::super) fn insurance(insurance: Insurance) -> &'static str {
        match insurance {
            Insurance::Pension => "企业职工基本养老保险",
            Insurance::Medical => "职工基本医疗保险",
            Insurance::Unemployment => "失业保险",
            Insurance::Injury => "工伤保险",
            Insurance::Maternity => "生育保险",
            Insurance::ResidentPension => "城乡居民基本养老保险",
            Insurance::ResidentMedical => "城乡居民基本医疗保险",
        }
    }

    pub(in super::super) fn by_month(months: usize, first: &str, last: &str, unit: &str, personal: &str) -> String {
        format!("共缴 {months} 个月，最早 {first}，最近 {last}；单位缴 {unit}，个人缴 {personal}。")
    }

    pub(in super::super) fn by_year(times: usize, first: &str, last: &str, personal: &str) -> String {
        format!("共缴 {times} 次（按年缴，一次管一年），最早 {first}，最近 {last}；个人缴 {personal}。")
    }

    pub(in super::super) fn made(as_of: &str) -> String {
        format!("本证明由问办按截至 {as_of}的缴费记录自动生成，姓名和证件号码隐去了一部分。")
    }

    pub(in super::super) fn until(day: &str) -> String {
        format!("到 {day}为止，可以查真伪。")
    }

    pub(in super::super) fn page(name: &str, number: usize, of: usize) -> String {
        format!("{name}，第 {number} 页，共 {of} 页")
    }

    pub(in super::super) fn continued(heading: &str) -> String {
        format!("{heading}（续）")
    }
}
