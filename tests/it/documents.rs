//! The library of laws and notices: what is found, and which faults of it are.

use wenban::{
    dialogue::load::{built_in, load},
    services::documents::Library,
    understanding::{Segmenter, normalise::clean},
};

fn library() -> Library {
    let script = load(built_in()).0;
    let said = script.examples.topics.iter().flat_map(|(_, said)| said).map(String::as_str);
    let segmenter = Segmenter::new(&script.words, said);
    let cut = Box::new(move |text: &str| segmenter.cut(&clean(text)).into_iter().map(str::to_owned).collect());
    Library::new(script.content.documents.clone(), cut)
}

#[test]
fn the_document_looked_for_comes_first() {
    let library = library();
    let mut missed = Vec::new();
    for (words, number_or_title) in [
        ("国办发[2019]13号", "国办发〔2019〕13号"),
        ("國辦發〔2019〕13號", "国办发〔2019〕13号"),
        ("请问国务院令765号在哪里看", "国务院令第765号"),
        ("粤府函2026 188号", "粤府函〔2026〕188号"),
        ("丧葬抚恤 人社部发18号", "人社部发〔2021〕18号"),
        ("国发2014 8号文件 居民养老", "国发〔2014〕8号"),
        ("求一份劳动能力鉴定标准GB16180全文", "GB/T 16180"),
        ("社会保险法第五十八条，显示全文", "社会保险法"),
        ("实施《中华人民共和国社会保险法》若干规定", "人社部令第13号"),
        ("涯想看工伤条例全文", "国务院令第586号"),
        ("请问广东省失业保险条例的全文可以在哪里查阅", "广东省失业保险条例"),
        ("打官司律师叫我搵齐，广东工伤保险条例而家有效嗰版", "广东省工伤保险条例"),
        ("延迟退休的文件给我发一个", "关于实施渐进式延迟法定退休年龄的决定"),
        ("有冇二〇二四延迟退休嘅国务院决定", "关于实施渐进式延迟法定退休年龄的决定"),
        ("找一份2019年关于降低社保费率的综合方案原文", "国办发〔2019〕13号"),
        ("医保共济的实施细则链接", "粤府办〔2021〕56号"),
        ("外卖骑手职业伤害保障的通知原文找给我", "人社部发〔2025〕24号"),
        ("惠州 灵活就业 社保 通知 文号", "粤人社规〔2026〕14号"),
        ("惠州今年缴费基数的通知发我", "粤人社发〔2025〕32号"),
        ("失业金标准的通知给一份", "粤府函〔2026〕188号"),
        ("遗属待遇省里规定是哪个文", "人社部发〔2021〕18号"),
        ("生育保险与职工医保合并实施的意见哪里看", "国办发〔2019〕10号"),
        ("关于产假的规定在哪份文件里", "国务院令第619号"),
        ("病残津贴暂行办法哪里有", "人社部发〔2024〕72号"),
        ("断保等待期", "国办发〔2024〕38号"),
        ("惠州市城乡居民医保实施办法原文", "国发〔2016〕3号"),
        ("我要找社保卡的管理办法原文", "人社部发〔2011〕47号"),
        ("跨省转医保的文件在哪看", "医保办发〔2021〕43号"),
        ("国务院619号令和工伤认定办法原文", "国务院令第619号"),
    ] {
        let found = library.search(words);
        let first = found.documents.first().map(|document| document.number.clone().or_else(|| document.title.clone()).unwrap_or_default());
        if first.as_deref() != Some(number_or_title) {
            missed.push((words, number_or_title, first));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_is_not_in_the_library_is_not_made_up() {
    let library = library();
    let mut wrong = Vec::new();
    for words in [
        "国发〔1997〕26号文件内容是什么",
        "劳社部第18号令",
        "国务院259号令",
        "民办教师教龄补助的红头文件",
        "医保药品目录在哪下载",
        "今天天气",
    ] {
        let found = library.search(words);
        if !found.documents.is_empty() || !found.said {
            wrong.push((words, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn words_that_do_not_say_which_are_asked_back() {
    let library = library();
    let mut wrong = Vec::new();
    for words in
        ["找一份红头文件", "文件原文在哪看", "看原文", "几号文来着", "最新公报有没", "社保新文件在哪看", "请推送本市最新印发的社保政策文件"]
    {
        let found = library.search(words);
        if found.said || !found.documents.is_empty() {
            wrong.push((words, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Changes one built-in file and returns the faults then found, as lines.
fn faults_after(file: &str, from: &str, to: &str) -> Vec<String> {
    let mut files = built_in();
    let (_, text) = files.iter_mut().find(|(path, _)| path == file).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    *text = text.replacen(from, to, 1);
    load(files).1.iter().map(ToString::to_string).collect()
}

#[test]
fn a_planted_fault_is_named_with_file_and_line() {
    let (library, guide, rules) = ("documents.yaml", "guides/guide.card-loss.yaml", "rules/retirement.yaml");
    let mut missed = Vec::new();
    for (file, from, to, expected) in [
        (
            guide,
            "title: 社会保障卡管理办法",
            "title: 社保卡管理规定",
            "guides/guide.card-loss.yaml:39: the number of the basis 「社保卡管理规定」 is that of 《社会保障卡管理办法》",
        ),
        (
            guide,
            "人社部发〔2011〕47号",
            "人社部发〔2011〕74号",
            "guides/guide.card-loss.yaml:39: the basis 「社会保障卡管理办法」（人社部发〔2011〕74号） is no document of the library",
        ),
        (
            "guides/policy.interruption.yaml",
            "title: 社会保险法,",
            "title: 社会保障法,",
            "guides/policy.interruption.yaml:19: the basis 「社会保障法」 is no document",
        ),
        (
            "guides/policy.interruption.yaml",
            "in-force: 2018-12-29",
            "in-force: 2018-12-28",
            "guides/policy.interruption.yaml:19: 「社会保险法」 is in force since another day in the library: 2018-12-29",
        ),
        (
            rules,
            "basis: 《社会保险法》第十六条",
            "basis: 《社会保障法》第十六条",
            "rules/retirement.yaml:16: the basis 《社会保障法》 is no document",
        ),
        (rules, "basis: 《社会保险法》第十六条", "basis: 惯例", "rules/retirement.yaml:16: the basis 惯例 names no document"),
        (
            rules,
            "basis: 《社会保险法》第十六条",
            "basis: 粤人社发〔2031〕9号",
            "rules/retirement.yaml:16: a number in the basis 粤人社发〔2031〕9号 is that of no document",
        ),
        (
            library,
            "number: 国务院令第735号",
            "number: 国务院令第765号",
            "the number of 《医疗保障基金使用监督管理条例》 is that of 《社会保险经办条例》 too",
        ),
        (library, "names: [港澳台居民", "names: [工伤条例, 港澳台居民", "「工伤条例」 is 《工伤保险条例》 too"),
        (library, "number: 国发〔1998〕44号", "number: 国发44号", "has the number `国发44号`, which cannot be read"),
        (
            library,
            "topics: [service.human], source: facts/policies.yaml",
            "topics: [service.human], source: ''",
            "《无障碍环境建设法》 has no source",
        ),
        (library, ", replacement: 2026-09-01 起看粤府函〔2026〕188号", "", "2025 年最低工资标准 is repealed and says not by what"),
        (
            library,
            "until: 2026-08-31, state: repealed",
            "until: 2026-08-31, state: in-force",
            "2025 年最低工资标准 is not repealed and has a replacement",
        ),
        (
            library,
            "topics: [service.disclosure]",
            "topics: [service.openness]",
            "《政府信息公开条例》 bears on `service.openness`, which is no topic",
        ),
        (library, "summary: 伤残一到十级怎么评的国家标准。", "summary: ' '", "has no summary"),
        (library, "issuer: null", "isuer: null", "documents.yaml:"),
    ] {
        let faults = faults_after(file, from, to);
        let placed = |fault: &&String| fault.contains(expected) && fault.contains("hint: ") && !fault.contains(".yaml:0:");
        if !faults.iter().any(|fault| placed(&fault)) {
            missed.push((expected, faults));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
