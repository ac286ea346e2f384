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
    CARD = UNPROCESSABLE_ENTITY, "card", "这台机器还不能读卡，请输入姓名和身份证号码。";
    BROKEN = INTERNAL_SERVER_ERROR, "broken", "系统出了问题，请稍后再试，或到窗口办理。";
    BUSY = SERVICE_UNAVAILABLE, "busy", "上一句话还在办理，请稍后再试。";
    UNAVAILABLE = SERVICE_UNAVAILABLE, "unavailable", "系统暂时办不了，请稍后再试，或到窗口办理。";
    LATE = SERVICE_UNAVAILABLE, "late", "办理超时了，请再试一次。";
}

/// What a browser shows in place of a page that is not there.
pub(super) const NO_PAGE: &str = "没有这个页面。\n";
