//! The index in memory: tantivy weighs what the documents say.

use tantivy::{
    Index, IndexReader, ReloadPolicy, Score, TantivyDocument, TantivyError, Term,
    collector::TopDocs,
    directory::RamDirectory,
    query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token},
};

/// Bytes that the writer may hold; tantivy refuses less than 15 MB for a thread, and this one has none.
const BUDGET: usize = 15_000_000;
/// A name counts so much more than what is said of the document.
const NAME: Score = 3.0;
/// Of the terms looked for, a document has at least so many tenths.
const SHARE: usize = 6;
/// A document with less than this part of the best score is left out.
const NEAR: Score = 0.5;

/// Documents by what they say, in the order they were put in.
pub(super) struct Shelf {
    reader: IndexReader,
    name: Field,
    text: Field,
}

impl Shelf {
    /// `documents`: the terms of each one's names, and of what is said of it.
    pub(super) fn new(documents: impl Iterator<Item = (Vec<String>, Vec<String>)>) -> Result<Self, TantivyError> {
        let indexed = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexed);
        let mut schema = Schema::builder();
        let (name, text) = (schema.add_text_field("name", options.clone()), schema.add_text_field("text", options));
        // One segment, written without threads: document numbers are places.
        let mut writer = Index::builder().schema(schema.build()).single_segment_index_writer(RamDirectory::create(), BUDGET)?;
        for (names, texts) in documents {
            let mut document = TantivyDocument::new();
            document.add_pre_tokenized_text(name, tokens(&names));
            document.add_pre_tokenized_text(text, tokens(&texts));
            writer.add_document(document)?;
        }
        let reader = writer.finalize()?.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { reader, name, text })
    }

    /// Places of the documents that say most of `terms`, best first, `most` at most.
    pub(super) fn search(&self, terms: &[String], most: usize) -> Vec<usize> {
        if terms.is_empty() {
            return Vec::new();
        }
        let clauses = terms.iter().map(|term| self.clause(term)).collect();
        let query = BooleanQuery::union_with_minimum_required_clauses(clauses, (terms.len() * SHARE).div_ceil(10));
        match self.reader.searcher().search(&query, &TopDocs::with_limit(most).order_by_score()) {
            Ok(hits) => {
                let best = hits.first().map_or(0.0, |(score, _)| *score);
                hits.into_iter().filter(|(score, _)| *score >= best * NEAR).map(|(_, place)| place.doc_id as usize).collect()
            }
            Err(error) => {
                tracing::error!(%error, "the index of documents could not be read");
                Vec::new()
            }
        }
    }

    /// A term, or two thirds of the pairs it consists of: a document may say it as part of a longer word.
    fn clause(&self, term: &str) -> Box<dyn Query> {
        let pairs: Vec<String> = pairs(term).collect();
        let one = |term: &str| -> Box<dyn Query> {
            let exact = |field| TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
            let named = BoostQuery::new(Box::new(exact(self.name)), NAME);
            Box::new(DisjunctionMaxQuery::new(vec![Box::new(named), Box::new(exact(self.text))]))
        };
        if pairs.len() < 2 {
            return one(term);
        }
        let most = (pairs.len() * 2).div_ceil(3);
        let all = std::iter::once(one(term)).chain(pairs.iter().map(|pair| one(pair))).collect();
        Box::new(BooleanQuery::union_with_minimum_required_clauses(all, most))
    }
}

/// The terms of a field, and the pairs within each.
fn tokens(terms: &[String]) -> PreTokenizedString {
    let long = |term: &&String| term.chars().nth(2).is_some();
    let all = terms.iter().cloned().chain(terms.iter().filter(long).flat_map(|term| pairs(term).collect::<Vec<_>>()));
    let tokens = all.enumerate().map(|(position, text)| Token { position, text, ..Token::default() }).collect();
    PreTokenizedString { text: String::new(), tokens }
}

/// Characters side by side.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = String> {
    text.chars().zip(text.chars().skip(1)).map(|(one, other)| format!("{one}{other}"))
}
