//! The walk from a sign-in page to wherever it leads, as a person with a password takes it.

use crate::browser::Browser;
use crate::page::Page;

const MOST_STEPS: usize = 8;

impl Browser {
    /// Opens an address and signs in; stops at the redirect that leaves the provider, or at the first page that asks for
    /// something else. Allows a consent that is asked for.
    pub async fn sign_in(&self, address: &str, email: &str, password: &str) -> Page {
        let page = self.open(address).await;
        let page = self.enter(page, email, password).await;
        match page.find_form("decision") {
            Some(form) => self.send(&form.press("decision", "allow")).await,
            None => page,
        }
    }

    /// From a sign-in page on: fills in what is asked for, each field once.
    pub async fn enter(&self, mut page: Page, email: &str, password: &str) -> Page {
        let mut answered = false;
        for _ in 0..MOST_STEPS {
            let Some(mut form) = page
                .find_form("password")
                .or_else(|| page.find_form("identifier"))
            else {
                return page;
            };
            if answered {
                return page; // Asked again: it did not work.
            }
            if form.has("identifier") {
                form = form.fill("identifier", email);
            }
            if form.has("password") {
                form = form.fill("password", password);
                answered = true;
            }
            page = self.send(&form).await;
        }
        page
    }
}
