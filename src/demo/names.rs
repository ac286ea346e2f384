//! Made-up names: nobody and nothing here exists.

use super::chance::Chance;
use crate::domain::person::{FullName, Sex};

const SURNAMES: [&str; 60] = [
    "陈", "李", "黄", "张", "林", "王", "刘", "吴", "梁", "郑", "罗", "叶", "曾", "钟", "邓", "何", "谢", "杨", "朱", "周", "赖", "邱",
    "廖", "温", "徐", "蔡", "彭", "曹", "范", "苏", "许", "江", "赵", "胡", "郭", "卢", "袁", "余", "戴", "古", "欧阳", "高", "严", "唐",
    "冯", "游", "简", "翟", "魏", "万", "毛", "练", "骆", "麦", "伍", "方", "潘", "孔", "姚", "丘",
];
const MALE: [&str; 40] = [
    "伟", "强", "志", "国", "建", "文", "明", "军", "勇", "辉", "杰", "峰", "俊", "海", "东", "平", "华", "荣", "庆", "锋", "浩", "宇",
    "达", "立", "源", "康", "新", "永", "贵", "松", "柏", "宏", "德", "世", "家", "耀", "振", "福", "金", "生",
];
const FEMALE: [&str; 40] = [
    "芳", "娜", "敏", "静", "丽", "艳", "秀", "英", "玉", "红", "梅", "兰", "燕", "琴", "霞", "萍", "婷", "雪", "玲", "慧", "琼", "娟",
    "莲", "珍", "凤", "素", "月", "春", "晓", "惠", "美", "云", "彩", "桂", "香", "妹", "细", "欣", "怡", "思",
];
const FIRM: [&str; 20] =
    ["鹏", "恒", "嘉", "润", "信", "诚", "盛", "泰", "瑞", "隆", "昌", "兴", "旺", "通", "汇", "联", "创", "科", "星", "晟"];
const TRADE: [&str; 12] = [
    "电子有限公司",
    "精密制造有限公司",
    "鞋业有限公司",
    "光电科技有限公司",
    "物流有限公司",
    "餐饮管理有限公司",
    "化工有限公司",
    "塑胶制品厂",
    "家具有限公司",
    "物业服务有限公司",
    "建筑工程有限公司",
    "商贸有限公司",
];

/// Districts and counties.
pub(super) const PLACES: [&str; 7] = ["惠城区", "惠阳区", "博罗县", "惠东县", "龙门县", "大亚湾开发区", "仲恺高新区"];
/// Where claims come from.
pub(super) const HOSPITALS: [&str; 5] = ["示例市民医院", "示例中医院", "东湖示例医院", "江北社区卫生服务中心（示例）", "河南岸示例医院"];
/// Who serves the cards.
pub(super) const BANKS: [&str; 5] = ["中国工商银行", "中国农业银行", "中国银行", "中国建设银行", "邮政储蓄银行"];

/// A name of two to four characters.
pub(super) fn person(chance: &mut Chance, sex: Sex) -> Option<FullName> {
    let given = match sex {
        Sex::Male => MALE,
        Sex::Female => FEMALE,
    };
    let mut name = chance.pick(&SURNAMES).to_owned();
    name.push_str(chance.pick(&given));
    if chance.percent(80) {
        name.push_str(chance.pick(&given));
    }
    FullName::parse(&name)
}

/// 惠州市鹏泰电子有限公司
pub(super) fn employer(chance: &mut Chance) -> String {
    format!("惠州市{}{}{}", chance.pick(&FIRM), chance.pick(&FIRM), chance.pick(&TRADE))
}
