//! Tests of the whole server over HTTP, each on a database of its own.
//!
//! They need a PostgreSQL in `DATABASE_URL` whose user may create databases:
//! `cargo xtask with-database -- cargo nextest run --package server`.

mod harness;

mod accounts;
mod admin;
mod bad_input;
mod books;
mod bounces;
mod browse;
mod changes;
mod charging;
mod checkout;
mod config;
mod crashes;
mod crowds;
mod deadlines;
mod deposits;
mod disputes;
mod drafts;
mod forms;
mod functions;
mod getting_in;
mod guards;
mod guessing;
mod links;
mod live;
mod mail;
mod markup;
mod members;
mod migrations;
mod notifications;
mod odd_input;
mod origin;
mod outage;
mod pages;
mod passkeys;
mod paying_by_transfer;
mod pictures;
mod pledges;
mod portraits;
mod public_books;
mod reconciliation;
mod refunds;
mod replay;
mod reseal;
mod retries;
mod review;
mod routes;
mod settlement;
mod shipping;
mod storage;
mod through;
mod transfers;
mod webhooks;
