//! Passwords are hashed in a pool of their own: few threads, little memory, a short queue. Token and session paths never wait for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use identity_domain::credential::password_hash::{
    Arena, HashError, HashParameters, Normalized, PasswordHash,
};
use identity_domain::failure::{Failure, Fault};
use identity_domain::ports::Entropy;
use tokio::sync::{mpsc, oneshot};

/// Work for one hashing thread.
type Task = Box<dyn FnOnce(&mut Arena) + Send>;

/// The queue is full: answer 503 with `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overloaded;

impl From<Overloaded> for Fault {
    fn from(_: Overloaded) -> Self {
        Self::busy("the hashing queue is full")
    }
}

impl<R> From<Overloaded> for Failure<R> {
    fn from(overloaded: Overloaded) -> Self {
        Self::Fault(overloaded.into())
    }
}

/// The bounded pool. `threads × memory` is all the memory passwords ever take.
#[derive(Clone)]
pub struct HashingPool {
    queue: mpsc::Sender<Task>,
    waiting: Arc<AtomicUsize>,
    taken: Arc<AtomicU64>,
    parameters: HashParameters,
    entropy: Arc<dyn Entropy>,
    decoy: Arc<PasswordHash>,
}

impl HashingPool {
    /// Starts `threads` threads with a queue of `depth`.
    ///
    /// # Errors
    /// When the parameters are out of range or a thread cannot be started.
    pub fn start(
        threads: usize,
        depth: usize,
        parameters: HashParameters,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, HashError> {
        let (queue, tasks) = mpsc::channel::<Task>(depth.max(1));
        let tasks = Arc::new(std::sync::Mutex::new(tasks));
        for number in 0..threads.max(1) {
            let tasks = Arc::clone(&tasks);
            std::thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || {
                    let mut arena = Arena::default();
                    loop {
                        let next = match tasks.lock() {
                            Ok(mut tasks) => tasks.blocking_recv(),
                            Err(_) => return,
                        };
                        match next {
                            Some(task) => task(&mut arena),
                            None => return,
                        }
                    }
                })
                .map_err(|_| HashError::Parameters)?;
        }
        let decoy = Arc::new(Self::decoy(parameters, entropy.as_ref())?);
        Ok(Self {
            queue,
            waiting: Arc::default(),
            taken: Arc::default(),
            parameters,
            entropy,
            decoy,
        })
    }

    /// A hash nobody knows the password of: it is verified for unknown accounts, so that they cost the same time (PWD-01).
    fn decoy(parameters: HashParameters, entropy: &dyn Entropy) -> Result<PasswordHash, HashError> {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD_NO_PAD as B64;
        let mut bytes = [0_u8; 48];
        entropy.fill(&mut bytes);
        let (salt, hash) = bytes.split_at(16);
        let HashParameters {
            memory_kib,
            passes,
            lanes,
        } = parameters;
        PasswordHash::parse(&format!(
            "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${}${}",
            B64.encode(salt),
            B64.encode(hash)
        ))
    }

    /// Passwords being hashed or waiting.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Passwords hashed since the start: known and unknown accounts cost as many (PWD-01).
    pub fn hashed(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Whether `password` is the one of `hash`; `None` stands for an account without a password and always costs a verification and fails.
    ///
    /// # Errors
    /// [`Overloaded`] when the queue is full.
    pub async fn verify(
        &self,
        password: Option<Normalized>,
        hash: Option<PasswordHash>,
    ) -> Result<bool, Overloaded> {
        let known = hash.is_some() && password.is_some();
        let hash = hash.unwrap_or_else(|| (*self.decoy).clone());
        let password = password.or_else(|| Normalized::of(&"".into()));
        self.run(move |arena| {
            password.is_some_and(|password| hash.verify(&password, arena).unwrap_or(false))
        })
        .await
        .map(|matches| matches && known)
    }

    /// A new hash under the parameters in force.
    ///
    /// # Errors
    /// [`Overloaded`] when the queue is full.
    pub async fn create(&self, password: Normalized) -> Result<PasswordHash, Overloaded> {
        let (parameters, entropy) = (self.parameters, Arc::clone(&self.entropy));
        self.run(move |arena| PasswordHash::create(&password, parameters, entropy.as_ref(), arena))
            .await?
            .map_err(|_| Overloaded)
    }

    /// Whether any of `hashes` is a hash of `password`: the history rule.
    ///
    /// # Errors
    /// [`Overloaded`] when the queue is full.
    pub async fn any_matches(
        &self,
        password: Normalized,
        hashes: Vec<PasswordHash>,
    ) -> Result<bool, Overloaded> {
        self.run(move |arena| {
            hashes
                .iter()
                .any(|hash| hash.verify(&password, arena).unwrap_or(false))
        })
        .await
    }

    /// Whether a stored hash is weaker than a new one would be.
    pub fn needs_rehash(&self, hash: &PasswordHash) -> bool {
        hash.needs_rehash(self.parameters)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Arena) -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        let (answer, answered) = oneshot::channel();
        let (waiting, taken) = (Arc::clone(&self.waiting), Arc::clone(&self.taken));
        let task: Task = Box::new(move |arena| {
            // A caller that gave up must not cost a hash.
            if !answer.is_closed() {
                taken.fetch_add(1, Ordering::Relaxed);
                let _ = answer.send(work(arena));
            }
            waiting.fetch_sub(1, Ordering::Relaxed);
        });
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if self.queue.try_send(task).is_err() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Overloaded);
        }
        answered.await.map_err(|_| Overloaded)
    }
}
