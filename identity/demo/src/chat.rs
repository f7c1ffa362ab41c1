//! The chat's API: messages of one's organization. The layer in front has checked the token; what may
//! be done follows from what the token says.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use identity_verify::clock::Clock;
use identity_verify::{Challenge, Token};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::session::{Names, lock};

/// Characters in a message.
const MAX_TEXT: usize = 2000;
/// Messages kept per organization, and organizations kept.
const MAX_MESSAGES: usize = 200;
const MAX_ROOMS: usize = 1000;

#[derive(Debug, Clone, Serialize)]
struct Message {
    id: u64,
    sub: String,
    name: String,
    text: String,
    /// Milliseconds since the Unix epoch.
    at: i64,
}

#[derive(Deserialize)]
struct NewMessage {
    text: String,
}

struct Chat {
    rooms: Mutex<HashMap<String, Room>>,
    names: Arc<Names>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Room {
    messages: VecDeque<Message>,
    next_id: u64,
}

pub(crate) fn router(names: Arc<Names>, clock: Arc<dyn Clock>) -> Router {
    let chat = Arc::new(Chat {
        rooms: Mutex::default(),
        names,
        clock,
    });
    Router::new()
        .route("/api/messages", get(list).post(post).delete(clear))
        .with_state(chat)
}

async fn list(State(chat): State<Arc<Chat>>, token: Token) -> Json<Value> {
    let rooms = lock(&chat.rooms);
    let messages = rooms.get(room_of(&token)).map(|room| &room.messages);
    Json(json!({"messages": messages.into_iter().flatten().collect::<Vec<_>>()}))
}

async fn post(
    State(chat): State<Arc<Chat>>,
    token: Token,
    Json(new): Json<NewMessage>,
) -> (StatusCode, Json<Value>) {
    let text = new.text.trim();
    if text.is_empty() || text.chars().count() > MAX_TEXT {
        return refused(
            StatusCode::BAD_REQUEST,
            "A message has 1 to 2000 characters.",
        );
    }
    let sub = token.subject().to_owned();
    let (name, at) = (chat.names.of(&sub), chat.clock.now());
    let mut rooms = lock(&chat.rooms);
    if rooms.len() >= MAX_ROOMS && !rooms.contains_key(room_of(&token)) {
        return refused(
            StatusCode::INSUFFICIENT_STORAGE,
            "There is no room for another organization.",
        );
    }
    let room = rooms.entry(room_of(&token).to_owned()).or_default();
    room.next_id += 1;
    let message = Message {
        id: room.next_id,
        sub,
        name,
        text: text.to_owned(),
        at,
    };
    let created = Json(json!(message));
    room.messages.push_back(message);
    if room.messages.len() > MAX_MESSAGES {
        room.messages.pop_front();
    }
    (StatusCode::CREATED, created)
}

async fn clear(State(chat): State<Arc<Chat>>, token: Token) -> Result<StatusCode, Challenge> {
    token.require_role("admin")?;
    lock(&chat.rooms).remove(room_of(&token));
    Ok(StatusCode::NO_CONTENT)
}

/// People see their organization's messages only; without an organization there is a common room.
fn room_of(token: &Token) -> &str {
    token
        .organization()
        .map_or("", |organization| organization.id)
}

fn refused(status: StatusCode, why: &str) -> (StatusCode, Json<Value>) {
    (status, Json(json!({"error": why})))
}
