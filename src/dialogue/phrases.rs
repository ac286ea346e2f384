//! The desk's own words.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    domain::{
        id_number::IdFault,
        topic::{Aspect, TopicId},
    },
    services::Refusal,
};

/// `dialogs/phrases.yaml`: the desk's own words. Templates may use `title` where a topic is at hand.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Phrases {
    /// To somebody who comes in.
    pub greeting: String,
    /// Topics offered beside the greeting, and after two misses.
    pub menu: Vec<TopicId>,
    /// Over topics to choose from.
    pub clarify: String,
    /// The choice that none of them fits.
    pub none_of_these: String,
    /// After it was taken.
    pub say_it_otherwise: String,
    /// The text was not understood.
    pub not_understood: String,
    /// The second time in a row.
    pub not_understood_again: String,
    /// Nothing was said.
    pub nothing_said: String,
    /// More than the desk reads.
    pub too_long: String,
    /// 「再说一遍」 before anything was said.
    pub nothing_to_repeat: String,
    /// What was under way is dropped.
    pub dropped: String,
    /// Yes or no where nothing was asked.
    pub nothing_asked: String,
    /// Before an open question is asked again, after another was answered.
    pub back_to: String,
    /// `dialogs/` has changed under a conversation.
    pub changed: String,
    /// The register holds nothing.
    pub nothing_on_file: String,
    /// A register cannot be reached.
    pub unavailable: String,
    /// A register cannot be reached, and what follows is a copy; the template sees `it.as_of` and `it.title`.
    pub copied: String,
    /// What was answered just now is not kept: the store takes nothing.
    pub unkept: String,
    /// Our own fault.
    pub failed: String,
    /// The choice that shows all of a guide.
    pub whole: String,
    /// The choice that asks again what was answered last.
    pub back: String,
    /// The choices that show one side of a guide.
    pub sides: IndexMap<Aspect, String>,
    /// A choice that is not on offer any more.
    pub stale_choice: String,
    /// Proof that nothing asked for.
    pub not_asked_who: String,
    /// A number that is no identity number: not 18 characters.
    pub id_shape: String,
    /// Its date does not exist.
    pub id_date: String,
    /// Its check digit does not hold.
    pub id_check: String,
    /// A number that looks like a case number and is none.
    pub case_number_wrong: String,
    /// A relative's record is asked for; templates may not be used.
    pub own_record_only: String,
    /// The text message with a code: `{{ code }}` and `{{ minutes }}` are filled in.
    pub code_message: String,
    /// The choice that sends another code.
    pub resend: String,
    /// Why a service refuses.
    pub refusals: IndexMap<Refusal, String>,
    /// What is obeyed by its words alone and is no topic of its own, by the name of its flow.
    pub commands: IndexMap<TopicId, Command>,
    /// Words that lead a question in context.
    pub cues: Cues,
}

/// A question that its words ask for wherever they are said: no text is classified as it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Command {
    /// On a button, 15 characters at most.
    pub title: String,
    /// Identity level that its answer needs; 0: anybody may have it.
    pub level: u8,
    /// Any of them in a text asks for it. In normal form.
    pub words: Vec<String>,
}

impl Phrases {
    /// What is wrong with an identity number.
    pub fn id_fault(&self, fault: IdFault) -> &String {
        match fault {
            IdFault::Shape => &self.id_shape,
            IdFault::Date => &self.id_date,
            IdFault::Check => &self.id_check,
        }
    }
}

/// Words by which a text refers to what was said before. In normal form.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Cues {
    /// 「那医保呢」: before …
    pub follow: Vec<String>,
    /// … and behind what is asked of the same kind.
    pub trail: Vec<String>,
    /// 「不对，是去年」
    pub correct: Vec<String>,
    /// 「上一步」: what was answered last is to be asked again.
    pub back: Vec<String>,
    /// 「改一下」 beside the name of a question: it is to be asked again.
    pub change: Vec<String>,
    /// 「都不是」
    pub none: Vec<String>,
    /// 「我叫」, 「姓名」 before a name.
    pub name: Vec<String>,
    /// The same, in a message that corrects a name given before.
    pub rename: Vec<String>,
    /// 「身份证号」 behind a name, before its number.
    pub number: Vec<String>,
    /// Words that no name contains.
    pub no_name: Vec<String>,
    /// 「没收到」, 「重发」 while a code is awaited.
    pub resend: Vec<String>,
    /// 「不是」, 「没」 before the word of an option.
    pub deny: Vec<String>,
    /// 「我妈」: whose record is asked for when it is not one's own.
    pub relatives: Vec<String>,
    /// 「第」, 「选」, 「号」 around the number of a choice.
    pub ordinal: Vec<String>,
}
