//! The program: configuration, database, web server, worker and commands. `main.rs` only parses.

mod cache;
pub mod check;
pub mod commands;
pub mod config;
pub mod database;
pub mod demo;
mod files;
mod forms;
pub mod front;
mod health;
pub mod life;
mod listen;
mod live;
mod middleware;
mod pages;
pub mod post;
pub mod replay;
pub mod router;
pub mod serve;
pub mod state;
pub mod storage;
pub mod telemetry;
pub mod tls;
mod uploads;
pub mod worker;
