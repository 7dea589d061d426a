//! The module that wakes the islands of a page. Each crate with islands is named here, because
//! the linker drops what nothing names.

use accounts as _;
use pledges as _;
use projects as _;
use rewards as _;
use ui as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by `public/boot.js` before it wakes the islands one by one.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
