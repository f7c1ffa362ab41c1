//! The analysis' API: statistics of a text, kept for the person who asked.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use identity_verify::Token;
use identity_verify::clock::Clock;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::session::lock;

/// Bytes in a text.
const MAX_TEXT: usize = 100_000;
/// Analyses kept per person, and people kept.
const MAX_KEPT: usize = 20;
const MAX_PEOPLE: usize = 1000;
const TOP_WORDS: usize = 8;
const WORDS_PER_MINUTE: usize = 230;

#[derive(Debug, Clone, Serialize)]
struct Analysis {
    id: u64,
    /// Milliseconds since the Unix epoch.
    at: i64,
    /// The beginning of the text.
    excerpt: String,
    #[serde(flatten)]
    statistics: Statistics,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Statistics {
    characters: usize,
    words: usize,
    distinct_words: usize,
    sentences: usize,
    lines: usize,
    longest_word: String,
    /// Tenths of a character.
    average_word_length_tenths: usize,
    reading_seconds: usize,
    top_words: Vec<Frequency>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Frequency {
    word: String,
    count: usize,
}

#[derive(Deserialize)]
struct NewAnalysis {
    text: String,
}

struct Laboratory {
    shelves: Mutex<HashMap<String, VecDeque<Analysis>>>,
    clock: Arc<dyn Clock>,
}

pub(crate) fn router(clock: Arc<dyn Clock>) -> Router {
    let laboratory = Arc::new(Laboratory {
        shelves: Mutex::default(),
        clock,
    });
    Router::new()
        .route("/api/analyses", get(list).post(run).delete(clear))
        .with_state(laboratory)
}

async fn list(State(laboratory): State<Arc<Laboratory>>, token: Token) -> Json<Value> {
    let shelves = lock(&laboratory.shelves);
    let mine = shelves.get(&shelf_of(&token)).into_iter().flatten();
    Json(json!({"analyses": mine.rev().collect::<Vec<_>>()}))
}

async fn run(
    State(laboratory): State<Arc<Laboratory>>,
    token: Token,
    Json(new): Json<NewAnalysis>,
) -> (StatusCode, Json<Value>) {
    let text = new.text.trim();
    if text.is_empty() || text.len() > MAX_TEXT {
        return refused(StatusCode::BAD_REQUEST, "A text has 1 to 100000 bytes.");
    }
    let statistics = Statistics::of(text);
    let at = laboratory.clock.now();
    let mut shelves = lock(&laboratory.shelves);
    if shelves.len() >= MAX_PEOPLE && !shelves.contains_key(&shelf_of(&token)) {
        return refused(
            StatusCode::INSUFFICIENT_STORAGE,
            "There is no room for another person.",
        );
    }
    let shelf = shelves.entry(shelf_of(&token)).or_default();
    let id = shelf.back().map_or(1, |last| last.id + 1);
    let excerpt = text.chars().take(120).collect();
    let analysis = Analysis {
        id,
        at,
        excerpt,
        statistics,
    };
    let created = Json(json!(analysis));
    shelf.push_back(analysis);
    if shelf.len() > MAX_KEPT {
        shelf.pop_front();
    }
    (StatusCode::CREATED, created)
}

async fn clear(State(laboratory): State<Arc<Laboratory>>, token: Token) -> StatusCode {
    lock(&laboratory.shelves).remove(&shelf_of(&token));
    StatusCode::NO_CONTENT
}

/// What somebody analyses in one organization is not shown to them in another.
fn shelf_of(token: &Token) -> String {
    let organization = token
        .organization()
        .map_or("", |organization| organization.id);
    format!("{organization}/{}", token.subject())
}

fn refused(status: StatusCode, why: &str) -> (StatusCode, Json<Value>) {
    (status, Json(json!({"error": why})))
}

impl Statistics {
    fn of(text: &str) -> Self {
        let words: Vec<String> = words(text).collect();
        let mut counts = BTreeMap::<&str, usize>::new();
        for word in &words {
            *counts.entry(word).or_default() += 1;
        }
        let letters: usize = words.iter().map(|word| word.chars().count()).sum();
        let longest = words.iter().max_by_key(|word| word.chars().count());
        let mut top: Vec<Frequency> = counts
            .iter()
            .map(|(word, count)| Frequency {
                word: (*word).to_owned(),
                count: *count,
            })
            .collect();
        top.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.word.cmp(&b.word)));
        top.truncate(TOP_WORDS);
        Self {
            characters: text.chars().count(),
            words: words.len(),
            distinct_words: counts.len(),
            sentences: sentences(text),
            lines: text.lines().count(),
            longest_word: longest.cloned().unwrap_or_default(),
            average_word_length_tenths: (letters * 10).checked_div(words.len()).unwrap_or(0),
            reading_seconds: (words.len() * 60).div_ceil(WORDS_PER_MINUTE),
            top_words: top,
        }
    }
}

/// Runs of letters and digits, with apostrophes and hyphens inside, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
        .map(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        })
        .filter(|word| !word.is_empty())
}

/// Stretches with a word in them that end with a mark or with the text.
fn sentences(text: &str) -> usize {
    text.split(['.', '!', '?', '…'])
        .filter(|part| part.contains(char::is_alphanumeric))
        .count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Statistics;

    #[test]
    fn a_text_is_counted() {
        let statistics = Statistics::of("The cat sat. The dog didn't!\nWell-known: the END?");
        assert_eq!((statistics.words, statistics.distinct_words), (9, 7));
        assert_eq!((statistics.sentences, statistics.lines), (3, 2));
        assert_eq!(statistics.longest_word, "well-known");
        assert_eq!(statistics.top_words[0].word, "the");
        assert_eq!(statistics.top_words[0].count, 3);
        assert_eq!(statistics.average_word_length_tenths, 41);
        assert_eq!(statistics.reading_seconds, 3);
    }

    #[test]
    fn a_text_without_words_has_no_average() {
        let statistics = Statistics::of("… -- !!");
        assert_eq!(
            (statistics.words, statistics.average_word_length_tenths),
            (0, 0)
        );
        assert_eq!((statistics.sentences, statistics.reading_seconds), (0, 0));
    }

    proptest! {
        #[test]
        fn counting_never_panics_and_adds_up(text in "\\PC{0,200}") {
            let statistics = Statistics::of(&text);
            prop_assert!(statistics.distinct_words <= statistics.words);
            prop_assert!(statistics.top_words.iter().map(|top| top.count).sum::<usize>() <= statistics.words);
        }
    }
}
